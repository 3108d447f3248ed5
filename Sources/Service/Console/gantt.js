// A Gantt chart of bookings, drawn as SVG.

import { h, svg } from "/console/dom.js";
import { momentText, spanText, time } from "/console/times.js";

const laneHeight = 20;
const top = 30;
const steps = [60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 2 * 86400, 7 * 86400, 28 * 86400].map((s) => s * 1000);

/** A resource's name, short: `brno-1 processor` for `processor of host brno-1`, `brno → prague` for a core link. */
export function shortResource(name) {
  return name.replace(/^(.+) of (?:host|site) (\S+)$/, "$2 $1").replace(/^core link (\S+) -> (\S+)$/, "$1 → $2");
}

/** Rows of bookings: a row a resource, or a row a holder, with as many lanes as overlap. */
export function ganttRows(bookings, by) {
  const groups = new Map();
  for (const booking of bookings) {
    const name = by === "resource" ? booking.resource : booking.holder;
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(booking);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })).map(([name, items]) => {
    const ends = [];
    const bars = items.sort((a, b) => time(a.start) - time(b.start)).map((booking) => {
      let lane = ends.findIndex((end) => end <= time(booking.start));
      if (lane < 0) lane = ends.length;
      ends[lane] = time(booking.end);
      return { booking, lane };
    });
    return { name, bars, lanes: ends.length };
  });
}

/** Draws rows into a picture `width` wide; `view` is `{ from, until }` in milliseconds, `hue(booking)` the number of a
 *  bar's colour. */
export function drawGantt({ rows, view, width, now, hue, by }) {
  const labels = Math.min(190, Math.max(92, width * 0.2));
  const x = (moment) => labels + ((moment - view.from) / (view.until - view.from)) * (width - labels);
  let y = top;
  const parts = [];
  const clip = { left: labels, right: width };
  for (const row of rows) {
    const height = row.lanes * laneHeight + 6;
    parts.push(svg("line", { x1: 0, x2: width, y1: y, y2: y, class: "row-line" }),
      svg("text", { x: 4, y: y + 16, class: "row-name" }, svg("title", {}, row.name), cut(by === "resource" ? shortResource(row.name) : row.name, labels / 7.1)));
    for (const { booking, lane } of row.bars) parts.push(bar(booking, y + 3 + lane * laneHeight, x, clip, hue(booking), by));
    y += height;
  }
  const height = Math.max(y + 8, 120);
  return svg("svg", { class: "gantt", width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    svg("defs", {}, svg("pattern", { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("rect", { width: 3, height: 7, class: "hatch" }))),
    ticks(view, x, labels, width, height), parts,
    now >= view.from && now <= view.until ? svg("g", { class: "now" },
      svg("line", { x1: x(now), x2: x(now), y1: 20, y2: height }), svg("text", { x: x(now), y: 28 }, "now")) : null);
}

function bar(booking, y, x, clip, hue, by) {
  const [from, until] = [x(time(booking.start)), x(time(booking.end))];
  const left = Math.max(clip.left, from);
  const right = Math.min(clip.right, until);
  if (right <= left && (until < clip.left || from > clip.right)) return null;
  const wide = Math.max(2, right - left);
  const name = by === "resource" ? booking.holder : shortResource(booking.resource);
  const words = `${name}${booking.isOffer ? " (offer)" : ""}: ${booking.amount}`;
  const height = laneHeight - 3;
  // The part of the capacity stands as the filled part of the bar, from its ground.
  const filled = booking.share === undefined || booking.share === null ? height : Math.max(2, booking.share * height);
  return svg("g", { class: `booking hue-${hue} ${booking.isOffer ? "offer" : ""}` },
    svg("title", {}, `${words} of ${booking.resource}${booking.capacity ? ` (${booking.capacity})` : ""}, ${
      momentText(time(booking.start))} – ${momentText(time(booking.end))}`),
    svg("rect", { x: left, y, width: wide, height, rx: 3, class: "span" }),
    svg("rect", { x: left, y: y + height - filled, width: wide, height: filled, rx: 2, class: "part" }),
    booking.isOffer ? svg("rect", { x: left, y, width: wide, height, rx: 3, fill: "url(#hatch)" }) : null,
    wide > 44 ? svg("text", { x: left + 5, y: y + 12.5 }, cut(words, wide / 6.4)) : null);
}

function cut(text, length) {
  return text.length <= length ? text : `${text.slice(0, Math.max(1, Math.floor(length) - 1))}…`;
}

function ticks(view, x, left, width, height) {
  const wanted = (view.until - view.from) / Math.max(2, (width - left) / (width < 500 ? 62 : 92));
  const step = steps.find((candidate) => candidate >= wanted) ?? steps.at(-1);
  // Days begin at midnight of the reader's time zone.
  const offset = new Date(view.from).getTimezoneOffset() * 60000;
  const first = Math.ceil((view.from - offset) / step) * step + offset;
  const items = [];
  for (let moment = first; moment < view.until && items.length < 60; moment += step) {
    const date = new Date(moment);
    const isDay = step >= 86400000 || (date.getHours() === 0 && date.getMinutes() === 0);
    const text = isDay
      ? date.toLocaleDateString(undefined, { month: "short", day: "numeric" })
      : date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    items.push(svg("line", { x1: x(moment), x2: x(moment), y1: 20, y2: height, class: isDay ? "tick day" : "tick" }),
      svg("text", { x: x(moment), y: 14, class: isDay ? "tick-name day" : "tick-name" }, text));
  }
  return items;
}

/** The same as a table, for those who do not see the picture. */
export function bookingList(bookings) {
  return bookings.map((item) => ({ ...item, key: `${item.resource} ${item.holder} ${item.start} ${item.isOffer}` }));
}

/** What a view shows, in words. */
export function viewText({ from, until }) {
  return h("span", {}, `${momentText(from)} – ${momentText(until)} `, h("span", { class: "quiet" }, `(${spanText(until - from)})`));
}
