// Saves the draft a moment after the last change. What cannot be saved is kept in this browser and tried again.

import { forget, keep, newKey } from "./backup.js";

const PAUSE = 900; // ms after the last change
const RETRIES = [3, 10, 30]; // seconds until the next try while the server cannot be reached

export class Draft {
  #timer = 0;
  #isSaving = false;
  #isChanged = false;
  #isStopped = false;
  #failures = 0;

  /** `read()` must be set to a function that gives the text. `state` shows how far it is, as data-state and words. */
  constructor(form, state) {
    this.form = form;
    this.state = state;
    this.key = newKey(form.dataset.writing);
    addEventListener("online", () => this.#isChanged && this.save());
    addEventListener("beforeunload", (event) => this.#isChanged && !this.#isStopped && event.preventDefault());
  }

  get version() {
    return Number(this.form.elements.version.value);
  }

  set version(version) {
    this.form.elements.version.value = version;
  }

  change() {
    this.#isChanged = true;
    if (this.#isStopped) return void keep(this.key, this.#content());
    this.#show("saving");
    this.#later(PAUSE);
  }

  /** The form is being sent as a whole: nothing else is to be saved. */
  rest() {
    clearTimeout(this.#timer);
    this.#isStopped = true;
    this.#isChanged = false;
  }

  async save() {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    if (this.#isSaving) return this.#later(PAUSE);
    const content = this.#content();
    keep(this.key, content);
    this.#isSaving = true;
    this.#isChanged = false;
    this.#show("saving");
    try {
      await this.#settle(await this.#send(content));
    } catch {
      this.#retry(gettext("Could not save, kept in this browser"));
    }
    this.#isSaving = false;
  }

  #send(content) {
    const body = new URLSearchParams({
      ...content,
      csrfmiddlewaretoken: this.form.elements.csrfmiddlewaretoken.value,
    });
    return fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  }

  async #settle(response) {
    const answer = await response.json();
    if (response.ok) {
      this.#failures = 0;
      this.version = answer.version;
      if (this.#isChanged) return this.#later(PAUSE);
      forget(this.key);
      this.#show("saved");
    } else if (response.status === 409) {
      this.#isStopped = true;
      this.#isChanged = false;
      document.querySelector("[data-conflict-notice]").hidden = false;
      document.querySelector("[data-conflict-words]").textContent = answer.error;
      this.#show("failed", gettext("Not saved: two drafts"));
    } else if (response.status === 400) {
      this.#isChanged = true;
      this.#show("failed", Object.values(answer.errors).flat().join(" "));
    } else if (response.status === 401 || response.status === 403) {
      this.#retry(gettext("Signed out. Sign in in another tab; your text is kept in this browser"));
    } else {
      throw new Error(response.statusText);
    }
  }

  #retry(words) {
    this.#isChanged = true;
    this.#show("failed", words);
    this.#later(1000 * RETRIES[Math.min(this.#failures, RETRIES.length - 1)]);
    this.#failures += 1;
  }

  #later(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), milliseconds);
  }

  #content() {
    return { title: this.form.elements.title.value, text: this.read(), version: this.version };
  }

  #show(state, words = state === "saved" ? gettext("Saved") : gettext("Saving…")) {
    this.state.dataset.state = state;
    this.state.classList.toggle("bad", state === "failed");
    if (this.state.textContent !== words) this.state.textContent = words;
  }
}
