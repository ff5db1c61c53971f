// Asks the server for a figure: as many points as the chart is wide, of the stretch it shows.

/** @returns {Promise<ArrayBuffer>} Rejects with words for the reader. */
export async function askForFigure(address, { width, start, stop }, signal) {
  const url = new URL(address, document.baseURI);
  for (const [name, value] of Object.entries({ width, start, stop })) {
    if (value !== null) url.searchParams.set(name, value);
  }
  let response;
  try {
    response = await fetch(url, { signal, headers: { Accept: "application/vnd.debrief.figure, application/json" } });
  } catch (problem) {
    if (signal.aborted) throw problem;
    throw new Error(gettext("The server could not be reached."));
  }
  if (response.ok) return response.arrayBuffer();
  const told = await response.json().catch(() => ({}));
  throw new Error(told.error ?? interpolate(gettext("The server answered %s."), [response.status]));
}
