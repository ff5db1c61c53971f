// <input data-filter="selector"> hides the elements of the selector whose data-filter-text lacks what is typed, a
// [data-filter-group] with none left, and shows [data-filter-empty] when nothing is left at all.
import { each } from "./each.js";

each("input[data-filter]", (input) => {
  input.addEventListener("input", () => apply(input));
  if (input.value) apply(input); // the browser brought it back with the page
});

function apply(input) {
  const text = input.value.trim().toLowerCase();
  let left = 0;
  for (const element of document.querySelectorAll(input.dataset.filter)) {
    element.hidden = !element.dataset.filterText.toLowerCase().includes(text);
    if (!element.hidden) left += 1;
  }
  for (const group of document.querySelectorAll("[data-filter-group]")) {
    group.hidden = text !== "" && !group.querySelector(`${input.dataset.filter}:not([hidden])`);
  }
  const empty = document.querySelector("[data-filter-empty]");
  if (empty) empty.hidden = left > 0;
}
