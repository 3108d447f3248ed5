// What users and projects took over an interval, and what it comes to.

import { list } from "/console/api.js";
import { button, h } from "/console/dom.js";
import { problemBox, problemOf } from "/console/notices.js";
import { setQuery } from "/console/router.js";
import { csvText, saveText } from "/console/saving.js";
import { Table } from "/console/table.js";
import { UsageChart } from "/console/usageChart.js";
import { dayText, interval, intervals, parts } from "/console/usageInterval.js";
import { amountText, measures, usageName } from "/console/usageWords.js";

/** `#/usage?by=user|project&span=&from=&until=&measure=`. */
export async function usageView(root, _, life, query) {
  let rows = [];
  let shownBy = "user";
  let sums = null;
  const by = select("Whose", [["user", "By user"], ["project", "By project"]], query.get("by"));
  const span = select("Interval", intervals, query.get("span") ?? "30d");
  const from = h("input", { type: "date", "aria-label": "First day", value: query.get("from") });
  const until = h("input", { type: "date", "aria-label": "Last day", value: query.get("until") });
  const days = h("span", { class: "days" }, from, " – ", until);
  const measure = select("Chart", measures.map(({ name, label }) => [name, label]), query.get("measure"));
  const save = button("Save as CSV", () => saveRows(rows, shownBy, chosen()), { disabled: true });
  const sum = h("p", { class: "figures", role: "status" });
  const trouble = h("div");
  const chart = new UsageChart(life);
  const table = h("section", { class: "card" });
  root.append(
    h("div", { class: "view-head" }, h("h1", {}, "Usage and cost"), sum),
    h("div", { class: "filters" }, by, span, days, save), trouble,
    h("section", { class: "card" }, h("div", { class: "card-head" }, h("h2", {}, "Over time"), measure), chart.element), table,
    h("p", { class: "quiet small-print" }, "Counted from the start of an infrastructure to its end, by what was reserved. ",
      "The cost is in the units of the substrate's prices; promised is what core links were reserved for."));

  const chosen = () => interval(span.value, from.value, until.value);

  const read = life.every(120, async () => {
    const [whose, wanted] = [by.value, chosen()];
    days.hidden = span.value !== "days";
    if (!wanted) {
      trouble.replaceChildren(problemBox({ code: "times-order", detail: "The last day is before the first.", remedy: "Choose another day." }));
      return;
    }
    const path = `/v1/usage?by=${whose}&from=${wanted.from}&until=${wanted.until}`;
    try {
      const [whole, inParts] = await Promise.all([
        list(path, { signal: life.signal }), list(`${path}&parts=${parts(wanted)}`, { signal: life.signal, limit: 20000 }),
      ]);
      // Something else may have been chosen meanwhile.
      if (whose !== by.value || wanted.from !== chosen()?.from || wanted.until !== chosen()?.until) return read();
      if (shownBy !== whose || !sums) {
        sums = usageTable(whose);
        table.replaceChildren(sums.element);
      }
      [rows, shownBy] = [whole, whose];
      sums.fill(rows);
      save.disabled = rows.length === 0;
      sum.textContent = sumText(rows, whose, wanted);
      chart.show({ rows: inParts, whole, interval: wanted, measure: measures.find(({ name }) => name === measure.value), by: whose });
      trouble.replaceChildren();
    } catch (error) {
      if (!life.isOver) trouble.replaceChildren(problemBox(problemOf(error)));
    }
  });
  const changed = () => {
    // Who begins to choose days begins with those that are shown.
    if (span.value === "days" && !from.value) {
      [from.value, until.value] = ["first", "last"].map((end) => dayText(interval("30d")[end]));
    }
    const unless = (usual, { value }) => (value === usual ? "" : value);
    setQuery({
      by: unless("user", by), span: unless("30d", span), measure: unless("cost", measure),
      ...(span.value === "days" ? { from: from.value, until: until.value } : {}),
    });
    read();
  };
  for (const control of [by, span, from, until, measure]) control.addEventListener("change", changed);
}

function select(label, options, value) {
  return h("select", { "aria-label": label }, options.map(([option, words]) => h("option", { value: option, selected: option === value }, words)));
}

function usageTable(by) {
  const number = (name, label) => ({ name: label, cell: (row) => amountText(row[name]), sort: (row) => row[name], isNumber: true });
  return new Table(by === "project" ? "Usage by project" : "Usage by user", [
    {
      name: by === "project" ? "Project" : "User", sort: (row) => usageName(row, by),
      cell: (row) => row.name ?? h("span", { class: "quiet" }, usageName(row, by)),
    },
    { name: "Infrastructures", cell: (row) => row.infrastructures, sort: (row) => row.infrastructures, isNumber: true },
    number("coreHours", "Core hours"), number("gibibyteHours", "GiB hours"), number("promisedGigabits", "Promised Gbit"), number("cost", "Cost"),
  ], { key: (row) => row.name ?? "", empty: "Nothing was used in this interval.", sorted: { by: "Cost", isDescending: true }, pageSize: 50 });
}

function sumText(rows, by, { first, last }) {
  const days = `${first.toLocaleDateString()} – ${last.toLocaleDateString()}`;
  const cost = rows.reduce((total, row) => total + row.cost, 0);
  return `${days} · ${rows.length} ${by}${rows.length === 1 ? "" : "s"} · cost ${amountText(cost)}`;
}

function saveRows(rows, by, { first, last }) {
  const head = [by, "infrastructures", "core_hours", "gibibyte_hours", "promised_gigabits", "cost"];
  const lines = rows.map((row) => [row.name ?? "", row.infrastructures, row.coreHours, row.gibibyteHours, row.promisedGigabits, row.cost]);
  saveText(csvText([head, ...lines]), `usage-${by}-${dayText(first)}-${dayText(last)}.csv`, "text/csv");
}
