// Loaded before the first paint, so that a page never flashes in the wrong colours. A signed-in user's choice comes with
// the page; everybody else's lives in this browser.
const root = document.documentElement;
if (!("signedIn" in root.dataset)) {
  const stored = localStorage.getItem("theme");
  if (stored === "light" || stored === "dark") root.dataset.theme = stored;
}
