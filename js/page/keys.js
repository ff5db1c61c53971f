// Single keys: "/" goes to the page's filter, "?" lists the keys, "t" switches the theme.
import { switchTheme } from "./theme_switch.js";

const dialog = document.querySelector("[data-keys-dialog]");

const actions = {
  "/": () => document.querySelector("input[aria-keyshortcuts='/']")?.focus(),
  "?": () => dialog?.showModal(),
  t: switchTheme,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-keys]")) {
    document.getElementById("account-menu")?.hidePopover();
    dialog?.showModal();
  }
});

/** Whether a key belongs to what is focused: a field, an editor, an open dialog. */
export function isTyping(target) {
  return Boolean(target.closest?.("input, textarea, select, [contenteditable], dialog"));
}
