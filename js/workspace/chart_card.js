// One chart of one metric: asks for its figure while it is on screen, and again when its runs moved.

import { askForBytes } from "./ask.js";
import { Queue } from "./queue.js";

const AT_LEAST = 1000; // ms between two questions for the same figure
const GRID = 100; // px; widths are rounded up to it, so that a resize by a pixel asks for nothing new
const questions = new Queue(4); // browsers open six connections to a server, others want some

export class ChartCard {
  isSeen = false;
  #isStale = true;
  #isLoading = false;
  #askedAt = 0;
  #timer = 0;
  #drawn = ""; // question and version of what is on the chart

  /** `element` holds a <line-chart>; `query()` is the figure's address without metric and width, null for no run. */
  constructor(element, { metric, url, query }) {
    Object.assign(this, { element, metric, url, query });
    this.chart = element.querySelector("line-chart");
    this.note = element.querySelector("[data-note]");
  }

  /** Another question (runs, axis, smoothing): as soon as the card is on screen. */
  ask() {
    this.#isStale = true;
    clearTimeout(this.#timer);
    if (this.isSeen) this.#load();
  }

  /** The same question, but the answer may have changed: not more than once a second. */
  askAgain() {
    this.#isStale = true;
    if (!this.isSeen || this.#isLoading) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), Math.max(0, this.#askedAt + AT_LEAST - Date.now()));
  }

  see(isSeen) {
    this.isSeen = isSeen;
    if (isSeen && this.#isStale) this.askAgain();
  }

  forget() {
    clearTimeout(this.#timer);
    this.isSeen = false;
  }

  async #load() {
    if (this.#isLoading) return;
    const query = this.query();
    if (!query || !this.isSeen) return;
    this.#isLoading = true;
    this.#isStale = false;
    this.#askedAt = Date.now();
    await questions.add(() => this.#draw({ ...query, metric: this.metric, width: this.#width() }));
    this.#isLoading = false;
    if (this.#isStale) this.askAgain();
  }

  async #draw(query) {
    try {
      const { version, bytes } = await askForBytes(this.url, query);
      const drawn = `${JSON.stringify(query)} ${version}`;
      if (drawn !== this.#drawn) this.chart.draw(bytes);
      this.#drawn = drawn;
      this.note.textContent = "";
    } catch (problem) {
      this.note.textContent = problem.message;
    }
  }

  #width() {
    return Math.max(GRID, Math.ceil(this.chart.clientWidth / GRID) * GRID);
  }
}
