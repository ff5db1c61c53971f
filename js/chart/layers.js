// What uPlot does not draw: bands below the lines; values without a neighbour, thresholds and fire points above them.

import { colorOf } from "./colors.js";

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

export function drawMarks(plot, { figure, colors }) {
  if (!figure.marks.length) return;
  inside(plot, (context) => {
    const { left, top, width } = plot.bbox;
    const ratio = devicePixelRatio;
    context.font = `600 ${11 * ratio}px ${colors.font}`;
    context.fillStyle = context.strokeStyle = colors.mark;
    for (const { x, y, label } of figure.marks) {
      const height = plot.valToPos(y, "y", true);
      if (x === null) {
        context.setLineDash([4 * ratio, 3 * ratio]);
        context.lineWidth = 1.2 * ratio;
        context.beginPath();
        context.moveTo(left, height);
        context.lineTo(left + width, height);
        context.stroke();
        write(context, label, left + width - 4 * ratio, Math.max(height - 5 * ratio, top + 11 * ratio), "right", colors);
      } else {
        dot(plot, context, x, y, 4, colors.surface);
        const place = plot.valToPos(x, "x", true);
        const isRight = place > left + width / 2;
        write(context, label, place + (isRight ? -8 : 8) * ratio, height - 8 * ratio, isRight ? "right" : "left", colors);
      }
    }
  });
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

function dot(plot, context, x, y, radius, border = "") {
  context.beginPath();
  context.arc(plot.valToPos(x, "x", true), plot.valToPos(y, "y", true), radius * devicePixelRatio, 0, 2 * Math.PI);
  context.fill();
  if (!border) return;
  context.save();
  context.setLineDash([]);
  context.lineWidth = 1.5 * devicePixelRatio;
  context.strokeStyle = border;
  context.stroke();
  context.restore();
}

/** Text with a border in the page's colour, to be readable on top of lines. */
function write(context, text, x, y, align, colors) {
  context.save();
  context.textAlign = align;
  context.setLineDash([]);
  context.lineWidth = 3 * devicePixelRatio;
  context.lineJoin = "round";
  context.strokeStyle = colors.surface;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
  context.restore();
}
