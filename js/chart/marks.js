// A rule's threshold across the plot, and the points where it fired, each with its words.

/** A line's words stand at the end where no point's words are: a live run fires at its newest step. */
export function drawMarks(plot, { figure, colors }, context) {
  const { left, top, width } = plot.bbox;
  const ratio = devicePixelRatio;
  const middle = left + width / 2;
  const placeOf = (x) => plot.valToPos(x, "x", true);
  const hasPointOnTheRight = figure.marks.some(({ x }) => x !== null && placeOf(x) > middle);
  context.font = `600 ${11 * ratio}px ${colors.font}`;
  context.fillStyle = context.strokeStyle = colors.mark;
  for (const { x, y, label } of figure.marks) {
    const height = plot.valToPos(y, "y", true);
    if (x === null) {
      drawLine(context, left, left + width, height, ratio);
      const edge = hasPointOnTheRight ? left + 4 * ratio : left + width - 4 * ratio;
      write(context, label, edge, Math.max(height - 5 * ratio, top + 11 * ratio), !hasPointOnTheRight, colors);
    } else {
      const place = placeOf(x);
      drawPoint(context, place, height, ratio, colors);
      const isRight = place > middle;
      write(context, label, place + (isRight ? -8 : 8) * ratio, height - 8 * ratio, isRight, colors);
    }
  }
}

function drawLine(context, from, to, height, ratio) {
  context.setLineDash([4 * ratio, 3 * ratio]);
  context.lineWidth = 1.2 * ratio;
  context.beginPath();
  context.moveTo(from, height);
  context.lineTo(to, height);
  context.stroke();
  context.setLineDash([]);
}

function drawPoint(context, x, y, ratio, colors) {
  context.beginPath();
  context.arc(x, y, 4 * ratio, 0, 2 * Math.PI);
  context.fill();
  context.save();
  context.lineWidth = 1.5 * ratio;
  context.strokeStyle = colors.surface;
  context.stroke();
  context.restore();
}

/** Text with a border in the page's colour, to be readable on top of lines. */
function write(context, text, x, y, isRightAligned, colors) {
  context.save();
  context.textAlign = isRightAligned ? "right" : "left";
  context.lineWidth = 3 * devicePixelRatio;
  context.lineJoin = "round";
  context.strokeStyle = colors.surface;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
  context.restore();
}
