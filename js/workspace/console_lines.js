// The lines of a console, fetched in blocks as they come into view and again when the console grew.

import { ask } from "./ask.js";

const BLOCK = 250; // lines
const RETRY = 3000; // ms

export class ConsoleLines extends EventTarget {
  #blocks = new Map(); // number of the block → its lines, or null while they are asked for

  constructor(url) {
    super();
    Object.assign(this, { url, count: 0 });
  }

  /** `[text, isError, writtenAt]`, null for a number never written, undefined while it is not here yet. */
  at(number) {
    return this.#blocks.get(Math.floor(number / BLOCK))?.[number % BLOCK];
  }

  /** See to it that these lines are here. */
  want(from, to) {
    for (let block = Math.floor(from / BLOCK); block * BLOCK < to; block++) {
      const known = this.#blocks.get(block);
      const isShort = known && known.length < Math.min(BLOCK, this.count - block * BLOCK); // it has grown since
      if (known === undefined || isShort) this.#fetch(block);
    }
  }

  /** The console moved: lines in view may have been rewritten and there may be more at the end. */
  async again(from, to) {
    for (const block of [...this.#blocks.keys()]) {
      const isInView = block * BLOCK < to && (block + 1) * BLOCK > from;
      if (!isInView) this.#blocks.delete(block); // asked for when it comes into view again
    }
    const last = Math.floor(Math.max(0, this.count - 1) / BLOCK);
    const shown = [...this.#blocks.keys()];
    await Promise.all([...new Set([...shown, last])].map((block) => this.#fetch(block)));
  }

  async search(text) {
    return ask(this.url, { search: text });
  }

  async #fetch(block) {
    if (!this.#blocks.has(block)) this.#blocks.set(block, null);
    try {
      const { total, lines } = await ask(this.url, { start: block * BLOCK, count: BLOCK });
      this.count = total;
      this.#blocks.set(block, lines);
      this.dispatchEvent(new Event("change"));
    } catch {
      setTimeout(() => {
        this.#blocks.delete(block);
        this.dispatchEvent(new Event("change"));
      }, RETRY);
    }
  }
}
