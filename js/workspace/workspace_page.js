// A project's workspace: the run list on the left decides which runs the charts on the right draw.

import { wireChartTools } from "./chart_tools.js";
import { listen } from "./live.js";
import { wireRunFilter } from "./run_filter.js";
import { countsOf } from "./run_list.js";
import { wireRunOptions } from "./run_options.js";
import { wireRunStats } from "./run_stats.js";
import { Runs } from "./runs.js";
import { View } from "./view.js";

const AT_LEAST = 1000; // ms between two looks at runs that moved

export function startWorkspace(page) {
  const view = new View();
  const runs = new Runs(page.dataset.columns, view);
  const list = page.querySelector("run-list");
  const board = page.querySelector("chart-board");
  const addressOf = (id) => `${page.dataset.runs}/${encodeURIComponent(id)}`;

  list.connect(runs, addressOf);
  board.connect(view, () => runs.drawn);
  wireChartTools(page.querySelector("[data-chart-tools]"), view);
  wireRunFilter(page.querySelector("[data-run-filter]"), runs, view);
  wireRunOptions(page.querySelector("[data-run-options]"), runs, view);
  wireRunStats(page.querySelector("[data-run-stats]"), runs, addressOf);
  wireCounts(page, runs);
  wireKeys(page, list);
  drawWhatIsChosen(runs, board);
  runs.load();

  const moved = gather((ids) => {
    runs.update(ids);
    if (ids.some((id) => runs.isDrawn(id))) board.moved();
  });
  listen(`project=${page.dataset.project}`, {
    worker: page.dataset.worker,
    onMoves: (moves) => {
      const mine = moves.filter(({ project }) => project === Number(page.dataset.project));
      moved(mine.filter(({ run, revision }) => runs.of(run)?.revision !== revision).map(({ run }) => run));
    },
    onReturn: () => {
      runs.load();
      board.moved();
    },
  });
}

/** The board looks again when other runs are drawn, not when a number in the list changed. */
function drawWhatIsChosen(runs, board) {
  let shown = null;
  runs.addEventListener("change", () => {
    if (!runs.isLoaded) return;
    const drawn = runs.drawn.join();
    if (drawn !== shown) board.show();
    shown = drawn;
  });
}

/** Collect ids and hand them over at most once a second. */
function gather(hand) {
  const waiting = new Set();
  let [timer, handedAt] = [0, 0];
  return (ids) => {
    for (const id of ids) waiting.add(id);
    if (timer || !waiting.size) return;
    timer = setTimeout(() => {
      [timer, handedAt] = [0, Date.now()];
      hand([...waiting]);
      waiting.clear();
    }, Math.max(0, handedAt + AT_LEAST - Date.now()));
  };
}

function wireCounts(page, runs) {
  const running = document.querySelector("[data-running]");
  runs.addEventListener("change", () => {
    if (!runs.isLoaded) return;
    for (const place of page.querySelectorAll("[data-counts]")) place.textContent = countsOf(runs);
    const count = runs.countOf("running");
    running.hidden = count === 0;
    running.querySelector("[data-running-words]").textContent = interpolate(ngettext("%s running", "%s running", count), [count]);
  });
}

function wireKeys(page, list) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    if (event.key === "j") list.move(1);
    else if (event.key === "k") list.move(-1);
    else if (event.key === "x") list.toggleActive();
    else return;
    event.preventDefault();
  });
}
