// <form data-confirm="Delete it?" data-confirm-detail="…" data-confirm-action="Delete">: asks before it is sent.
const dialog = document.querySelector("[data-confirm-dialog]");
let waiting = null; // {form, submitter}
let confirmed = null;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!dialog || !form.matches("[data-confirm]") || confirmed === form) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // htmx must not send it either
  waiting = { form, submitter: event.submitter };
  dialog.querySelector("h2").textContent = form.dataset.confirm;
  dialog.querySelector("[data-confirm-detail]").textContent = form.dataset.confirmDetail ?? "";
  dialog.querySelector("[data-confirm-button]").textContent = form.dataset.confirmAction ?? gettext("Yes");
  dialog.returnValue = "cancel";
  dialog.showModal();
}, true);

dialog?.addEventListener("close", () => {
  const { form, submitter } = waiting;
  if (dialog.returnValue !== "confirm") return;
  confirmed = form;
  form.requestSubmit(submitter);
  confirmed = null;
});
