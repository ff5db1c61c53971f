// The names of the curves below a chart. Pointing at one brings its curve forward; a click hides it and shows it again.

import { colorOf, isDashed } from "./colors.js";
import { swatch } from "./tooltip.js";

/** `onPoint(index or null)`, `onToggle(index)`; `hidden` is a set of indexes. */
export function legendOf({ figure, colors }, hidden, { onPoint, onToggle }) {
  return figure.curves.map((curve, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chart-name";
    button.title = curve.label;
    button.setAttribute("aria-pressed", String(!hidden.has(index)));
    const name = document.createElement("span");
    name.textContent = curve.label;
    button.append(swatch(colorOf(colors, curve.color), isDashed(curve.color)), name);
    button.addEventListener("click", () => onToggle(index));
    for (const event of ["pointerenter", "focus"]) button.addEventListener(event, () => onPoint(index));
    for (const event of ["pointerleave", "blur"]) button.addEventListener(event, () => onPoint(null));
    return button;
  });
}
