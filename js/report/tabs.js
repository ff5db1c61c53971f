// On a narrow window the text and its preview take turns.

export function wireTabs(form) {
  const buttons = [...form.querySelectorAll("[data-show]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      form.dataset.shown = button.dataset.show;
      for (const other of buttons) other.setAttribute("aria-pressed", other === button);
    });
  }
}
