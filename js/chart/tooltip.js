// The box beside the crosshair: where it is, and the curves nearest to the pointer with their exact values.

import { colorOf, isDashed } from "./colors.js";
import { duration } from "./ticks.js";

const MOST = 12; // curves listed

export class Tooltip {
  constructor(parent) {
    this.element = document.createElement("div");
    this.element.className = "chart-tip";
    this.element.hidden = true;
    parent.append(this.element);
  }

  hide() {
    this.element.hidden = true;
  }

  /** `pointer` is in pixels of the plotting area. */
  show(plot, { figure, shown, colors }, pointer) {
    const x = plot.posToVal(pointer.left, "x");
    const found = readings(figure.x, shown, x, plot.scales.x);
    if (!found.length) return this.hide();
    const distance = ({ y }) => Math.abs(plot.valToPos(y, "y") - pointer.top);
    const nearest = found.reduce((best, one) => (distance(one) < distance(best) ? one : best));
    const listed = around(found.sort((a, b) => b.y - a.y), nearest);
    const head = document.createElement("div");
    head.className = "chart-tip-head";
    head.textContent = describeX(nearest.x, figure);
    const rows = listed.map((one) => row(one, colors, one === nearest));
    const more = document.createElement("div");
    more.className = "chart-tip-head";
    if (found.length > listed.length) {
      more.textContent = interpolate(gettext("and %s more"), [found.length - listed.length]);
    }
    this.element.replaceChildren(head, ...rows, ...(more.textContent ? [more] : []));
    this.#place(plot, pointer);
  }

  #place(plot, { left, top }) {
    this.element.hidden = false;
    const box = plot.over.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const roomRight = innerWidth - (box.left + left) - 24;
    const x = width <= roomRight ? box.left + left + 14 : box.left + left - width - 14;
    const y = Math.min(Math.max(8, box.top + top - height / 2), innerHeight - height - 8);
    this.element.style.translate = `${Math.max(8, x)}px ${y}px`;
  }
}

/** For each curve its value nearest to x, unless that is far away. */
function readings(xs, shown, x, scale) {
  const reach = (scale.max - scale.min) / 30;
  return shown.flatMap((curve) => {
    const index = nearestValue(xs, curve.y, x);
    if (index < 0 || Math.abs(xs[index] - x) > reach) return [];
    return [{ ...curve, x: xs[index], y: curve.y[index], low: curve.low?.[index], high: curve.high?.[index] }];
  });
}

function nearestValue(xs, y, x) {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] < x) low = middle + 1;
    else high = middle;
  }
  let after = low;
  let before = low - 1;
  while (after < xs.length && !Number.isFinite(y[after])) after++;
  while (before >= 0 && !Number.isFinite(y[before])) before--;
  if (after >= xs.length) return before;
  if (before < 0) return after;
  return xs[after] - x < x - xs[before] ? after : before;
}

/** At most MOST of the sorted readings, with the nearest among them. */
function around(sorted, nearest) {
  const start = Math.min(Math.max(0, sorted.indexOf(nearest) - MOST / 2), Math.max(0, sorted.length - MOST));
  return sorted.slice(start, start + MOST);
}

function row({ label, color, y, low, high }, colors, isNearest) {
  const element = document.createElement("div");
  element.className = isNearest ? "chart-tip-row nearest" : "chart-tip-row";
  const name = document.createElement("span");
  name.textContent = label;
  const value = document.createElement("b");
  value.textContent = exact(y);
  element.append(swatch(colorOf(colors, color), isDashed(color)), name, value);
  if (isNearest && Number.isFinite(low) && Number.isFinite(high) && low < high) {
    const range = document.createElement("small");
    range.textContent = `${exact(low)} – ${exact(high)}`;
    element.append(range);
  }
  return element;
}

/** The little piece of a curve in front of its name. */
export function swatch(color, dashed) {
  const element = document.createElement("i");
  element.className = dashed ? "chart-swatch dashed" : "chart-swatch";
  element.style.color = color;
  return element;
}

function describeX(x, { xKind, xLabel }) {
  if (xKind === "time") return new Date(x * 1000).toLocaleString(document.documentElement.lang || undefined);
  return `${xLabel} ${xKind === "duration" ? duration(x, 1) : exact(x)}`;
}

/** Seven digits that count; a whole number with all of its own. */
function exact(value) {
  return Number.isInteger(value) ? value.toLocaleString(document.documentElement.lang || undefined) : String(Number(value.toPrecision(7)));
}
