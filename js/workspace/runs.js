// The runs of a project as columns (tracking/columns.py), which of them are drawn, and in which order they stand.

import { ask } from "./ask.js";

const MOST_DRAWN = 100; // tracking/views/charts.py draws no more in one chart

export class Runs extends EventTarget {
  #columns = null;
  #rowOf = new Map(); // id → row in the columns
  #asked = 0;

  constructor(url, view) {
    super();
    Object.assign(this, { url, view, order: [], total: 0, matching: 0, metric: "", metrics: [], error: "" });
    view.addEventListener("change", ({ detail: changed }) => {
      if (changed.has("filter") || changed.has("metric")) this.load();
      else if (["sort", "first", "show", "hide"].some((name) => changed.has(name))) this.#arrange();
    });
  }

  get isLoaded() {
    return this.#columns !== null;
  }

  /** Ask for everything anew. A filter that cannot be understood leaves the list as it was and sets `error`. */
  async load() {
    const asked = ++this.#asked;
    try {
      const answer = await ask(this.url, { filter: this.view.get("filter"), metric: this.view.get("metric") });
      if (asked !== this.#asked) return; // a newer question is under way
      const { columns, ...rest } = answer;
      Object.assign(this, rest, { error: "" });
      this.#columns = columns;
    } catch (problem) {
      if (asked !== this.#asked) return;
      this.error = problem.message;
    }
    this.#arrange();
  }

  /** Lay what the server now says of some runs over what is known. */
  async update(ids) {
    const asked = this.#asked;
    const query = { filter: this.view.get("filter"), metric: this.metric, only: ids.join(",") };
    const answer = await ask(this.url, query).catch(() => null); // the next movement asks again
    if (!answer || asked !== this.#asked || !this.#columns) return;
    const matching = new Set(answer.columns.id);
    const gone = ids.filter((id) => this.#rowOf.has(id) && !matching.has(id));
    const isNew = (id) => !this.#rowOf.has(id);
    this.matching += answer.columns.id.filter(isNew).length - gone.length;
    this.total = answer.total;
    this.#lay(answer.columns);
    this.#drop(gone);
    this.#arrange();
  }

  of(id) {
    const row = this.#rowOf.get(id);
    return row === undefined ? null : this.#at(row);
  }


  /** Ids of the drawn runs, in the order of the list. */
  get drawn() {
    return this.order.filter((id) => this.#drawn.has(id));
  }

  isDrawn(id) {
    return this.#drawn.has(id);
  }

  toggle(id) {
    const [show, hide] = [new Set(this.view.ids("show")), new Set(this.view.ids("hide"))];
    if (this.isDrawn(id)) {
      show.delete(id);
      if (this.#first.has(id)) hide.add(id);
    } else {
      hide.delete(id);
      if (!this.#first.has(id)) show.add(id);
    }
    this.view.set({ show: [...show].join(","), hide: [...hide].join(",") });
  }

  countOf(...states) {
    return this.#columns ? this.#columns.state.filter((state) => states.includes(state)).length : 0;
  }

  /** The run with the lowest or the highest result. */
  best(isLowest) {
    const values = this.#columns.value;
    let best = -1;
    values.forEach((value, row) => {
      if (value === null) return;
      if (best < 0 || (isLowest ? value < values[best] : value > values[best])) best = row;
    });
    return best < 0 ? null : this.#at(best);
  }

  #first = new Set();
  #drawn = new Set();

  #at(row) {
    return Object.fromEntries(Object.entries(this.#columns).map(([name, values]) => [name, values[row]]));
  }

  #lay(columns) {
    columns.id.forEach((id, index) => {
      const row = this.#rowOf.get(id) ?? this.#columns.id.length;
      for (const [name, values] of Object.entries(columns)) this.#columns[name][row] = values[index];
      this.#rowOf.set(id, row);
    });
  }

  #drop(ids) {
    if (!ids.length) return;
    const rows = new Set(ids.map((id) => this.#rowOf.get(id)));
    for (const name of Object.keys(this.#columns)) {
      this.#columns[name] = this.#columns[name].filter((_value, row) => !rows.has(row));
    }
  }

  #arrange() {
    if (this.#columns) {
      this.#rowOf = new Map(this.#columns.id.map((id, row) => [id, row]));
      this.order = this.#sorted();
      this.#choose();
    }
    this.dispatchEvent(new Event("change"));
  }

  #choose() {
    const [show, hide] = [new Set(this.view.ids("show")), new Set(this.view.ids("hide"))];
    this.#first = new Set(this.order.slice(0, Number(this.view.get("first")) || 0));
    const wanted = this.order.filter((id) => show.has(id) || (this.#first.has(id) && !hide.has(id)));
    this.#drawn = new Set(wanted.slice(0, MOST_DRAWN));
  }

  #sorted() {
    const sort = this.view.get("sort");
    const isFalling = sort.startsWith("-");
    const values = this.#columns[sort.replace("-", "")] ?? this.#columns.number;
    const numbers = this.#columns.number;
    const compare = (a, b) => {
      if (values[a] === null || values[b] === null) return (values[a] === null) - (values[b] === null);
      const order = typeof values[a] === "string" ? COLLATOR.compare(values[a], values[b]) : values[a] - values[b];
      return (isFalling ? -order : order) || numbers[b] - numbers[a];
    };
    return [...numbers.keys()].sort(compare).map((row) => this.#columns.id[row]);
  }
}

const COLLATOR = new Intl.Collator(undefined, { numeric: true });
