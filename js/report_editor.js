// Writing a report. The form works without this file; here it gets an editor, a preview that follows, and autosave.

import "./chart/line_chart.js";
import { startWriting } from "./report/writing.js";

for (const form of document.querySelectorAll("form[data-writing]")) startWriting(form);
