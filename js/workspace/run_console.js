// <run-console>: what the script printed, following its end until somebody scrolls up.

import { render } from "./ansi.js";
import { ConsoleLines } from "./console_lines.js";
import { VirtualRows } from "./virtual_rows.js";

const HEIGHT = 20; // px a line, as in workspace.css

class RunConsole extends HTMLElement {
  #isFollowing = true;
  #matches = [];
  #match = -1;
  #searched = "";

  connectedCallback() {
    this.body = this.querySelector("[data-lines]");
    this.lines = new ConsoleLines(this.dataset.url);
    this.rows = new VirtualRows(this.body, this.querySelector("[data-space]"), HEIGHT, (index) => this.#row(index));
    this.lines.addEventListener("change", () => this.#show());
    this.body.addEventListener("rows-shown", ({ detail: { from, to } }) => this.lines.want(from, to));
    this.body.addEventListener("scroll", () => this.#noticeScroll(), { passive: true });
    this.#wireFollow();
    this.#wireSearch();
    this.lines.count = Number(this.dataset.count);
    this.rows.refresh(this.lines.count);
    this.#toEnd();
    if (!this.lines.count) this.lines.again(0, 0);
  }

  /** The run logged something. */
  moved() {
    const [from, to] = this.rows.range;
    this.lines.again(from, to);
  }

  #show() {
    this.rows.refresh(this.lines.count);
    this.querySelector("[data-empty]").hidden = this.lines.count > 0;
    if (this.#isFollowing) this.#toEnd();
  }

  #row(index) {
    const line = this.lines.at(index);
    const row = document.createElement("div");
    row.className = "console-line";
    if (line?.[1]) row.classList.add("error");
    if (this.#matches[this.#match] === index) row.classList.add("current");
    row.append(part("console-number number", index + 1), part("console-time number", clock(line?.[2]), line?.[2]));
    const text = part("console-text", "");
    if (line?.[1]) text.append(part("visually-hidden", `${gettext("Error output:")} `));
    if (line) text.append(render(line[0], this.#searched));
    row.append(text);
    return row;
  }

  // -- following -------------------------------------------------------------------------------------------------------

  #wireFollow() {
    this.followButton = this.querySelector("[data-follow]");
    this.followButton.addEventListener("click", () => {
      this.#follow(!this.#isFollowing);
      if (this.#isFollowing) this.#toEnd();
    });
  }

  #follow(isFollowing) {
    this.#isFollowing = isFollowing;
    this.followButton.setAttribute("aria-pressed", isFollowing);
  }

  #toEnd() {
    this.body.scrollTop = this.body.scrollHeight;
  }

  #noticeScroll() {
    const below = this.body.scrollHeight - this.body.clientHeight - this.body.scrollTop;
    const isAtEnd = below < HEIGHT;
    if (isAtEnd !== this.#isFollowing) this.#follow(isAtEnd);
  }

  // -- searching -------------------------------------------------------------------------------------------------------

  #wireSearch() {
    this.found = this.querySelector("[data-found]");
    this.buttons = this.querySelectorAll("[data-step]");
    const form = this.querySelector("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#search(form.elements.search.value);
    });
    form.elements.search.addEventListener("input", () => {
      if (!form.elements.search.value) this.#search("");
    });
    for (const button of this.buttons) button.addEventListener("click", () => this.#go(Number(button.dataset.step)));
  }

  async #search(text) {
    if (text && text === this.#searched) return this.#go(1);
    this.#searched = text;
    this.#match = -1;
    try {
      this.#matches = text ? (await this.lines.search(text)).matches : [];
      this.found.textContent = text && !this.#matches.length ? gettext("Not found") : "";
    } catch (problem) {
      this.#matches = [];
      this.found.textContent = problem.message;
    }
    for (const button of this.buttons) button.disabled = !this.#matches.length;
    this.rows.refresh();
    if (this.#matches.length) this.#go(1);
  }

  #go(by) {
    if (!this.#matches.length) return;
    this.#follow(false);
    this.#match = (this.#match + by + this.#matches.length) % this.#matches.length;
    this.found.textContent = interpolate(gettext("%s of %s"), [this.#match + 1, this.#matches.length]);
    this.body.scrollTop = Math.max(0, this.#matches[this.#match] * HEIGHT - this.body.clientHeight / 2);
    this.rows.refresh();
  }
}

function part(className, text, title) {
  const element = document.createElement("span");
  Object.assign(element, { className, textContent: text });
  if (title) element.title = title;
  return element;
}

/** The client's time stamp is UTC without saying so; people read their own clock. */
function clock(writtenAt) {
  if (!writtenAt) return "";
  const when = new Date(/Z|[+-]\d\d:?\d\d$/.test(writtenAt) ? writtenAt : `${writtenAt}Z`);
  return Number.isNaN(when.getTime()) ? "" : when.toLocaleTimeString("en-GB");
}

customElements.define("run-console", RunConsole);
