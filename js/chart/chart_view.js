// The inside of a <line-chart>: plot, message, notes, names and buttons. Knows nothing of addresses and observers.

import { readColors } from "./colors.js";
import { legendOf } from "./legend.js";
import { xLimits, yLimits } from "./limits.js";
import { downloadPicture } from "./picture.js";
import { newPlot, plotData, plotOptions } from "./plot.js";
import { smooth } from "./smoothing.js";
import { number } from "./ticks.js";
import { Tooltip } from "./tooltip.js";
import { toolsOf } from "./tools.js";

const LEAST = 40; // px; a chart that is smaller is not laid out yet
const MANY = 8; // curves; behind more of them the values as logged would be a blur that takes long to draw
const NAMED = 5; // curves whose last value is read aloud

export class ChartView {
  figure = null;
  shown = []; // the curves as drawn: smoothed, and empty where hidden
  colors = null;
  #plot = null;
  #range = null;
  #smoothing = 0;
  #hidden = new Set(); // labels of curves
  #signature = "";
  #limits = null;

  constructor(host, { onZoom, onRetry }) {
    Object.assign(this, { host, onZoom });
    this.field = part("div", "chart-plot", { role: "img", "aria-label": host.getAttribute("label") || gettext("Chart") });
    this.message = part("div", "chart-message", { role: "status", hidden: "" });
    this.notes = part("p", "chart-notes");
    this.names = part("div", "chart-names");
    this.tools = toolsOf(host, {
      onReset: () => onZoom(null),
      onDownload: () => downloadPicture(this.#plot, this),
    });
    this.retry = part("button", "button", { type: "button" });
    this.retry.textContent = gettext("Try again");
    this.retry.addEventListener("click", onRetry);
    host.replaceChildren(this.field, this.message, this.notes, this.names, this.tools.element);
    this.tooltip = new Tooltip(host);
    this.#watchPointer();
  }

  /** Points worth asking for: about one a pixel of the screen. */
  get points() {
    return Math.max(200, Math.round(this.field.clientWidth * Math.min(devicePixelRatio, 2)));
  }

  show(figure, smoothing, range) {
    const { clientWidth: width, clientHeight: height } = this.field;
    if (width < LEAST || height < LEAST) return;
    Object.assign(this, { figure });
    this.#smoothing = smoothing;
    this.#range = range;
    this.#compute();
    this.tools.show({ isZoomed: range !== null, isEmpty: figure.curves.length === 0 });
    const signature = JSON.stringify([figure.xKind, figure.xLabel, figure.yScale, figure.curves.map((c) => c.color)]);
    if (this.#plot && signature === this.#signature) {
      if (this.#plot.width !== width || this.#plot.height !== height) this.#plot.setSize({ width, height });
      this.#plot.setData(plotData(this));
    } else {
      this.#draw(width, height);
      this.#signature = signature;
    }
    this.#tell();
  }

  /** What uPlot's scales are to be. */
  limits() {
    if (this.#limits) return this.#limits;
    const { x: xs, marks, yScale } = this.figure;
    const x = this.#range ?? xLimits(this.figure);
    const isSmoothed = this.#smoothing > 0; // what lies behind a smoothed line does not set the range
    const arrays = this.shown.flatMap(({ y, low, high }) => (low && !isSmoothed ? [y, low, high] : [y]));
    this.#limits = { x, y: yLimits(xs, arrays, marks, yScale, x) };
    return this.#limits;
  }

  recolor() {
    if (!this.#plot) return;
    this.colors = readColors(this.host);
    this.#plot.redraw(false);
    this.#fillNames();
  }

  /** A message in the middle of the chart, "" for none. The curves that were there stay. */
  say(text, isError = false) {
    this.message.hidden = !text;
    this.message.replaceChildren(...(text ? [paragraph(text)] : []), ...(isError ? [this.retry] : []));
    this.host.toggleAttribute("data-failed", isError);
  }

  destroy() {
    this.tooltip.hide();
    this.#plot?.destroy();
    this.#plot = null;
  }

  #compute() {
    const { curves } = this.figure;
    const nothing = new Float64Array(this.figure.x.length).fill(NaN);
    this.shown = curves.map((curve) => {
      if (this.#hidden.has(curve.label)) return { ...curve, y: nothing, low: null, high: null };
      if (!this.#smoothing) return curve;
      const raw = curves.length > MANY || curve.low ? null : curve.y;
      return { ...curve, y: smooth(curve.y, this.#smoothing), raw };
    });
    this.#limits = null;
  }

  #draw(width, height) {
    this.#plot?.destroy();
    this.colors = readColors(this.host);
    const options = plotOptions(this, {
      width,
      height,
      onZoom: this.onZoom,
      onReset: () => this.#range && this.onZoom(null),
      onCursor: (plot) => this.#point(plot),
    });
    this.#plot = newPlot(options, plotData(this), this.field);
  }

  #tell() {
    const { figure } = this;
    const isEmpty = figure.curves.length === 0;
    const label = this.host.getAttribute("label") || figure.title;
    this.field.setAttribute("aria-label", interpolate(gettext("Line chart of %s"), [[label, ...lastValues(figure)].join(", ")]));
    if (!this.host.hasAttribute("data-failed")) {
      this.say(isEmpty ? figure.notes.join("\n") || gettext("There is nothing to draw yet.") : "");
    }
    this.field.toggleAttribute("data-empty", isEmpty);
    this.notes.textContent = isEmpty ? "" : figure.notes.join(" · ");
    this.#fillNames();
  }

  #fillNames() {
    if (!this.host.hasAttribute("legend")) return;
    const { curves } = this.figure;
    const hidden = new Set([...curves.keys()].filter((index) => this.#hidden.has(curves[index].label)));
    const focused = [...this.names.children].indexOf(document.activeElement);
    const names = legendOf(this, hidden, {
      onPoint: (index) => this.#plot.setSeries(index === null ? null : index + 1, { focus: true }),
      onToggle: (index) => this.#toggle(curves[index].label),
    });
    this.names.replaceChildren(...names);
    names[focused]?.focus();
  }

  #toggle(label) {
    if (!this.#hidden.delete(label)) this.#hidden.add(label);
    this.show(this.figure, this.#smoothing, this.#range);
  }

  #watchPointer() {
    this.field.addEventListener("pointerleave", () => this.tooltip.hide());
    addEventListener("scroll", () => this.tooltip.hide(), { passive: true, capture: true });
  }

  /** Other charts move the crosshair of this one too; the box belongs to the chart under the pointer. */
  #point(plot) {
    const { left, top } = plot.cursor;
    if (left >= 0 && this.field.matches(":hover")) this.tooltip.show(plot, this, { left, top });
    else this.tooltip.hide();
  }
}

function lastValues({ curves }) {
  return curves.slice(0, NAMED).map(({ label, y }) => {
    const last = y.findLast(Number.isFinite);
    return last === undefined ? label : `${label} ${number(last)}`;
  });
}

function part(tag, name, attributes = {}) {
  const element = document.createElement(tag);
  element.className = name;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}
