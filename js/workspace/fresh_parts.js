// Parts of a page that the server drew and that change while it is open: asked for again as they are.

const AT_LEAST = 1500; // ms between two questions

/** Returns a function that fetches this page again and puts in every `data-part` that differs. */
export function freshParts() {
  let [timer, askedAt, isAsking, isStale] = [0, 0, false, false];
  const refresh = async () => {
    [timer, askedAt, isAsking] = [0, Date.now(), true];
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (response.ok) put(new DOMParser().parseFromString(await response.text(), "text/html"));
    } finally {
      isAsking = false;
      if (isStale) soon();
    }
  };
  const soon = () => {
    isStale = isAsking;
    if (timer || isAsking) return;
    timer = setTimeout(refresh, Math.max(0, askedAt + AT_LEAST - Date.now()));
  };
  return soon;
}

const seen = new Map(); // part → its HTML as the server last sent it; what is on the page has been touched since

function put(page) {
  for (const old of document.querySelectorAll("[data-part]")) {
    const name = old.dataset.part;
    const fresh = page.querySelector(`[data-part="${name}"]`);
    const isInUse = old.contains(document.activeElement) && document.activeElement !== old;
    if (!fresh || isInUse || fresh.innerHTML === seen.get(name)) continue;
    seen.set(name, fresh.innerHTML);
    old.replaceChildren(...fresh.childNodes);
  }
  for (const filter of document.querySelectorAll("input[data-filter]")) filter.dispatchEvent(new Event("input"));
}
