// A copy of unsaved text in this browser, for when the server cannot be reached or the window closes too early.

const PREFIX = "debrief.draft.";

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

/** When this browser holds text that never reached the server, says so and lets the writer take it or drop it. */
export function offerBackup(form, draft, editor) {
  const notice = document.querySelector("[data-backup]");
  const kept = read(draft.key);
  if (!kept || (kept.text === editor.text && kept.title === form.elements.title.value)) return forget(draft.key);
  notice.querySelector("time").textContent = new Date(kept.at).toLocaleString(document.documentElement.lang);
  notice.hidden = false;
  notice.querySelector("[data-use]").addEventListener("click", () => {
    notice.hidden = true;
    draft.version = kept.version; // written on that draft; if it moved since, the server will show both texts
    form.elements.title.value = kept.title;
    editor.text = kept.text;
    draft.save();
  });
  notice.querySelector("[data-drop]").addEventListener("click", () => {
    notice.hidden = true;
    forget(draft.key);
  });
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}
