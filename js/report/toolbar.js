// Buttons above the editor: each does what its data-mark says.

const HEADING = /^#{1,6} /;
const ITEM = /^(?:[-*] (?:\[[ xX]\] )?|\d+\. |> )/;

export function wireToolbar(toolbar, editor, chartForm) {
  const marks = {
    heading: () => editor.prefix("## ", HEADING),
    subheading: () => editor.prefix("### ", HEADING),
    bold: () => editor.wrap("**"),
    italic: () => editor.wrap("*"),
    code: () => editor.wrap("`"),
    list: () => editor.prefix("- ", ITEM),
    task: () => editor.prefix("- [ ] ", ITEM),
    quote: () => editor.prefix("> ", ITEM),
    link: () => insertLink(editor),
    table: () => editor.insertBlock(table()),
    chart: () => chartForm.open(),
  };
  toolbar.hidden = false;
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (button) marks[button.dataset.mark]();
  });
}

function insertLink(editor) {
  const words = editor.selected || gettext("words");
  editor.insert(`[${words}](https://)`, "https://");
}

function table() {
  const [run, value] = [gettext("Run"), gettext("Value")];
  return `| ${run} | ${value} |\n|---|--:|\n|  |  |\n|  |  |`;
}
