// The messages at the foot of the page. Good news goes by itself, bad news stays until it is dismissed.
import { each } from "./each.js";
import { icon } from "./icon.js";

const GOOD_NEWS_STAYS = 6000; // milliseconds; long enough to read two short sentences

each("[data-message]", (message) => {
  message.querySelector("[data-message-close]").addEventListener("click", () => message.remove());
  if (message.matches(".success, .info")) setTimeout(() => message.remove(), GOOD_NEWS_STAYS);
});

// Other scripts say something by document.dispatchEvent(new CustomEvent("message", {detail: {text, level}})).
document.addEventListener("message", (event) => {
  const { text, level = "success" } = event.detail;
  const message = document.createElement("div");
  message.className = `message ${level}`;
  const words = document.createElement("p");
  words.textContent = text;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet small icon-only";
  button.setAttribute("aria-label", gettext("Dismiss"));
  button.append(icon("close"));
  button.addEventListener("click", () => message.remove());
  message.append(icon(level === "success" || level === "info" ? "check" : "warning"), words, button);
  document.querySelector("[data-messages]").append(message);
  if (level === "success" || level === "info") setTimeout(() => message.remove(), GOOD_NEWS_STAYS);
});
