// The pages of projects and runs.

import "./chart/line_chart.js";
import "./workspace/chart_board.js";
import "./workspace/run_console.js";
import "./workspace/run_list.js";
import { awaitFirstRun } from "./workspace/first_run.js";
import { startRun } from "./workspace/run_page.js";
import { startWorkspace } from "./workspace/workspace_page.js";

for (const page of document.querySelectorAll("[data-workspace]")) startWorkspace(page);
for (const page of document.querySelectorAll("[data-first-run]")) awaitFirstRun(page);
for (const page of document.querySelectorAll("[data-run-page]")) startRun(page);
