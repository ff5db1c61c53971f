// The view is the address: what a page shows lies in its query string, so that a copied address shows the same.

const DEFAULTS = {
  filter: "", // a run query
  sort: "-number", // a column, "-" for falling
  metric: "", // whose result the run list shows; "" lets the server choose
  x: "step", // step, relative or time
  smooth: "0", // weight of the moving average, 0 ≤ smooth < 1
  log: "", // "1" for a logarithmic y axis
  fold: "system", // sections that are closed
  charts: "", // only charts whose name contains this
  first: "10", // so many runs from the top of the list are drawn
  show: "", // ids drawn besides those
  hide: "", // ids among them that are not
};

export class View extends EventTarget {
  #values = new URLSearchParams(location.search);

  get(name) {
    return this.#values.get(name) ?? DEFAULTS[name];
  }

  ids(name) {
    return this.get(name).split(",").filter(Boolean);
  }

  /** Change some values; values at their default leave the address. Tells listeners which names changed. */
  set(changes) {
    const changed = Object.keys(changes).filter((name) => this.get(name) !== String(changes[name]));
    if (!changed.length) return;
    for (const name of changed) {
      if (String(changes[name]) === DEFAULTS[name]) this.#values.delete(name);
      else this.#values.set(name, changes[name]);
    }
    const query = this.#values.toString().replaceAll("%2C", ",").replaceAll("%2F", "/");
    history.replaceState(history.state, "", query ? `?${query}` : location.pathname);
    this.dispatchEvent(new CustomEvent("change", { detail: new Set(changed) }));
  }
}
