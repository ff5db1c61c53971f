// Which chart stands under which heading: metrics are grouped by what stands before the first slash.

const FIRST = ["val", "valid", "validation", "eval", "test", "train", "training"];
const NAMES = new Intl.Collator(undefined, { numeric: true });

/**
 * From `{history: [[name, runs, points], …], system: […]}` to `[{name, charts: [{metric, title, stream}]}, …]`:
 * validation first, then training, the others by name, the machine last.
 */
export function sectionsOf(streams, wanted = "") {
  const found = new Map();
  for (const [stream, metrics] of Object.entries(streams)) {
    for (const [metric] of metrics) {
      if (wanted && !metric.toLowerCase().includes(wanted.toLowerCase())) continue;
      const name = stream === "system" ? "system" : prefixOf(metric);
      if (!found.has(name)) found.set(name, []);
      found.get(name).push({ metric, stream, title: stream === "system" ? metric.replace(/^system\./, "") : metric });
    }
  }
  const sections = [...found].map(([name, charts]) => ({ name, charts }));
  for (const { charts } of sections) charts.sort((a, b) => NAMES.compare(a.title, b.title));
  return sections.sort((a, b) => rank(a.name) - rank(b.name) || NAMES.compare(a.name, b.name));
}

function prefixOf(metric) {
  const slash = metric.indexOf("/");
  return slash > 0 ? metric.slice(0, slash) : "charts";
}

function rank(name) {
  if (name === "system") return 1000;
  const place = FIRST.indexOf(name.toLowerCase());
  return place < 0 ? 100 : place;
}
