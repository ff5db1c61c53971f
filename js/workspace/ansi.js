// One line of terminal output as elements: colours (16, 256, 24-bit), bold and dim, and what "\r" and "\b" overwrote.

const MOST = 20_000; // characters of a line
// CSI … final byte · OSC … BEL or ST · a control character · plain text (ECMA-48)
const PARTS = /\x1b\[([\d;:?]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-_]?|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/g;

/** Elements for a line; `marked` is a text to highlight wherever it stands. */
export function render(text, marked = "") {
  const cells = written(text.length > MOST ? `${text.slice(0, MOST)}…` : text);
  const line = document.createDocumentFragment();
  const plain = cells.map(({ letter }) => letter).join("");
  const hits = marked ? hitsIn(plain, marked) : [];
  for (const { from, to, style, isHit } of stretches(cells, hits)) {
    const letters = cells.slice(from, to).map(({ letter }) => letter).join("");
    line.append(isHit || style ? styled(letters, style, isHit) : letters);
  }
  return line;
}

/** What the terminal would show: `[{letter, style}, …]`, style null for plain ones. */
export function written(text) {
  const cells = [];
  let [at, style] = [0, null];
  for (const [part, numbers, final] of text.matchAll(PARTS)) {
    if (final === "m") style = changed(style, numbers);
    else if (final === "K") erase(cells, at, Number(numbers) || 0);
    else if (final === "G") at = Math.max(0, (Number(numbers) || 1) - 1);
    else if (final === "C") at += Number(numbers) || 1;
    else if (final === "D") at = Math.max(0, at - (Number(numbers) || 1));
    else if (part === "\r") at = 0;
    else if (part === "\b") at = Math.max(0, at - 1);
    else if (part === "\t") at += 8 - (at % 8);
    else if (part.charCodeAt(0) >= 32) {
      while (cells.length < at) cells.push({ letter: " ", style: null });
      for (const letter of part) cells[at++] = { letter, style };
    }
  }
  return cells;
}

function erase(cells, at, what) {
  if (what === 0) cells.length = Math.min(cells.length, at);
  else for (let i = 0; i < cells.length && (what === 2 || i <= at); i++) cells[i] = { letter: " ", style: null };
}

// -- select graphic rendition ------------------------------------------------------------------------------------------

function changed(style, numbers) {
  const codes = numbers.split(/[;:]/).map(Number);
  let next = style;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 38 || code === 48) {
      const [color, used] = extended(codes, i + 1);
      next = { ...next, [code === 38 ? "front" : "back"]: color };
      i += used;
    } else next = code === 0 ? null : { ...next, ...simple(code) };
  }
  return next;
}

function simple(code) {
  if (code === 1) return { isBold: true };
  if (code === 2) return { isDim: true };
  if (code === 3) return { isItalic: true };
  if (code === 4) return { isUnderlined: true };
  if (code === 22) return { isBold: false, isDim: false };
  if (code === 23) return { isItalic: false };
  if (code === 24) return { isUnderlined: false };
  if (code >= 30 && code <= 37) return { front: code - 30 };
  if (code >= 90 && code <= 97) return { front: code - 90 };
  if (code === 39) return { front: undefined };
  if (code >= 40 && code <= 47) return { back: code - 40 };
  if (code >= 100 && code <= 107) return { back: code - 100 };
  if (code === 49) return { back: undefined };
  return {};
}

/** The colour after 38 or 48, and how many codes it took. The first 16 of 256 are ours, so that they suit the page. */
function extended(codes, at) {
  if (codes[at] === 2) return [`rgb(${codes.slice(at + 1, at + 4).map((value) => value || 0)})`, 4];
  const index = codes[at + 1] ?? 0;
  if (index < 16) return [index % 8, 2];
  if (index >= 232) return [`rgb(${Array(3).fill(8 + (index - 232) * 10)})`, 2];
  const level = (step) => (step ? 55 + step * 40 : 0);
  const cube = index - 16;
  return [`rgb(${level(Math.floor(cube / 36))},${level(Math.floor(cube / 6) % 6)},${level(cube % 6)})`, 2];
}

// -- elements ----------------------------------------------------------------------------------------------------------

function hitsIn(plain, marked) {
  const [text, wanted, hits] = [plain.toLowerCase(), marked.toLowerCase(), []];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) hits.push([at, at + wanted.length]);
  return hits;
}

function* stretches(cells, hits) {
  const isHitAt = (index) => hits.some(([from, to]) => index >= from && index < to);
  let from = 0;
  for (let index = 1; index <= cells.length; index++) {
    const isSame = index < cells.length && cells[index].style === cells[from].style && isHitAt(index) === isHitAt(from);
    if (isSame) continue;
    yield { from, to: index, style: cells[from].style, isHit: isHitAt(from) };
    from = index;
  }
}

function styled(letters, style, isHit) {
  const element = document.createElement(isHit ? "mark" : "span");
  element.textContent = letters;
  const { front, back, isBold, isDim, isItalic, isUnderlined } = style ?? {};
  const classes = { bold: isBold, dim: isDim, italic: isItalic, underlined: isUnderlined };
  element.classList.add(...Object.keys(classes).filter((name) => classes[name]).map((name) => `ansi-${name}`));
  if (typeof front === "number") element.classList.add(`ansi-front-${front}`);
  else if (front) element.style.color = front;
  if (typeof back === "number") element.classList.add(`ansi-back-${back}`);
  else if (back) element.style.backgroundColor = back;
  return element;
}
