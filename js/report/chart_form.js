// The dialog that writes a chart block, so that nobody has to know its YAML. It shows the chart while it is put together.

import { chartSource } from "./chart_source.js";

const PAUSE = 350; // ms after the last change until the chart is drawn again

export class ChartForm {
  #timer = 0;

  constructor(dialog, editor) {
    Object.assign(this, { dialog, editor, form: dialog.querySelector("form") });
    this.sample = dialog.querySelector("[data-sample]");
    this.chart = this.sample.querySelector("line-chart");
    this.filter = this.form.elements.filter;
    this.form.addEventListener("input", () => this.#change());
    this.form.addEventListener("submit", (event) => this.#insert(event));
    this.filter?.addEventListener("input", () => this.#narrow());
    dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => editor.focus());
  }

  open() {
    this.form.reset();
    this.#narrow();
    this.#change();
    this.dialog.showModal();
    (this.filter ?? this.form.elements.title).focus();
  }

  #values() {
    const data = new FormData(this.form);
    return {
      title: data.get("title").trim(),
      metrics: data.getAll("metric").map((name) => name.trim()).filter(Boolean),
      runs: data.get("runs").trim(),
      x: data.get("x"),
      smooth: Number(data.get("smooth")),
      scale: data.get("scale"),
    };
  }

  #change() {
    const values = this.#values();
    this.form.querySelector("[data-smooth]").textContent = values.smooth.toFixed(2);
    this.form.querySelector("[data-insert]").disabled = values.metrics.length === 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#draw(values), PAUSE);
  }

  #draw(values) {
    const isEmpty = values.metrics.length === 0;
    this.sample.querySelector("[data-hint]").hidden = !isEmpty;
    this.chart.hidden = isEmpty;
    if (isEmpty) return;
    this.chart.setAttribute("src", `${this.dialog.dataset.figures}?${new URLSearchParams({ source: chartSource(values) })}`);
  }

  #narrow() {
    const wanted = (this.filter?.value ?? "").trim().toLowerCase();
    for (const choice of this.form.querySelectorAll("[data-metric]")) {
      choice.hidden = !choice.dataset.metric.toLowerCase().includes(wanted);
    }
  }

  #insert(event) {
    event.preventDefault();
    const values = this.#values();
    if (!values.metrics.length) return;
    this.dialog.close();
    this.editor.insertBlock(`\`\`\`chart\n${chartSource(values)}\n\`\`\``);
  }
}
