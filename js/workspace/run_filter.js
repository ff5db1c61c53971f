// The filter above the run list: a run query, told to the view when typing pauses; what is wrong with it stands below.

const PAUSE = 250; // ms

export function wireRunFilter(form, runs, view) {
  const input = form.elements.filter;
  const error = form.querySelector("[data-error]");
  const cut = form.querySelector("[data-cut]");
  let timer = 0;
  const tell = () => view.set({ filter: input.value.trim() });
  input.value = view.get("filter");
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(tell, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    tell();
  });
  runs.addEventListener("change", () => {
    cut.hidden = runs.matching <= runs.order.length;
    error.textContent = runs.error;
    error.hidden = !runs.error;
    input.setAttribute("aria-invalid", Boolean(runs.error));
  });
}
