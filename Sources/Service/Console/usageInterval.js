// Intervals of whole days, in the reader's time zone.

const day = 86400 * 1000;

/** What can be chosen: value and words. */
export const intervals = [
  ["1d", "Today"], ["7d", "Last 7 days"], ["30d", "Last 30 days"], ["month", "This month"], ["lastMonth", "Last month"],
  ["year", "This year"], ["days", "From … until …"],
];

/** An interval by its name: `from` and `until` as the service takes them, `first` and `last` its days. Null where the last
 *  day is before the first. */
export function interval(name, firstText, lastText, now = new Date()) {
  const at = (year, month, date) => new Date(year, month, date);
  const [year, month, date] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const back = (days) => ({ first: at(year, month, date - days + 1), last: at(year, month, date) });
  const { first, last } = {
    "1d": () => back(1), "7d": () => back(7), "30d": () => back(30),
    month: () => ({ first: at(year, month, 1), last: at(year, month, date) }),
    lastMonth: () => ({ first: at(year, month - 1, 1), last: at(year, month, 0) }),
    year: () => ({ first: at(year, 0, 1), last: at(year, month, date) }),
    days: () => ({ first: midnight(firstText) ?? back(30).first, last: midnight(lastText) ?? back(30).last }),
  }[name]?.() ?? back(30);
  if (last < first) return null;
  const end = at(last.getFullYear(), last.getMonth(), last.getDate() + 1);
  return { first, last, from: moment(first), until: moment(end), length: end - first };
}

/** In how many parts it is drawn: hours of a day, days, weeks, or as many as can be told apart. */
export function parts({ length }) {
  const days = Math.round(length / day);
  if (days <= 2) return days * 24;
  return days <= 62 ? days : Math.min(60, Math.round(days / 7));
}

/** `2026-11-21`, as fields for days have it. */
export function dayText(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function midnight(text) {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text ?? "");
  return match ? new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3])) : null;
}

function moment(date) {
  return date.toISOString().replace(/\.\d+/, "");
}
