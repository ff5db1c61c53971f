// Only the rows in view exist: a window that slides over any number of rows of one height.

const BEYOND = 6; // rows kept above and below what is seen, so that scrolling by keyboard always finds the next one

export class VirtualRows {
  #rows = new Map(); // index → element
  #count = 0;
  #frame = 0;

  /**
   * `host` scrolls, `space` inside it is as tall as all rows; `make(index)` returns the element of a row. What can be
   * focused in it carries a `data-key`, by which the focus finds its way back when the rows are made anew.
   */
  constructor(host, space, height, make) {
    Object.assign(this, { host, space, height, make });
    host.addEventListener("scroll", () => this.#soon(), { passive: true });
    new ResizeObserver(() => this.#soon()).observe(host);
  }

  get count() {
    return this.#count;
  }

  /** First index in view and the one after the last. */
  get range() {
    const first = Math.floor(this.host.scrollTop / this.height);
    return [first, Math.min(this.#count, first + Math.ceil(this.host.clientHeight / this.height) + 1)];
  }

  /** There are so many rows now, and those in view have to be made anew. */
  refresh(count = this.#count) {
    this.#count = count;
    this.space.style.height = `${count * this.height}px`;
    const focused = this.space.contains(document.activeElement) ? document.activeElement : null;
    for (const element of this.#rows.values()) element.remove();
    this.#rows.clear();
    this.#draw();
    if (focused) this.focus(focused.localName, focused.dataset.key);
  }

  focus(kind, key) {
    this.space.querySelector(`${kind}[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  }

  scrollTo(index) {
    const top = index * this.height;
    const { scrollTop, clientHeight } = this.host;
    if (top < scrollTop) this.host.scrollTop = top;
    else if (top + this.height > scrollTop + clientHeight) this.host.scrollTop = top + this.height - clientHeight;
    this.#draw();
  }

  #soon() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    const [first, last] = this.range;
    const [from, to] = [Math.max(0, first - BEYOND), Math.min(this.#count, last + BEYOND)];
    for (const [index, element] of this.#rows) {
      if (index < from || index >= to) {
        element.remove();
        this.#rows.delete(index);
      }
    }
    let before = null; // rows stay in order in the document, for the tab key and for screen readers
    for (let index = to - 1; index >= from; index--) {
      const known = this.#rows.get(index);
      const element = known ?? this.#place(index);
      if (!known) this.space.insertBefore(element, before);
      before = element;
    }
    this.host.dispatchEvent(new CustomEvent("rows-shown", { detail: { from, to } }));
  }

  #place(index) {
    const element = this.make(index);
    element.style.top = `${index * this.height}px`;
    this.#rows.set(index, element);
    return element;
  }
}
