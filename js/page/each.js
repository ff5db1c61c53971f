// Run something for every element a selector finds: now, and in what htmx brings later.
export function each(selector, run) {
  const inside = (root) => {
    if (root.matches?.(selector)) run(root);
    root.querySelectorAll(selector).forEach(run);
  };
  inside(document);
  document.addEventListener("htmx:load", (event) => inside(event.detail.elt));
}
