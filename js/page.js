// What every page can do, one behaviour a file.
import htmx from "htmx.org";
import "./page/changes.js";
import "./page/confirm.js";
import "./page/copy.js";
import "./page/dialogs.js";
import "./page/drawer.js";
import "./page/filter.js";
import "./page/keys.js";
import "./page/messages.js";
import "./page/palette.js";
import "./page/relative_time.js";
import "./page/theme_switch.js";

window.htmx = htmx; // for the other bundles; settings are in base.html's <meta name="htmx-config">
