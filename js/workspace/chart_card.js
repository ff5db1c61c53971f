// One chart of one metric. <line-chart> asks for its figure while it is on screen; this says what to ask and how often.

const AT_LEAST = 1000; // ms between two questions for the same figure

export class ChartCard {
  #askedAt = 0;
  #isAsking = false;
  #isStale = false;

  /** `element` holds a <line-chart>; `address(metric)` is where its figure is, "" while no run is drawn. */
  constructor(element, { metric, address, smoothing }) {
    Object.assign(this, { element, metric, address, smoothing });
    this.chart = element.querySelector("line-chart");
    this.chart.setAttribute("label", metric);
    this.ask();
  }

  /** Other runs, another axis or another scale. */
  ask() {
    const address = this.address(this.metric);
    if (address) this.chart.setAttribute("src", address);
    this.#askedAt = Date.now();
    this.smooth();
  }

  smooth() {
    this.chart.smoothing = this.smoothing();
  }

  /** The runs moved: the same question again, but not more than once a second and not before it was answered. */
  async askAgain() {
    this.#isStale = this.#isAsking;
    if (this.#isAsking) return;
    this.#isAsking = true;
    await pause(this.#askedAt + AT_LEAST - Date.now());
    this.#isStale = false;
    this.#askedAt = Date.now();
    await this.chart.reload();
    this.#isAsking = false;
    if (this.#isStale) this.askAgain();
  }
}

const pause = (time) => new Promise((resolve) => setTimeout(resolve, Math.max(0, time)));
