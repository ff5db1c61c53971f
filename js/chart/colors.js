// The colours of a chart, read from the page's CSS: a canvas knows no variables.

const HUES = 10; // --c0 … --c9, equal to tracking/charts/palette.py

/** Every colour a chart on this element needs, as the browser computes it in the theme of now. */
export function readColors(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    curves: Array.from({ length: HUES }, (_, index) => read(`--c${index}`)),
    ticks: read("--chart-fg"),
    grid: read("--chart-grid"),
    mark: read("--chart-mark"),
    surface: read("--surface"),
    text: style.color,
    font: style.fontFamily,
  };
}

export const colorOf = (colors, index) => colors.curves[index % HUES];

/** The second ten are dashed. */
export const isDashed = (index) => index % (2 * HUES) >= HUES;
