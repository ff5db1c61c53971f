// Questions to our own server. A refusal becomes an Error with the server's words in `message` and its `field`.

export async function ask(url, query = {}, { signal } = {}) {
  const response = await send(url, query, { signal, accept: "application/json" });
  return response.json();
}

export async function askForBytes(url, query = {}, { signal } = {}) {
  const response = await send(url, query, { signal, accept: "application/octet-stream, application/json" });
  return { version: response.headers.get("ETag"), bytes: await response.arrayBuffer() };
}

async function send(url, query, { signal, accept }) {
  const response = await fetch(`${url}?${new URLSearchParams(query)}`, { signal, headers: { Accept: accept } });
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  const message = told.error ?? interpolate(gettext("The server answered %s. Reload the page to try again."), [response.status]);
  throw Object.assign(new Error(message), { status: response.status, field: told.field });
}
