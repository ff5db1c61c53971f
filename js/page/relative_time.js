// <time data-ago datetime="…">: "3 min ago" stays true while the page is open; the exact time in this browser's own
// zone is in the title. The words are those of the {% ago %} tag (config/templatetags/page.py).
import { each } from "./each.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const exact = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "long" });

each("time[data-ago]", refresh);
setInterval(() => document.querySelectorAll("time[data-ago]").forEach(refresh), 20_000);

function refresh(element) {
  const moment = new Date(element.dateTime);
  element.title = exact.format(moment);
  const text = distance(moment);
  if (text && element.textContent !== text) element.textContent = text;
}

/** What to write now; "" for dates long past, which stay as the server wrote them. */
export function distance(moment, now = Date.now()) {
  const difference = (now - moment.getTime()) / 1000;
  const seconds = Math.abs(difference);
  if (seconds < 45) return gettext("just now");
  if (seconds >= 30 * DAY) return "";
  const [unit, size] =
    seconds < HOUR
      ? [gettext("%(count)s min"), MINUTE]
      : seconds < DAY
        ? [gettext("%(count)s h"), HOUR]
        : [gettext("%(count)s d"), DAY];
  const whole = size === DAY ? Math.round : Math.floor;
  const amount = interpolate(unit, { count: Math.max(1, whole(seconds / size)) }, true);
  return interpolate(difference < 0 ? gettext("in %(amount)s") : gettext("%(amount)s ago"), { amount }, true);
}
