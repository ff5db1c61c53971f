// Asks the server for a figure: as many points as the chart is wide, of the stretch it shows.

const FIGURE = "application/vnd.debrief.figure"; // MEDIA_TYPE of tracking/charts/browser.py

/** @returns {Promise<ArrayBuffer>} Rejects with words for the reader. */
export async function askForFigure(address, { width, start, stop }, signal) {
  const url = new URL(address, document.baseURI);
  for (const [name, value] of Object.entries({ width, start, stop })) {
    if (value !== null) url.searchParams.set(name, value);
  }
  let response;
  try {
    response = await fetch(url, { signal, headers: { Accept: `${FIGURE}, application/json` } });
  } catch (problem) {
    if (signal.aborted) throw problem;
    throw new Error(gettext("The server could not be reached."));
  }
  const type = response.headers.get("Content-Type") ?? "";
  if (response.ok && type.startsWith(FIGURE)) return response.arrayBuffer();
  if (response.ok) throw new Error(gettext("You are signed out. Reload the page to sign in again."));
  const told = await response.json().catch(() => ({}));
  throw new Error(told.error ?? interpolate(gettext("The server answered %s."), [response.status]));
}
