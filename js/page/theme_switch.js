// [data-theme-switch="URL"]: light or dark, remembered in the user's profile (the URL) or, signed out, in this browser.
// Canvas code redraws on the document's "theme-change" event, which the system's own switch raises too.
const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

export function switchTheme() {
  const theme = isDark() ? "light" : "dark";
  root.dataset.theme = theme;
  document.dispatchEvent(new CustomEvent("theme-change"));
  const url = document.querySelector("[data-theme-switch]")?.dataset.themeSwitch;
  if (url) save(url, theme);
  else localStorage.setItem("theme", theme);
}

export function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : systemIsDark.matches;
}

function save(url, theme) {
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  fetch(url, { method: "POST", body: new URLSearchParams({ theme }), headers: { "X-CSRFToken": token } }).catch(() => {
    // Offline: the page has changed all the same, and the next one asks again.
  });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-switch]")) switchTheme();
});

systemIsDark.addEventListener("change", () => {
  if (!root.dataset.theme) document.dispatchEvent(new CustomEvent("theme-change"));
});
