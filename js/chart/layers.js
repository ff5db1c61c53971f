// What uPlot does not draw: bands below the lines; values without a neighbour, thresholds and fire points above them.

import { colorOf } from "./colors.js";
import { drawMarks } from "./marks.js";

const BAND_OPACITY = 0.17;

/** The band of each curve that has one, and the values behind a smoothed line, below all lines. */
export function drawBands(plot, { figure, shown, colors }) {
  inside(plot, (context) => {
    context.globalAlpha = BAND_OPACITY;
    context.lineWidth = devicePixelRatio;
    for (const curve of shown) {
      context.fillStyle = context.strokeStyle = colorOf(colors, curve.color);
      if (curve.raw) context.stroke(linePath(plot, figure.x, curve.raw));
      if (!curve.low) continue;
      for (const [from, to] of stretches(curve)) context.fill(bandPath(plot, figure.x, curve, from, to));
    }
  });
}

/** A value between two gaps has no line that leads to it: it is a point. */
export function drawLonely(plot, { figure, shown, colors }) {
  inside(plot, (context) => {
    for (const { y, color } of shown) {
      context.fillStyle = colorOf(colors, color);
      for (const index of lonely(y)) dot(plot, context, figure.x[index], y[index], 2.2);
    }
  });
}

/** Thresholds and fire points, above all lines. */
export function drawAbove(plot, chart) {
  inside(plot, (context) => drawMarks(plot, chart, context));
}

/** Draw clipped to the plotting area, and leave the canvas as it was. */
function inside(plot, draw) {
  const { ctx: context, bbox } = plot;
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  context.clip();
  draw(context);
  context.restore();
}

function linePath(plot, x, y) {
  const path = new Path2D();
  let isBroken = true;
  for (let index = 0; index < x.length; index++) {
    if (Number.isNaN(y[index])) continue;
    if (y[index] === Infinity) {
      isBroken = true;
      continue;
    }
    const place = [plot.valToPos(x[index], "x", true), plot.valToPos(y[index], "y", true)];
    if (isBroken) path.moveTo(...place);
    else path.lineTo(...place);
    isBroken = false;
  }
  return path;
}

function bandPath(plot, x, { low, high }, from, to) {
  const path = new Path2D();
  const point = (index, values) =>
    path.lineTo(plot.valToPos(x[index], "x", true), plot.valToPos(values[index], "y", true));
  for (let index = from; index <= to; index++) if (Number.isFinite(high[index])) point(index, high);
  for (let index = to; index >= from; index--) if (Number.isFinite(low[index])) point(index, low);
  path.closePath();
  return path;
}

/** Index ranges [from, to] of a band, broken where its line breaks. */
function stretches({ y, low }) {
  const found = [];
  let from = -1;
  let to = -1;
  for (let index = 0; index < y.length; index++) {
    if (y[index] === Infinity) {
      if (from >= 0) found.push([from, to]);
      from = -1;
    } else if (Number.isFinite(low[index])) {
      if (from < 0) from = index;
      to = index;
    }
  }
  if (from >= 0) found.push([from, to]);
  return found;
}

function lonely(y) {
  const found = [];
  let before = Infinity; // the value before this one, NaN left out
  let candidate = -1;
  for (let index = 0; index < y.length; index++) {
    const value = y[index];
    if (Number.isNaN(value)) continue;
    if (value === Infinity) {
      if (candidate >= 0) found.push(candidate);
      candidate = -1;
    } else {
      candidate = before === Infinity ? index : -1;
    }
    before = value;
  }
  if (candidate >= 0) found.push(candidate);
  return found;
}

function dot(plot, context, x, y, radius) {
  context.beginPath();
  context.arc(plot.valToPos(x, "x", true), plot.valToPos(y, "y", true), radius * devicePixelRatio, 0, 2 * Math.PI);
  context.fill();
}
