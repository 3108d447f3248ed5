// Usage over time as stacked columns, drawn as SVG; the same as a table below it.

import { h, svg } from "/console/dom.js";
import { Table } from "/console/table.js";
import { parts } from "/console/usageInterval.js";
import { amountText, usageName } from "/console/usageWords.js";

/** So many users or projects have a colour and a pattern of their own; the others share one. */
const most = 5;
/** These are hatched, each its own way: colours alone do not tell everybody which is which. */
const hatched = [1, 3];
const left = 52;
const top = 10;
const height = 190;
const bottom = 24;

/** The chart with its legend; `show` draws it anew. */
export class UsageChart {
  #data = null;

  constructor(life) {
    this.picture = h("div", { class: "usage-picture" });
    this.legend = h("ul", { class: "legend" });
    this.details = h("details", {}, h("summary", {}, "As a table"));
    this.element = h("div", { class: "usage-chart" }, this.picture, this.legend, this.details);
    const observer = new ResizeObserver(() => this.#draw());
    observer.observe(this.picture);
    life.signal.addEventListener("abort", () => observer.disconnect());
  }

  /** `rows` by part, `whole` over all of the interval, as the service gives both. */
  show({ rows, whole, interval, measure, by }) {
    const used = whole.filter((row) => row[measure.name] > 0).sort((a, b) => b[measure.name] - a[measure.name]);
    const names = used.map((row) => usageName(row, by));
    const own = names.length > most + 1 ? names.slice(0, most) : names;
    const series = names.length > own.length ? [...own, `${names.length - own.length} others`] : own;
    const columns = columnsOf(interval);
    for (const row of rows) {
      const index = Math.floor(((Date.parse(row.from) - interval.first) / interval.length) * columns.length + 0.001);
      const found = own.indexOf(usageName(row, by));
      if (columns[index] && row[measure.name] > 0) columns[index].values[found < 0 ? own.length : found] += row[measure.name];
    }
    this.#data = { columns, series, measure, interval };
    this.#draw();
    this.legend.replaceChildren(...series.map((name, index) => h("li", {}, swatch(index), name)));
    this.details.replaceChildren(this.details.firstChild, partTable(this.#data));
    this.details.hidden = series.length === 0;
  }

  #draw() {
    const width = this.picture.clientWidth;
    if (!this.#data || width === 0) return;
    const none = () => h("p", { class: "quiet empty" }, "Nothing was used in this interval.");
    this.picture.replaceChildren(this.#data.series.length ? drawing(this.#data, width) : none());
  }
}

function columnsOf(interval) {
  const count = parts(interval);
  return Array.from({ length: count }, (_, index) => ({
    from: new Date(interval.first.getTime() + (interval.length / count) * index), values: Array(most + 1).fill(0),
  }));
}

function drawing({ columns, series, measure, interval }, width) {
  const sums = columns.map(({ values }) => values.reduce((a, b) => a + b, 0));
  const step = niceStep(Math.max(...sums));
  const highest = Math.max(step, Math.ceil(Math.max(...sums) / step) * step);
  const y = (value) => top + height * (1 - value / highest);
  const wide = (width - left) / columns.length;
  const gap = wide > 8 ? 2 : wide > 4 ? 1 : 0;
  const lines = Array.from({ length: Math.round(highest / step) + 1 }, (_, index) => index * step).map((value) => [
    svg("line", { x1: left, x2: width, y1: y(value), y2: y(value), class: "row-line" }),
    svg("text", { x: left - 6, y: y(value) + 4, class: "level" }, amountText(value)),
  ]);
  const bars = columns.map(({ from, values }, index) => {
    let sum = 0;
    const words = values.flatMap((value, number) => (value > 0 ? [`${series[number]}: ${amountText(value)} ${measure.unit}`] : []));
    return svg("g", {}, svg("title", {}, [moment(from, interval), ...words].join("\n")),
      svg("rect", { x: left + index * wide, y: top, width: wide, height, class: "whole" }),
      values.map((value, number) => {
        if (value <= 0) return null;
        sum += value;
        const size = { width: Math.max(1, wide - gap), height: Math.max(0.5, y(sum - value) - y(sum)) };
        return filled({ x: left + index * wide + gap / 2, y: y(sum), ...size }, number);
      }));
  });
  const every = Math.ceil(columns.length / Math.max(1, Math.floor((width - left) / 74)));
  const ticks = columns.flatMap(({ from }, index) => (index % every === 0
    ? [svg("text", { x: left + index * wide + 1, y: top + height + 16, class: "day" }, moment(from, interval))] : []));
  return svg("svg", { class: "usage", width, height: top + height + bottom, viewBox: `0 0 ${width} ${top + height + bottom}`, "aria-hidden": "true" },
    svg("defs", {}, hatched.map(pattern)), lines, bars, ticks);
}

function pattern(number) {
  const turned = number === 1 ? "rotate(45)" : "rotate(-45)";
  return svg("pattern", { id: `series-pattern-${number}`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: turned },
    svg("rect", { width: 2, height: 6, class: "series-hatch" }));
}

function filled(area, number) {
  return [svg("rect", { ...area, class: `series-${number}` }),
    hatched.includes(number) ? svg("rect", { ...area, fill: `url(#series-pattern-${number})` }) : null];
}

function swatch(number) {
  const size = { width: 14, height: 14 };
  return svg("svg", { ...size, class: "swatch", "aria-hidden": "true" }, filled({ ...size, rx: 2 }, number));
}

/** A step of 1, 2 or 5 with zeros, so that there are three to six of them. */
function niceStep(highest) {
  if (!(highest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(highest / 4));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => highest / step <= 6);
}

function moment(date, { length }) {
  return length > 2.5 * 86400 * 1000 ? date.toLocaleDateString(undefined, { month: "short", day: "numeric" })
    : date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

function partTable({ columns, series, measure, interval }) {
  const table = new Table(`${measure.label} over time`, [
    { name: "From", cell: ({ from }) => moment(from, interval) },
    ...series.map((name, number) => ({ name, cell: ({ values }) => amountText(values[number]), isNumber: true })),
  ], { empty: "Nothing was used in this interval." });
  table.fill(columns);
  return table.element;
}
