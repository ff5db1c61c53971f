// A copy of unsaved text in this browser, for when the server cannot be reached or the window closes too early.

const PREFIX = "debrief.draft.";

/** Names the backup of one page: two tabs on the same report keep one each. */
export function newKey(report) {
  const words = crypto.getRandomValues(new Uint32Array(2));
  return `${report}.${words[0].toString(36)}${words[1].toString(36)}`;
}

export function keep(key, draft) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ ...draft, at: Date.now() }));
    return true;
  } catch {
    return false; // storage is full or forbidden
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // forbidden: then there is nothing to forget
  }
}

/** The texts of a report that no tab has saved since they were kept, newest first: `{key, title, text, version, at}`. */
export function backupsOf(report) {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(`${PREFIX}${report}.`));
    const kept = names.map((name) => ({ ...JSON.parse(localStorage.getItem(name)), key: name.slice(PREFIX.length) }));
    return kept.sort((one, other) => other.at - one.at);
  } catch {
    return [];
  }
}

/** When this browser holds text that never reached the server, says so and lets the writer take it or drop it. */
export function offerBackup(form, draft, editor) {
  const notice = document.querySelector("[data-backup]");
  const isShown = (kept) => kept.text === editor.text && kept.title === form.elements.title.value;
  const backups = backupsOf(form.dataset.writing);
  backups.filter(isShown).forEach((kept) => forget(kept.key));
  const waiting = backups.filter((kept) => !isShown(kept));
  const offer = () => {
    notice.hidden = waiting.length === 0;
    if (waiting.length)
      notice.querySelector("time").textContent = new Date(waiting[0].at).toLocaleString(document.documentElement.lang);
  };
  notice.querySelector("[data-use]").addEventListener("click", () => {
    const kept = waiting.shift();
    notice.hidden = true; // the others are offered when the page is opened again
    draft.version = kept.version; // written on that draft; if it moved since, the server will show both texts
    form.elements.title.value = kept.title;
    editor.text = kept.text;
    if (keep(draft.key, { title: kept.title, text: kept.text, version: kept.version })) forget(kept.key);
    draft.save();
  });
  notice.querySelector("[data-drop]").addEventListener("click", () => {
    forget(waiting.shift().key);
    offer();
  });
  offer();
}
