// CodeMirror in the place of the text area: Markdown with highlighted chart blocks, completed metric names, search.

import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { deleteMarkupBackward, insertNewlineContinueMarkup, markdownLanguage } from "@codemirror/lang-markdown";
import { LanguageSupport, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, dropCursor, highlightActiveLine, keymap, placeholder } from "@codemirror/view";

import { chartBlocks, fenceAround } from "./chart_blocks.js";
import { completeChart } from "./chart_words.js";
import { markdownColors } from "./colors.js";

export class CodeEditor {
  /** Replaces `area`; `onChange()` follows every edit, `onSave()` is Ctrl+S. */
  constructor(area, { metrics, onChange, onSave }) {
    const save = () => {
      onSave();
      return true;
    };
    this.view = new EditorView({
      state: EditorState.create({
        doc: area.value,
        extensions: [
          history(),
          drawSelection(),
          dropCursor(),
          bracketMatching(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          EditorView.lineWrapping,
          // markdown() would bring the HTML, CSS and JavaScript languages along, 70 kB for nothing.
          new LanguageSupport(markdownLanguage),
          syntaxHighlighting(markdownColors),
          chartBlocks,
          autocompletion({ override: [completeChart(metrics)] }),
          search({ top: true }),
          placeholder(area.placeholder),
          EditorView.contentAttributes.of({
            "aria-label": gettext("Text of the report, in Markdown"),
            spellcheck: "true",
            tabindex: "0",
          }),
          keymap.of([
            { key: "Mod-s", run: save, preventDefault: true },
            { key: "Mod-b", run: () => this.wrap("**") },
            { key: "Mod-i", run: () => this.wrap("*") },
            { key: "Enter", run: insertNewlineContinueMarkup },
            { key: "Backspace", run: deleteMarkupBackward },
            ...completionKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          EditorView.updateListener.of((update) => update.docChanged && onChange()),
        ],
      }),
    });
    area.hidden = true;
    area.after(this.view.dom);
  }

  get text() {
    return this.view.state.doc.toString();
  }

  set text(text) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  focus() {
    this.view.focus();
  }

  /** Puts the mark around the selection, or takes it away where it is already. */
  wrap(mark) {
    const { state } = this.view;
    const { from, to } = state.selection.main;
    const isMarked = state.sliceDoc(from - mark.length, from) === mark && state.sliceDoc(to, to + mark.length) === mark;
    const edges = isMarked
      ? [{ from: from - mark.length, to: from }, { from: to, to: to + mark.length }]
      : [{ from, insert: mark }, { from: to, insert: mark }];
    const shift = isMarked ? -mark.length : mark.length;
    this.view.dispatch({ changes: edges, selection: { anchor: from + shift, head: to + shift } });
    this.focus();
    return true;
  }

  /** Starts each selected line with `prefix`, after taking away what `old` (a RegExp) finds at its start. */
  prefix(prefix, old) {
    const { state } = this.view;
    const { from, to } = state.selection.main;
    const changes = [];
    for (let number = state.doc.lineAt(from).number; number <= state.doc.lineAt(to).number; number += 1) {
      const line = state.doc.line(number);
      const found = old.exec(line.text)?.[0] ?? "";
      const insert = found === prefix ? "" : prefix;
      changes.push({ from: line.from, to: line.from + found.length, insert });
    }
    this.view.dispatch({ changes });
    this.focus();
  }

  /** Replaces the selection; with `select`, the part of the new text that is selected then. */
  insert(text, select = "") {
    const { from, to } = this.view.state.selection.main;
    const start = select ? from + text.indexOf(select) : from + text.length;
    this.view.dispatch({
      changes: { from, to, insert: text },
      selection: { anchor: start, head: start + select.length },
      scrollIntoView: true,
    });
    this.focus();
  }

  /** Puts a block on lines of its own below the caret's line, or below the fence the caret is in. */
  insertBlock(block) {
    const { doc, selection } = this.view.state;
    const line = doc.lineAt(fenceAround(this.view.state, selection.main.head)?.to ?? selection.main.head);
    const before = line.text.trim() ? "\n\n" : "";
    const after = line.number < doc.lines && doc.line(line.number + 1).text.trim() ? "\n\n" : "\n";
    this.view.dispatch({
      changes: { from: line.to, insert: before + block + after },
      selection: { anchor: line.to + before.length + block.length + after.length },
      scrollIntoView: true,
    });
    this.focus();
  }

  get selected() {
    const { from, to } = this.view.state.selection.main;
    return this.view.state.sliceDoc(from, to);
  }
}
