// Do at most so many things at once, in the order they were asked for.

export class Queue {
  #waiting = [];
  #running = 0;

  constructor(width) {
    this.width = width;
  }

  add(work) {
    return new Promise((resolve) => {
      this.#waiting.push(async () => resolve(await work()));
      this.#next();
    });
  }

  async #next() {
    if (this.#running >= this.width || !this.#waiting.length) return;
    this.#running++;
    try {
      await this.#waiting.shift()();
    } finally {
      this.#running--;
      this.#next();
    }
  }
}
