// The YAML of a chart block from the values of a form. Only what differs from the default is written.

export function chartSource({ title, metrics, runs, x, smooth, scale }) {
  const lines = [];
  if (title) lines.push(`title: ${scalar(title)}`);
  if (metrics.length === 1) lines.push(`metric: ${scalar(metrics[0])}`);
  else lines.push(`metrics: [${metrics.map(scalar).join(", ")}]`);
  if (runs) lines.push(`runs: ${scalar(runs)}`);
  if (x && x !== "step") lines.push(`x: ${scalar(x)}`);
  if (smooth) lines.push(`smooth: ${smooth}`);
  if (scale && scale !== "linear") lines.push(`scale: ${scale}`);
  return lines.join("\n");
}

/** A YAML scalar: bare where it can only be read as this text, else in double quotes, which JSON's are too. */
function scalar(text) {
  return /^[\p{L}_][\p{L}\p{N}_.\/ -]*$/u.test(text) && text === text.trim() ? text : JSON.stringify(text);
}
