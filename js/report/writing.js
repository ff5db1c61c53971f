// Puts the parts of the writing page together: editor, toolbar, chart form, preview, autosave, tabs.

import { ChartForm } from "./chart_form.js";
import { CodeEditor } from "./code_editor.js";
import { Draft } from "./draft.js";
import { offerBackup } from "./backup.js";
import { Preview } from "./preview.js";
import { wireTabs } from "./tabs.js";
import { wireToolbar } from "./toolbar.js";

export function startWriting(form) {
  const area = form.elements.text;
  const metrics = JSON.parse(document.getElementById("metrics").textContent);
  const preview = new Preview(form.querySelector("[data-preview]"), form.dataset.previewUrl, form);
  const draft = new Draft(form, document.querySelector("[data-save-state]"));
  const editor = new CodeEditor(area, {
    metrics,
    onChange: () => {
      draft.change();
      preview.change();
    },
    onSave: () => draft.save(),
  });
  draft.read = preview.read = () => editor.text;
  form.elements.title.addEventListener("input", () => draft.change());
  form.addEventListener("submit", () => {
    area.value = editor.text;
    draft.rest();
  });
  wireToolbar(form.querySelector("[data-toolbar]"), editor, new ChartForm(document.getElementById("chart-form"), editor));
  wireTabs(form);
  offerBackup(form, draft, editor);
  for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
  preview.show();
}
