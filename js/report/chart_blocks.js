// Shows ```chart blocks in the editor as what they are: a tinted block with keys and values told apart.

import { syntaxTree } from "@codemirror/language";
import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, ViewPlugin } from "@codemirror/view";

const PAIR = /^(\s*[\w-]+)(\s*:)(\s*)(.*?)(\s#.*)?$/;
const line = Decoration.line({ class: "cm-chart" });
const key = Decoration.mark({ class: "cm-chart-key" });
const value = Decoration.mark({ class: "cm-chart-value" });
const number = Decoration.mark({ class: "cm-chart-number" });

/** Whether a FencedCode node is a chart, by the words behind its opening mark. */
export function isChart(state, node) {
  const info = node.getChild("CodeInfo");
  return info !== null && state.sliceDoc(info.from, info.to).trim().split(/\s/)[0] === "chart";
}

/** The FencedCode node that holds the position, or null. */
export function fenceAround(state, position) {
  for (let node = syntaxTree(state).resolveInner(position, -1); node; node = node.parent) {
    if (node.name === "FencedCode") return node;
  }
  return null;
}

class ChartBlocks {
  constructor(view) {
    this.decorations = decorate(view);
  }

  update(update) {
    const isParsedFurther = syntaxTree(update.startState) !== syntaxTree(update.state);
    if (update.docChanged || update.viewportChanged || isParsedFurther) this.decorations = decorate(update.view);
  }
}

function decorate(view) {
  const builder = new RangeSetBuilder();
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: (ref) => {
        if (ref.name === "FencedCode" && isChart(view.state, ref.node)) paint(builder, view.state, ref, from, to);
      },
    });
  }
  return builder.finish();
}

function paint(builder, state, block, from, to) {
  for (let position = Math.max(block.from, state.doc.lineAt(from).from); position <= Math.min(block.to, to); ) {
    const text = state.doc.lineAt(position);
    builder.add(text.from, text.from, line);
    const pair = PAIR.exec(text.text);
    if (pair && !text.text.startsWith("```")) {
      const start = text.from + pair[1].length + pair[2].length + pair[3].length;
      builder.add(text.from, text.from + pair[1].length, key);
      if (pair[4]) builder.add(start, start + pair[4].length, /^[\d.]+$/.test(pair[4]) ? number : value);
    }
    position = text.to + 1;
  }
}

export const chartBlocks = ViewPlugin.fromClass(ChartBlocks, { decorations: (plugin) => plugin.decorations });
