// The row of tools above charts: axis, smoothing, scale and a search for charts, all of them kept in the view.

const PAUSE = 120; // ms without a move of the slider

export function wireChartTools(form, view) {
  const { smooth, log, charts } = form.elements;
  const shown = form.querySelector("[data-smooth]");
  for (const button of form.querySelectorAll("[data-x]")) {
    button.addEventListener("click", () => view.set({ x: button.dataset.x }));
  }
  let timer = 0;
  const later = (change) => {
    clearTimeout(timer);
    timer = setTimeout(() => view.set(change()), PAUSE);
  };
  smooth.addEventListener("input", () => {
    shown.textContent = Number(smooth.value).toFixed(2);
    later(() => ({ smooth: String(Number(smooth.value)) }));
  });
  log.addEventListener("change", () => view.set({ log: log.checked ? "1" : "" }));
  charts.addEventListener("input", () => later(() => ({ charts: charts.value.trim() })));
  form.addEventListener("submit", (event) => event.preventDefault());

  const show = () => {
    for (const button of form.querySelectorAll("[data-x]")) {
      button.setAttribute("aria-pressed", button.dataset.x === view.get("x"));
    }
    log.checked = view.get("log") === "1";
  };
  smooth.value = view.get("smooth");
  charts.value = view.get("charts");
  shown.textContent = Number(smooth.value).toFixed(2);
  view.addEventListener("change", show);
  show();
}
