// <chart-board>: a card for every metric the drawn runs have logged, under headings, kept up to date.

import { ask } from "./ask.js";
import { ChartCard } from "./chart_card.js";
import { sectionsOf } from "./sections.js";

const METRICS_EVERY = 3000; // ms between two looks for metrics that are new
const RETRY = 5000; // ms
const MOST_RUNS = 100; // curves of one chart, as in tracking/charts/spec.py
const AT_FIRST = 60; // cards of a section; the others come at the push of a button
const quote = (id) => `"${id.replace(/["\\]/g, "\\$&")}"`;

class ChartBoard extends HTMLElement {
  #cards = new Map(); // "stream metric" → ChartCard
  #sections = new Map(); // name → <details>
  #whole = new Set(); // sections shown to their end
  #streams = null;
  #metricsAskedAt = 0;
  #timer = 0;

  /** `view` holds axis, scale and smoothing; `drawn()` is the list of run ids. */
  connect(view, drawn) {
    Object.assign(this, { view, drawn });
    this.list = this.querySelector("[data-sections]");
    this.template = this.querySelector("[data-card]").content;
    this.sectionTemplate = this.querySelector("[data-section]").content;
    view.addEventListener("change", ({ detail: changed }) => {
      if (changed.has("x") || changed.has("log")) this.#everyCard((card) => card.ask());
      if (changed.has("smooth")) this.#everyCard((card) => card.smooth());
      if (changed.has("charts")) this.#arrange();
    });
    this.#prepareDialog();
  }

  /** Other runs are drawn. */
  async show() {
    this.#everyCard((card) => card.ask());
    await this.#findMetrics();
  }

  /** Runs among the drawn ones logged something. */
  moved() {
    this.#everyCard((card) => card.askAgain());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#findMetrics(), Math.max(0, this.#metricsAskedAt + METRICS_EVERY - Date.now()));
  }

  get #runs() {
    const ids = this.drawn();
    return ids.length ? `${ids.map(quote).join(", ")},` : "";
  }

  #addressOf(metric) {
    const runs = this.#runs;
    if (!runs) return "";
    const scale = this.view.get("log") ? "log" : "linear";
    const query = new URLSearchParams({ metric, runs, x: this.view.get("x"), scale, limit: MOST_RUNS });
    return `${this.dataset.figure}?${query}`;
  }

  #everyCard(act) {
    for (const card of this.#cards.values()) act(card);
    if (this.opened) act(this.opened);
  }

  async #findMetrics() {
    clearTimeout(this.#timer);
    this.#metricsAskedAt = Date.now();
    const runs = this.#runs;
    const streams = runs ? await ask(this.dataset.metrics, { runs }).catch(() => null) : {};
    if (runs !== this.#runs) return; // others are drawn by now
    if (streams) {
      const wanted = this.dataset.streams.split(" ");
      this.#streams = Object.fromEntries(Object.entries(streams).filter(([stream]) => wanted.includes(stream)));
      this.#arrange();
    } else this.#timer = setTimeout(() => this.#findMetrics(), RETRY);
  }

  #arrange() {
    if (!this.#streams) return;
    this.querySelector("[data-skeleton]")?.remove();
    const sections = sectionsOf(this.#streams, this.view.get("charts"));
    const kept = new Set();
    for (const { name, charts } of sections) {
      const section = this.#section(name, sections.length === 1);
      section.querySelector("[data-count]").textContent = charts.length;
      const shown = this.#whole.has(name) ? charts : charts.slice(0, AT_FIRST);
      section.querySelector("[data-more]").hidden = shown.length === charts.length;
      const grid = section.querySelector("[data-grid]");
      place(grid, shown.map((chart) => this.#card(chart, kept).element));
    }
    place(this.list, sections.map(({ name }) => this.#sections.get(name)));
    this.#dropAllBut(kept);
    this.querySelector("[data-no-runs]").hidden = this.#runs !== "";
    this.querySelector("[data-no-charts]").hidden = this.#runs === "" || sections.length > 0;
  }

  #section(name, isOnly) {
    const known = this.#sections.get(name);
    if (known) return known;
    const section = this.sectionTemplate.cloneNode(true).firstElementChild;
    section.querySelector("[data-name]").textContent = name;
    section.open = isOnly || !this.view.ids("fold").includes(name);
    section.querySelector("summary").addEventListener("click", () => {
      const folded = new Set(this.view.ids("fold"));
      if (section.open) folded.add(name); // it is about to close
      else folded.delete(name);
      this.view.set({ fold: [...folded].join(",") });
    });
    section.querySelector("[data-more]").addEventListener("click", () => {
      this.#whole.add(name);
      this.#arrange();
    });
    this.#sections.set(name, section);
    return section;
  }

  #card({ metric, title, stream }, kept) {
    const key = `${stream} ${metric}`;
    kept.add(key);
    if (this.#cards.has(key)) return this.#cards.get(key);
    const element = this.template.cloneNode(true).firstElementChild;
    element.querySelector("[data-title]").textContent = title;
    element.querySelector("[data-title]").title = metric;
    const enlarge = element.querySelector("[data-enlarge]");
    enlarge.setAttribute("aria-label", interpolate(gettext("Enlarge %s"), [title]));
    enlarge.addEventListener("click", () => this.#enlarge(metric, title));
    const card = this.#newCard(element, metric);
    this.#cards.set(key, card);
    return card;
  }

  #newCard(element, metric) {
    return new ChartCard(element, {
      metric,
      address: (name) => this.#addressOf(name),
      smoothing: () => Number(this.view.get("smooth")),
    });
  }

  #dropAllBut(kept) {
    for (const key of [...this.#cards.keys()]) {
      if (!kept.has(key)) this.#cards.delete(key);
    }
  }

  #prepareDialog() {
    this.dialog = this.querySelector("dialog");
    this.dialog.addEventListener("close", () => {
      this.opened = null;
    });
  }

  #enlarge(metric, title) {
    this.dialog.querySelector("[data-title]").textContent = title;
    this.dialog.showModal();
    this.opened = this.#newCard(this.dialog, metric);
  }
}

/** Put exactly these children in this order, moving only what is not in its place: charts keep their drawing. */
function place(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

customElements.define("chart-board", ChartBoard);
