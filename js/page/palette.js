// The command palette (Ctrl K): the pages of the side menu at once, and what the server finds while one types.
import { closeness } from "./closeness.js";
import { icon } from "./icon.js";
import { switchTheme } from "./theme_switch.js";

const SEARCH_AFTER = 120; // milliseconds without a key
const dialog = document.querySelector("[data-palette]");

if (dialog) {
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const nothing = dialog.querySelector(".palette-empty");
  let hits = []; // {title, detail, icon, url | run}
  let selected = 0;
  let timer = 0;
  let asking = new AbortController();

  const open = () => {
    if (dialog.open) return;
    document.getElementById("account-menu")?.hidePopover();
    input.value = "";
    dialog.showModal();
    show(pages(""), true);
  };

  const show = (found, isWhole) => {
    hits = found;
    selected = 0;
    list.replaceChildren(...hits.map(option));
    nothing.hidden = hits.length > 0 || !isWhole;
    mark();
  };

  const mark = () => {
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === selected)));
    if (hits.length) input.setAttribute("aria-activedescendant", `hit-${selected}`);
    else input.removeAttribute("aria-activedescendant");
    list.children[selected]?.scrollIntoView({ block: "nearest" });
  };

  const option = (hit, index) => {
    const row = document.createElement("li");
    row.id = `hit-${index}`;
    row.role = "option";
    const title = document.createElement("span");
    title.className = "truncate";
    title.textContent = hit.title;
    const detail = document.createElement("small");
    detail.textContent = hit.detail;
    row.append(icon(hit.icon), title, detail);
    row.addEventListener("click", (event) => go(hit, event.ctrlKey || event.metaKey));
    return row;
  };

  const go = (hit, inNewTab = false) => {
    if (!hit) return;
    dialog.close();
    if (hit.run) hit.run();
    else if (inNewTab) window.open(hit.url, "_blank", "noopener");
    else location.assign(hit.url);
  };

  const search = async (text) => {
    asking.abort();
    asking = new AbortController();
    try {
      const url = `${dialog.dataset.searchUrl}?${new URLSearchParams({ q: text })}`;
      const response = await fetch(url, { signal: asking.signal, headers: { Accept: "application/json" } });
      if (response.ok) show([...pages(text), ...(await response.json()).hits], true);
    } catch (error) {
      if (error.name !== "AbortError") show(pages(text), true); // offline: the menu still works
    }
  };

  input.addEventListener("input", () => {
    const text = input.value.trim();
    clearTimeout(timer);
    asking.abort();
    show(pages(text), !text);
    if (text) timer = setTimeout(search, SEARCH_AFTER, text);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) {
      event.preventDefault();
      selected = (selected + step + hits.length) % hits.length;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(hits[selected], event.ctrlKey || event.metaKey);
    }
  });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-palette]")) open();
  });
}

/** The heading of the part of the menu that a link is in: two parts may have a line of the same name. */
function caption(link) {
  const before = link.closest("ul")?.previousElementSibling;
  return before?.matches(".nav-caption") ? before.textContent.trim() : "";
}

/** The links of the side and account menus and the theme switch, as far as they match; the closest first. */
function pages(text) {
  const links = [...document.querySelectorAll(".sidebar .nav a[href], #account-menu .nav a[href]")].map((link) => ({
    title: (link.querySelector(".truncate") ?? link).textContent.trim(),
    detail: caption(link),
    icon: link.querySelector("use")?.getAttribute("href").split("#")[1] ?? "people",
    url: link.href,
  }));
  const unique = [...new Map(links.map((link) => [link.url, link])).values()];
  const theme = { title: gettext("Switch between light and dark"), detail: "t", icon: "moon", run: switchTheme };
  return [...unique, theme]
    .map((hit) => [closeness(text, hit.title), hit])
    .filter(([score]) => score > 0)
    .sort(([a], [b]) => b - a)
    .map(([, hit]) => hit);
}
