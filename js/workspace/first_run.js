// A project without runs: when the first one begins, its workspace is there to be shown.

import { listen } from "./live.js";

export function awaitFirstRun(page) {
  const { project, worker } = page.dataset;
  const show = () => location.reload();
  listen(`project=${project}`, {
    worker,
    onMoves: (moves) => moves.some((move) => move.project === Number(project)) && show(),
    onReturn: () => {}, // the server tells what moved meanwhile
  });
}
