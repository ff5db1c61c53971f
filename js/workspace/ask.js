// Questions to our own server. A refusal becomes an Error with the server's words in `message` and its `field`.

export async function ask(url, query = {}) {
  const response = await fetch(`${url}?${new URLSearchParams(query)}`, { headers: { Accept: "application/json" } });
  if (response.ok) return response.json();
  const told = await response.json().catch(() => ({}));
  const message = told.error ?? interpolate(gettext("The server answered %s. Reload the page to try again."), [response.status]);
  throw Object.assign(new Error(message), { field: told.field });
}
