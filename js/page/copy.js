// <… data-copy> gets a button that copies its text; data-copy="other text" copies that instead.
import { each } from "./each.js";
import { icon } from "./icon.js";

each("[data-copy]", (element) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet small icon-only";
  button.append(icon("copy"));
  label(button, gettext("Copy"));
  button.addEventListener("click", async () => {
    const copied = await copy(element.dataset.copy || element.textContent.trim());
    button.replaceChildren(icon(copied ? "check" : "warning"));
    label(button, copied ? gettext("Copied") : gettext("Press Ctrl C to copy"));
    if (!copied) getSelection().selectAllChildren(element);
    setTimeout(() => {
      button.replaceChildren(icon("copy"));
      label(button, gettext("Copy"));
    }, 2000);
  });
  element.append(button);
});

function label(button, text) {
  button.title = text;
  button.setAttribute("aria-label", text);
}

/** Browsers offer the clipboard only on https and localhost; elsewhere a selected field has to do. */
async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}
