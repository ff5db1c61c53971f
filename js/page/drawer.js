// <button data-drawer-open="id"> slides a drawer in (an element that CSS shows while it has data-open);
// [data-drawer-close], Escape and following a link inside close it.
let opener = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-drawer-open]");
  if (button) open(button);
  else if (event.target.closest("[data-drawer-close]") || event.target.closest("[data-open] a[href]")) close();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && opener) close();
});

function open(button) {
  const drawer = document.getElementById(button.dataset.drawerOpen);
  drawer.dataset.open = "";
  opener = button;
  opener.setAttribute("aria-expanded", "true");
  // The drawer becomes visible with its transition; only then it can take the focus.
  requestAnimationFrame(() => drawer.querySelector("a[href], button")?.focus());
}

function close() {
  if (!opener) return;
  delete document.getElementById(opener.dataset.drawerOpen).dataset.open;
  opener.setAttribute("aria-expanded", "false");
  opener.focus();
  opener = null;
}
