// Colours of Markdown and of chart blocks while writing. The colours themselves are in static/css/report.css.

import { HighlightStyle } from "@codemirror/language";
import { tags } from "@lezer/highlight";

export const markdownColors = HighlightStyle.define([
  { tag: tags.heading, class: "cm-heading" },
  { tag: tags.strong, class: "cm-strong" },
  { tag: tags.emphasis, class: "cm-emphasis" },
  { tag: tags.strikethrough, class: "cm-struck" },
  { tag: tags.link, class: "cm-link" },
  { tag: tags.url, class: "cm-link" },
  { tag: tags.monospace, class: "cm-code" },
  { tag: tags.quote, class: "cm-quote" },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.labelName], class: "cm-mark" },
]);
