// Moments and spans of time for people. Moments are shown in the browser's time zone, with UTC as their title.

import { h } from "/console/dom.js";

const moment = new Intl.DateTimeFormat(undefined, {
  month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const fullMoment = new Intl.DateTimeFormat(undefined, {
  year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "short", day: "numeric" });
const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

/** Milliseconds since 1970; infinite for `never` and for nothing. */
export function time(text) {
  if (text === undefined || text === null || text === "never") return Infinity;
  const value = Date.parse(text);
  return Number.isNaN(value) ? Infinity : value;
}

/** Two largest units: `2d 3h`, `4m`, `12s`. */
export function spanText(milliseconds) {
  let rest = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [];
  for (const [unit, length] of [["d", 86400], ["h", 3600], ["m", 60], ["s", 1]]) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count}${unit}`);
    if (parts.length === 2 || (parts.length === 1 && (unit === "m" || count === 0))) break;
  }
  return parts.join(" ") || "0s";
}

/** What is left of a lease. */
export function leaseText(start, end, now = Date.now()) {
  if (time(start) > now && Number.isFinite(time(start))) return `starts in ${spanText(time(start) - now)}`;
  if (time(end) === Infinity) return "no end";
  return time(end) <= now ? "over" : `${spanText(time(end) - now)} left`;
}

/** A moment as an element; of another year only the day. */
export function momentElement(text) {
  if (time(text) === Infinity) return h("span", { class: "quiet" }, "no end");
  const isThisYear = new Date(time(text)).getFullYear() === new Date().getFullYear();
  return h("time", { datetime: text, title: text }, (isThisYear ? moment : day).format(time(text)));
}

/** A moment with its year and its seconds, as an element. */
export function fullMomentElement(text) {
  return h("time", { datetime: text, title: text }, fullMoment.format(time(text)));
}

/** The time of day as an element; of another day than today its date, too. */
export function clockElement(text) {
  const isToday = new Date(time(text)).toDateString() === new Date().toDateString();
  return h("time", { datetime: text, title: text }, (isToday ? clock : fullMoment).format(time(text)));
}

export function momentText(milliseconds) {
  return Number.isFinite(milliseconds) ? moment.format(milliseconds) : "no end";
}
