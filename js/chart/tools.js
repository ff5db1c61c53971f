// The buttons in a chart's corner: back from a zoom, and where the `tools` attribute is set, full screen and download.

import { icon } from "../page/icon.js";

export function toolsOf(host, { onReset, onDownload }) {
  const element = document.createElement("div");
  element.className = "chart-buttons";
  const reset = button("zoom-out", gettext("Show all"), onReset);
  reset.hidden = true;
  const others = host.hasAttribute("tools")
    ? [
        button("expand", gettext("Full screen"), () => toggleFullScreen(host)),
        button("download", gettext("Download as PNG"), onDownload),
      ]
    : [];
  element.append(reset, ...others);
  return {
    element,
    show({ isZoomed, isEmpty }) {
      reset.hidden = !isZoomed;
      for (const other of others) other.hidden = isEmpty;
    },
  };
}

function button(symbol, label, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button quiet small icon-only";
  element.setAttribute("aria-label", label);
  element.title = label;
  element.append(icon(symbol));
  element.addEventListener("click", onClick);
  return element;
}

function toggleFullScreen(host) {
  if (document.fullscreenElement) document.exitFullscreen();
  else host.requestFullscreen();
}
