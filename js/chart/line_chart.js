// <line-chart>: draws a Figure of the server (tracking/charts/browser.py) as lines, bands and marks.
//
// Attributes  src      the figure's address; asked for when the chart comes into view, and again for each zoom
//             height   of the plot in pixels (else CSS decides)
//             label    what the chart is called for those who cannot see it (else the figure's title)
//             legend   names below the plot     tools   buttons for full screen and download
// Methods     draw(bytes) instead of src · reload() asks src again and keeps the zoom · resetZoom()
// Properties  figure (decoded) · smoothing (0 … 0.999, on top of what the server did) · range ([start, stop] or null)
// Events      zoom: detail {start, stop}, both null when all is shown again
//
// It keeps its size while it loads, draws only while it is on screen, and follows the page's theme.

import { ChartView } from "./chart_view.js";
import { askForFigure } from "./source.js";
import { decode } from "./wire.js";

class LineChart extends HTMLElement {
  static observedAttributes = ["src", "height", "label"];
  #view = null;
  #figure = null;
  #smoothing = 0;
  #range = null;
  #isSeen = false;
  #isStale = true; // src was not asked yet
  #isDirty = false; // what is on screen is not what should be
  #asking = null;
  #watchers = null;

  connectedCallback() {
    for (const name of ["figure", "smoothing"]) this.#takeOver(name);
    this.#view ??= new ChartView(this, { onZoom: (range) => this.#zoom(range), onRetry: () => this.reload() });
    const seen = new IntersectionObserver(([entry]) => this.#see(entry.isIntersecting), { rootMargin: "200px" });
    const sized = new ResizeObserver(() => this.#update());
    const recolor = () => this.#view.recolor();
    seen.observe(this);
    sized.observe(this);
    document.addEventListener("theme-change", recolor);
    this.#watchers = () => {
      seen.disconnect();
      sized.disconnect();
      document.removeEventListener("theme-change", recolor);
    };
  }

  disconnectedCallback() {
    this.#watchers?.();
    this.#asking?.abort();
    this.#isSeen = false;
    this.#isDirty = true; // it may come back in another place
    this.#view.destroy();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "height") this.style.setProperty("--chart-height", after ? `${parseFloat(after)}px` : null);
    if (name === "src") {
      if (!before || isOtherAxis(before, after)) this.#range = null;
      this.reload();
    }
    if (name === "label") this.#update();
  }

  get figure() {
    return this.#figure;
  }

  set figure(figure) {
    this.#figure = figure;
    this.#update();
  }

  get smoothing() {
    return this.#smoothing;
  }

  set smoothing(weight) {
    const bounded = Math.min(Math.max(Number(weight) || 0, 0), 0.999);
    if (bounded === this.#smoothing) return;
    this.#smoothing = bounded;
    this.#update();
  }

  get range() {
    return this.#range;
  }

  draw(bytes) {
    this.#view?.say("");
    this.figure = decode(bytes);
  }

  /** Resolves when the answer is drawn (or its error shown); at once when the chart is not on screen. */
  async reload() {
    this.#isStale = true;
    if (!this.#isSeen || !this.hasAttribute("src")) return;
    this.#isStale = false;
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.setAttribute("aria-busy", "true");
    try {
      const [start, stop] = this.#range ?? [null, null];
      const width = this.#view.points;
      this.draw(await askForFigure(this.getAttribute("src"), { width, start, stop }, asking.signal));
    } catch (problem) {
      if (!asking.signal.aborted) this.#view.say(problem.message, true);
    }
    if (this.#asking === asking) this.removeAttribute("aria-busy");
  }

  resetZoom() {
    if (this.#range) this.#zoom(null);
  }

  /** A property set on a clone of a <template>, before it became a <line-chart>, would hide the one of the class. */
  #takeOver(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }

  #zoom(range) {
    this.#range = range;
    this.#update(); // what is there, at once; more detail when it arrives
    const [start, stop] = range ?? [null, null];
    this.dispatchEvent(new CustomEvent("zoom", { bubbles: true, detail: { start, stop } }));
    this.reload();
  }

  #see(isSeen) {
    this.#isSeen = isSeen;
    if (!isSeen) return;
    if (this.#isDirty) this.#update();
    if (this.#isStale) this.reload();
  }

  #update() {
    this.#isDirty = true;
    if (!this.#isSeen || !this.#figure) return;
    this.#isDirty = false;
    this.#view.show(this.#figure, this.#smoothing, this.#range);
  }
}

/** Whether a zoom into one address' figure means nothing in the other's. */
function isOtherAxis(before, after) {
  const [was, is] = [before, after ?? ""].map((address) => new URL(address, document.baseURI).searchParams);
  return ["metric", "x"].some((name) => was.get(name) !== is.get(name));
}

customElements.define("line-chart", LineChart);
