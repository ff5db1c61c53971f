// What uPlot is told about a figure: scales, axes, lines, crosshair and what is drawn below and above the lines.

import uPlot from "uplot";
import { colorOf, isDashed } from "./colors.js";
import { drawAbove, drawBands, drawLonely } from "./layers.js";
import { ticks } from "./ticks.js";

const MANY = 8; // curves; above it lines are 1 px: wider ones are anti-aliased, which takes most of the time of drawing
const TICK_FONT = "11px";
const ROW = 27; // px between y labels, at least
const COLUMN = 60;
const MOST_ROWS = 8; // however large the chart
const MOST_COLUMNS = 12;

/**
 * @param {object} chart - what uPlot asks while it draws: `figure`, `shown` (curves as drawn), `colors`, `limits()`
 * @returns {uPlot.Options}
 */
export function plotOptions(chart, { width, height, onZoom, onReset, onCursor }) {
  const { xKind, yScale, xLabel, curves } = chart.figure;
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 10, 0, 0],
    scales: {
      x: { time: false, range: () => chart.limits().x },
      y: { distr: yScale === "log" ? 3 : 1, range: () => chart.limits().y },
    },
    axes: [xAxis(chart, xKind), yAxis(chart, yScale)],
    series: [{}, ...curves.map((curve) => line(chart, curve, curves.length > MANY ? 1 : 1.6))],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: 4 },
      // Charts over the same x share a crosshair; dragging stays in the chart it began in.
      sync: { key: `${xKind} ${xLabel}`, scales: ["x", null], setSeries: false, filters: { pub: isMove, sub: isMove } },
      bind: { dblclick: () => () => onReset() },
    },
    focus: { alpha: 0.2 },
    hooks: {
      drawAxes: [(plot) => drawBands(plot, chart)],
      draw: [(plot) => drawLonely(plot, chart), (plot) => drawAbove(plot, chart)],
      setCursor: [onCursor],
      setSelect: [
        (plot) => {
          const { left, width: dragged } = plot.select;
          if (dragged <= 0) return;
          const range = [plot.posToVal(left, "x"), plot.posToVal(left + dragged, "x")];
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          onZoom(range);
        },
      ],
    },
  };
}

/** The lines for uPlot: undefined where the line goes on without a value, null where it breaks. */
export function plotData({ figure, shown }) {
  const toPlot = (value) => (Number.isNaN(value) ? undefined : value === Infinity ? null : value);
  return [figure.x, ...shown.map(({ y }) => Array.from(y, toPlot))];
}

export const newPlot = (options, data, parent) => new uPlot(options, data, parent);

const isMove = (type) => type === "mousemove" || type === "mouseleave";

function line(chart, { color }, width) {
  return {
    width,
    stroke: () => colorOf(chart.colors, color),
    dash: isDashed(color) ? [4, 3] : undefined,
    points: { show: false },
    cap: "round",
  };
}

function xAxis(chart, kind) {
  return {
    ...axis(chart, (low, high, size) => ticks(low, high, { kind, count: between(size / COLUMN, MOST_COLUMNS) })),
    size: 26,
    gap: 6,
    grid: { show: false },
  };
}

function yAxis(chart, scale) {
  return {
    ...axis(chart, (low, high, size) => ticks(low, high, { scale, count: between(size / ROW, MOST_ROWS) })),
    size: (plot, labels) => {
      if (!labels) return 32;
      plot.ctx.save();
      plot.ctx.font = `${TICK_FONT} ${chart.colors.font}`;
      const widest = Math.max(0, ...labels.map((label) => plot.ctx.measureText(label).width));
      plot.ctx.restore();
      return Math.ceil(widest) + 14;
    },
    gap: 6,
    grid: { stroke: () => chart.colors.grid, width: 1 },
  };
}

const between = (count, most) => Math.max(2, Math.min(most, Math.floor(count)));

function axis(chart, find) {
  let labels = new Map();
  return {
    stroke: () => chart.colors.ticks,
    font: `${TICK_FONT} ${chart.colors.font}`,
    ticks: { show: false },
    splits: (plot, index, low, high) => {
      const pixels = index === 0 ? plot.bbox.width : plot.bbox.height;
      const found = find(low, high, pixels / devicePixelRatio || 200);
      labels = new Map(found.map(({ value, label }) => [value, label]));
      return [...labels.keys()];
    },
    filter: (plot, splits) => splits, // uPlot would drop labels of a log axis
    values: (plot, splits) => splits.map((value) => labels.get(value) ?? ""),
  };
}
