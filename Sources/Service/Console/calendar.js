// What is reserved when.

import { list } from "/console/api.js";
import { button, h } from "/console/dom.js";
import { bookingList, drawGantt, ganttRows, shortResource, viewText } from "/console/gantt.js";
import { problemBox, problemOf } from "/console/notices.js";
import { setQuery } from "/console/router.js";
import { stateBadge } from "/console/states.js";
import { Table } from "/console/table.js";
import { momentElement } from "/console/times.js";

const hour = 3600 * 1000;
const hues = 8;

/** `#/calendar?by=resource|infrastructure&resource=&hours=`. */
export async function calendarView(root, _, life, query) {
  let bookings = [];
  const span = Number(query.get("hours")) * hour || 24 * hour;
  const view = { from: Date.now() - span / 8, until: Date.now() + (span * 7) / 8 };
  const by = h("select", { "aria-label": "Rows" }, [["holder", "By infrastructure"], ["resource", "By resource"]].map(([value, name]) =>
    h("option", { value, selected: query.get("by") === value }, name)));
  const search = h("input", {
    type: "search", placeholder: "Resource or infrastructure", "aria-label": "Filter", value: query.get("search") ?? "",
    spellcheck: "false",
  });
  const shown = h("p", { class: "calendar-span", role: "status" });
  const trouble = h("div");
  const chart = h("div", {
    class: "gantt-box", tabindex: "0", role: "group",
    "aria-label": "Calendar; arrows move in time, plus and minus zoom, n goes to now. The table below says the same.",
  });
  const table = bookingTable();
  const tools = h("div", { class: "tools", role: "group", "aria-label": "Time" },
    tool("←", "Earlier", () => move(-0.25)), tool("Now", "Now", () => toNow()), tool("→", "Later", () => move(0.25)),
    tool("+", "Closer", () => zoom(0.5)), tool("−", "Farther", () => zoom(2)));
  root.append(
    h("div", { class: "view-head" }, h("h1", {}, "Calendar"), shown),
    h("div", { class: "filters" }, search, by, tools), trouble,
    h("section", { class: "card" }, chart,
      h("p", { class: "quiet small-print" }, "The filled part of a bar is its part of the capacity. Hatched: offered, not yet taken.")),
    h("details", { class: "card" }, h("summary", {}, h("h2", {}, "As a table")), table.element));

  function draw() {
    if (life.isOver || chart.clientWidth === 0) return;
    const words = search.value.toLowerCase().trim();
    const wanted = bookings.filter((item) => `${item.resource} ${item.holder}`.toLowerCase().includes(words));
    // What has one colour: an infrastructure, or a host or a link's beginning.
    const owner = (item) => (by.value === "resource" ? item.holder : shortResource(item.resource).split(" ")[0]);
    const owners = [...new Set(bookings.map(owner))].sort();
    const hue = (item) => owners.indexOf(owner(item)) % hues;
    const rows = ganttRows(wanted, by.value);
    chart.replaceChildren(rows.length
      ? drawGantt({ rows, view, width: chart.clientWidth, now: Date.now(), hue, by: by.value })
      : h("p", { class: "quiet empty" }, "Nothing is reserved in this time."));
    shown.replaceChildren(viewText(view));
    table.fill(bookingList(wanted));
  }

  function set(from, until) {
    Object.assign(view, { from, until });
    draw();
    read();
  }

  const move = (part) => {
    const step = (view.until - view.from) * part;
    set(view.from + step, view.until + step);
  };
  const zoom = (factor, at = (view.from + view.until) / 2) => {
    const length = Math.min(400 * 24 * hour, Math.max(hour / 4, (view.until - view.from) * factor));
    const left = (at - view.from) / (view.until - view.from);
    set(at - left * length, at + (1 - left) * length);
  };
  const toNow = () => {
    const length = view.until - view.from;
    set(Date.now() - length / 8, Date.now() + (length * 7) / 8);
  };
  const keys = {
    ArrowLeft: () => move(-0.125), ArrowRight: () => move(0.125), PageUp: () => move(-1), PageDown: () => move(1),
    "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), n: toNow, Home: toNow,
  };
  chart.addEventListener("keydown", (event) => {
    const action = keys[event.key];
    if (!action || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    action();
  });
  const changed = () => {
    setQuery({ by: by.value === "holder" ? "" : by.value, search: search.value });
    draw();
  };
  by.addEventListener("change", changed);
  search.addEventListener("input", changed);
  const observer = new ResizeObserver(draw);
  observer.observe(chart);
  life.signal.addEventListener("abort", () => observer.disconnect());

  const read = life.every(30, async () => {
    const [from, until] = [view.from, view.until].map((moment) => new Date(moment).toISOString().replace(/\.\d+/, ""));
    try {
      bookings = await list(`/v1/calendar?from=${from}&until=${until}`, { signal: life.signal });
      trouble.replaceChildren();
    } catch (error) {
      if (!life.isOver) trouble.replaceChildren(problemBox(problemOf(error)));
    }
    draw();
  });
  life.onEvents(["infrastructure", "lease", "offer", "substrate"], read);
}

function tool(label, name, action) {
  return button(label, action, { "aria-label": name, title: name, class: "small" });
}

function bookingTable() {
  return new Table("Bookings", [
    { name: "Resource", cell: (item) => item.resource }, { name: "Held by", cell: (item) => item.holder },
    { name: "From", cell: (item) => momentElement(item.start) }, { name: "Until", cell: (item) => momentElement(item.end) },
    { name: "Amount", cell: (item) => item.amount, isNumber: true },
    { name: "Of", cell: (item) => item.capacity ?? "not limited", isNumber: true },
    { name: "", cell: (item) => (item.isOffer ? stateBadge("offer") : null) },
  ], { key: (item) => item.key, empty: "Nothing is reserved in this time." });
}
