// <run-list>: the runs of a project in one column. The swatch shows or hides a run on the charts, the name opens it.

import { count, rounded } from "./numbers.js";
import { shapeOf, wordOf } from "./states.js";
import { VirtualRows } from "./virtual_rows.js";

class RunList extends HTMLElement {
  #active = -1;

  /** `runs` is a Runs; `addressOf(id)` the page of a run. */
  connect(runs, addressOf) {
    Object.assign(this, { runs, addressOf });
    this.space = this.querySelector("[data-space]");
    const height = matchMedia("(pointer: coarse)").matches ? 42 : 34;
    this.rows = new VirtualRows(this, this.space, height, (index) => this.#row(runs.order[index]));
    runs.addEventListener("change", () => this.#show());
    this.addEventListener("click", ({ target }) => {
      const button = target.closest("button[data-key]");
      if (button) runs.toggle(button.dataset.key);
    });
    this.addEventListener("focusin", ({ target }) => {
      const id = target.closest("[data-key]")?.dataset.key;
      if (id) this.#active = runs.order.indexOf(id);
    });
  }

  /** Go `by` rows down and give that run the keyboard. */
  move(by) {
    const last = this.runs.order.length - 1;
    if (last < 0) return;
    this.#active = Math.max(0, Math.min(last, this.#active + by));
    this.rows.scrollTo(this.#active);
    this.rows.focus("a", this.runs.order[this.#active]);
  }

  toggleActive() {
    const id = this.runs.order[this.#active];
    if (id) this.runs.toggle(id);
  }

  #show() {
    if (!this.runs.isLoaded) return;
    this.rows.refresh(this.runs.order.length);
    this.querySelector("[data-nothing]").hidden = this.runs.order.length > 0;
  }

  #row(id) {
    const run = this.runs.of(id);
    const isDrawn = this.runs.isDrawn(id);
    const row = document.createElement("li");
    row.className = isDrawn ? "run-row" : "run-row off";
    const swatch = document.createElement("button");
    Object.assign(swatch, { type: "button", className: "run-toggle" });
    swatch.dataset.key = id;
    swatch.setAttribute("aria-pressed", isDrawn);
    swatch.setAttribute("aria-label", interpolate(gettext("Draw %s"), [run.name]));
    const stroke = document.createElement("span");
    stroke.className = (run.number - 1) % 20 >= 10 ? "swatch dashed" : "swatch";
    stroke.style.setProperty("--c", `var(--c${(run.number - 1) % 10})`);
    swatch.append(stroke);
    const name = document.createElement("a");
    Object.assign(name, { href: this.addressOf(id), className: "run-name", textContent: run.name, title: run.name });
    name.dataset.key = id;
    const value = document.createElement("span");
    Object.assign(value, { className: "run-value number", textContent: rounded(run.value) });
    if (run.value !== null) value.title = `${this.runs.metric} = ${run.value}`;
    row.append(swatch, name, value, state(run));
    return row;
  }
}

function state(run) {
  const mark = document.createElement("span");
  mark.className = `run-state ${shapeOf(run.state).look}`;
  mark.title = wordOf(run.state);
  mark.innerHTML = `<svg class="mark-shape" viewBox="0 0 10 10" aria-hidden="true">${shapeOf(run.state).shape}</svg>`;
  const word = document.createElement("span");
  Object.assign(word, { className: "visually-hidden", textContent: wordOf(run.state) });
  mark.append(word);
  return mark;
}

/** "8 / 1,284": drawn of all; with a filter, drawn of those that match. */
export const countsOf = (runs) => `${count(runs.drawn.length)} / ${count(runs.matching)}`;

customElements.define("run-list", RunList);
