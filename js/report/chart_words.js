// Completion inside of a ```chart block: its keys, and behind them the values they take.

import { fenceAround, isChart } from "./chart_blocks.js";

const VALUES = {
  x: ["step", "time", "relative"],
  scale: ["linear", "log"],
  band: ["std", "sem", "ci95", "minmax"],
  group: ["group", "job_type", "user", "config."],
};

export function completeChart(metrics) {
  const metric = metrics.map((label) => ({ label, type: "variable" }));
  const keys = [
    { label: "title", detail: gettext("what it shows") },
    { label: "metric", detail: gettext("a number the runs logged") },
    { label: "metrics", detail: gettext("[several, in brackets]") },
    { label: "runs", detail: gettext("which runs; empty for the newest") },
    { label: "x", detail: gettext("step, time, relative, or a metric") },
    { label: "smooth", detail: gettext("0 as logged to 0.99 very smooth") },
    { label: "scale", detail: gettext("linear or log") },
    { label: "group", detail: gettext("one line for each value, with a band") },
    { label: "band", detail: gettext("std, sem, ci95, minmax") },
    { label: "limit", detail: gettext("how many runs at most") },
  ].map((option) => ({ ...option, type: "property", apply: `${option.label}: ` }));

  return (context) => {
    if (!isInChart(context.state, context.pos)) return null;
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const pair = /^([\w-]+)\s*:\s*(?:\[(?:[^\]]*,)?\s*)?(\S*)$/.exec(before);
    if (pair) {
      const options = pair[1].startsWith("metric") ? metric : [...words(pair[1]), ...(pair[1] === "x" ? metric : [])];
      return options.length ? { from: context.pos - pair[2].length, options } : null;
    }
    const word = /^[\w-]*$/.exec(before);
    return word && (word[0] || context.explicit) ? { from: line.from, options: keys } : null;
  };
}

function words(key) {
  return (VALUES[key] ?? []).map((label) => ({ label, type: "keyword" }));
}

function isInChart(state, position) {
  const fence = fenceAround(state, position);
  return fence !== null && isChart(state, fence) && state.doc.lineAt(fence.from).to < position;
}
