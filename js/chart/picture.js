// The chart as a PNG to keep: title, plot and names, on the page's own background.

import { colorOf, isDashed } from "./colors.js";

const MARGIN = 16;
const TITLE = 34;
const ROW = 20;

/** Offers the picture for download under the figure's title. */
export async function downloadPicture(plot, { figure, colors }) {
  const canvas = picture(plot, figure, colors);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${(figure.title || "chart").replace(/[^\p{L}\p{N}._-]+/gu, "-")}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function picture(plot, figure, colors) {
  const ratio = devicePixelRatio;
  const canvas = document.createElement("canvas");
  const width = plot.width + 2 * MARGIN;
  const context = canvas.getContext("2d");
  const names = arrange(context, figure.curves, width, colors);
  const rows = names.length ? names.at(-1).row + 1 : 0;
  canvas.width = width * ratio;
  canvas.height = (TITLE + plot.height + rows * ROW + MARGIN) * ratio;
  context.fillStyle = colors.surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(plot.ctx.canvas, MARGIN * ratio, TITLE * ratio);
  context.scale(ratio, ratio);
  context.textBaseline = "middle";
  context.fillStyle = colors.text;
  context.font = `600 13.5px ${colors.font}`;
  context.fillText(figure.title, MARGIN, TITLE / 2 + 2);
  context.font = `12px ${colors.font}`;
  for (const { label, color, left, row } of names) {
    const middle = TITLE + plot.height + ROW * (row + 0.5);
    context.strokeStyle = colorOf(colors, color);
    context.lineWidth = 3;
    context.setLineDash(isDashed(color) ? [4, 3] : []);
    context.beginPath();
    context.moveTo(left, middle);
    context.lineTo(left + 12, middle);
    context.stroke();
    context.fillText(label, left + 18, middle);
  }
  return canvas;
}

function arrange(context, curves, width, colors) {
  context.font = `12px ${colors.font}`;
  let left = MARGIN;
  let row = 0;
  return curves.map(({ label, color }) => {
    const wide = 18 + context.measureText(label).width + 14;
    if (left + wide > width - MARGIN && left > MARGIN) {
      left = MARGIN;
      row++;
    }
    const place = { label, color, left, row };
    left += wide;
    return place;
  });
}
