// The tiles above the charts: the best result among the runs, and how many are running, done or gone wrong.

import { count, rounded } from "./numbers.js";

const HIGHER_IS_BETTER = /acc|top|f1|auc|score|reward|return|precision|recall|iou|bleu|rouge|map|psnr|ssim|throughput|per_sec/i;

export function wireRunStats(list, runs, addressOf) {
  const put = (name, text) => {
    list.querySelector(`[data-stat="${name}"]`).textContent = text;
  };
  runs.addEventListener("change", () => {
    if (!runs.isLoaded) return;
    const isLowest = !HIGHER_IS_BETTER.test(runs.metric);
    const best = runs.best(isLowest);
    const words = isLowest ? gettext("Lowest %s") : gettext("Highest %s");
    put("best-title", runs.metric ? interpolate(words, [runs.metric]) : gettext("Best result"));
    put("best", best ? rounded(best.value) : "–");
    const link = list.querySelector('[data-stat="best-run"]');
    link.textContent = best?.name ?? "";
    if (best) link.href = addressOf(best.id);
    list.querySelector('[data-stat="best"]').title = best ? String(best.value) : "";
    put("running", count(runs.countOf("running", "pending", "preempting")));
    put("finished", count(runs.countOf("finished")));
    put("failed", count(runs.countOf("failed", "crashed")));
  });
}
