// Run something for every element a selector finds: now, and in what htmx brings later.
export function each(selector, run) {
  const seen = new WeakSet(); // htmx announces the whole page at first, and what it swaps in again and again
  const once = (element) => {
    if (seen.has(element)) return;
    seen.add(element);
    run(element);
  };
  const inside = (root) => {
    if (root.matches?.(selector)) once(root);
    root.querySelectorAll(selector).forEach(once);
  };
  inside(document);
  document.addEventListener("htmx:load", (event) => inside(event.detail.elt));
}
