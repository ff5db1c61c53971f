// One stream of movements from the server for any number of listeners; it is only open while somebody listens.

const RETRY = 5000; // ms; the browser itself retries a lost connection, but not one that was refused

export class LiveConnection {
  #source = null;
  #subjects = "";
  #timer = 0;

  /** `tell(moves)` is called with each list of `{project, run, revision, state}`. */
  constructor(tell) {
    this.tell = tell;
  }

  /** Listen to these subjects ("project=3", "run=17") from now on; an empty list closes the stream. */
  listenTo(subjects) {
    const wanted = [...new Set(subjects)].sort().join("&");
    if (wanted === this.#subjects) return;
    this.#subjects = wanted;
    this.#open();
  }

  #open() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
    if (!this.#subjects) return;
    this.#source = new EventSource(`/live?${this.#subjects}`);
    this.#source.onmessage = (event) => this.tell(JSON.parse(event.data));
    this.#source.onerror = () => {
      if (this.#source?.readyState === EventSource.CLOSED) this.#timer = setTimeout(() => this.#open(), RETRY);
    };
  }
}
