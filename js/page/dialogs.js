// <button data-open-dialog="id"> opens a <dialog>; <dialog data-open-now> opens with the page, with its errors.
// Escape, the focus trap and closing by <form method="dialog"> come from the browser; a click beside it is ours.
import { each } from "./each.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
});

each("dialog[data-open-now]", (dialog) => dialog.showModal());

each("dialog", (dialog) => {
  dialog.addEventListener("mousedown", (event) => {
    if (event.target === dialog && isBeside(dialog, event)) dialog.close("cancel");
  });
});

function isBeside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
