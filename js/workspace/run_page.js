// The page of one run: its charts, its console and what the server drew of it, all kept up to date.

import { wireChartTools } from "./chart_tools.js";
import { freshParts } from "./fresh_parts.js";
import { listen } from "./live.js";
import { View } from "./view.js";

export function startRun(page) {
  const view = new View();
  const { run, pk, worker } = page.dataset;
  const board = page.querySelector("chart-board");
  const consoleView = page.querySelector("run-console");
  const refresh = freshParts();
  let known = Number(page.dataset.revision);

  if (board) {
    wireChartTools(page.querySelector("[data-chart-tools]"), view);
    board.connect(view, () => [run]);
    board.show();
  }

  const moved = () => {
    board?.moved();
    consoleView?.moved();
    refresh();
  };
  listen(`run=${pk}`, {
    worker,
    onMoves: (moves) => {
      const mine = moves.find((move) => move.run === run && move.project === Number(page.dataset.project));
      if (!mine || mine.revision === known) return;
      known = mine.revision;
      moved();
    },
    onReturn: moved,
  });
}
