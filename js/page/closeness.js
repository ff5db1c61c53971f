/**
 * How well what is typed fits a title: 0 when a letter is missing, more for letters in a row and at the start of words.
 * An empty text fits everything alike.
 */
export function closeness(text, title) {
  const haystack = title.toLowerCase();
  let score = 1;
  let from = 0;
  let last = -2;
  for (const letter of text.toLowerCase().replaceAll(/\s/g, "")) {
    const at = haystack.indexOf(letter, from);
    if (at < 0) return 0;
    score += at === last + 1 ? 3 : at === 0 || /[\s\-_/]/.test(haystack[at - 1]) ? 2 : 1;
    last = at;
    from = at + 1;
  }
  return text ? score / Math.sqrt(haystack.length) : 1;
}
