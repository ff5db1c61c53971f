// Reading a report: charts that answer, and contents that follow the reader.

import "./chart/line_chart.js";
import { followReader } from "./report/contents.js";

for (const contents of document.querySelectorAll("[data-contents]")) followReader(contents);
