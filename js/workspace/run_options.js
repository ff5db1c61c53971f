// How the run list is ordered, which result it shows, and drawing the first ten runs or none.

export function wireRunOptions(panel, runs, view) {
  const { sort, metric } = panel.querySelector("form").elements;
  sort.value = view.get("sort");
  sort.addEventListener("change", () => view.set({ sort: sort.value }));
  metric.addEventListener("change", () => view.set({ metric: metric.value }));
  panel.querySelector("[data-first]").addEventListener("click", () => view.set({ first: "10", show: "", hide: "" }));
  panel.querySelector("[data-none]").addEventListener("click", () => view.set({ first: "0", show: "", hide: "" }));
  addEventListener("click", ({ target }) => {
    if (panel.open && !panel.contains(target)) panel.open = false;
  });
  panel.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    panel.open = false;
    panel.querySelector("summary").focus();
  });
  runs.addEventListener("change", () => {
    const names = [...new Set([runs.metric, ...runs.metrics])].filter(Boolean);
    const isKnown = names.length === metric.options.length && names.every((name, i) => metric.options[i].value === name);
    if (!isKnown) metric.replaceChildren(...names.map((name) => new Option(name, name)));
    metric.value = runs.metric;
    metric.disabled = !names.length;
  });
}
