// The report beside the editor: asks the server a moment after the last key, and keeps what did not change.

const PAUSE = 350; // ms after the last change

export class Preview {
  #timer = 0;
  #asked = 0;
  #shown = null;
  #sources = []; // of the nodes that are shown, as the server sent them

  /** `read()` must be set to a function that gives the text. */
  constructor(element, url, form) {
    Object.assign(this, { element, url, form });
  }

  change() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.show(), PAUSE);
  }

  async show() {
    const text = this.read();
    if (text === this.#shown) return;
    const question = (this.#asked += 1);
    const body = new URLSearchParams({ text, csrfmiddlewaretoken: this.form.elements.csrfmiddlewaretoken.value });
    try {
      const response = await fetch(this.url, { method: "POST", body, headers: { Accept: "application/json" } });
      const answer = await response.json();
      if (question !== this.#asked) return; // a newer question is on its way
      if (!response.ok) throw new Error(answer.error);
      this.#put(answer.html);
      this.#shown = text;
      this.element.classList.remove("stale");
    } catch {
      if (question === this.#asked) this.element.classList.add("stale"); // what is shown is older than the text
    }
  }

  /** Replaces only what lies between the first and the last difference: charts around it keep their zoom. */
  #put(html) {
    const template = document.createElement("template");
    template.innerHTML = html; // sanitized by the server (reports/html.py)
    const fresh = [...template.content.childNodes];
    const sources = fresh.map((node) => node.outerHTML ?? node.textContent);
    const known = this.#sources;
    const shortest = Math.min(sources.length, known.length);
    let head = 0;
    while (head < shortest && sources[head] === known[head]) head += 1;
    let tail = 0;
    while (tail < shortest - head && sources.at(-1 - tail) === known.at(-1 - tail)) tail += 1;
    const shown = [...this.element.childNodes];
    const after = shown[known.length - tail] ?? null;
    for (const node of shown.slice(head, known.length - tail)) node.remove();
    for (const node of fresh.slice(head, fresh.length - tail)) this.element.insertBefore(node, after);
    this.#sources = sources;
  }
}
