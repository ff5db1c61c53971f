// <form data-changes>: its button appears when something in the form differs from what the page came with.
import { each } from "./each.js";

each("form[data-changes]", (form) => {
  const button = form.querySelector("button[type=submit]");
  const before = fingerprint(form);
  const update = () => {
    button.hidden = fingerprint(form) === before;
  };
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  update();
});

function fingerprint(form) {
  return JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}
