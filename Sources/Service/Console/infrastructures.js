// The list of infrastructures.

import { list } from "/console/api.js";
import { h, identifier, link, route } from "/console/dom.js";
import { problemBox, problemOf } from "/console/notices.js";
import { go, setQuery } from "/console/router.js";
import { session } from "/console/session.js";
import { stateBadge } from "/console/states.js";
import { Table } from "/console/table.js";
import { leaseText, time } from "/console/times.js";

const phases = ["requested", "reserved", "building", "running", "paused", "ending", "failed"];

/** `#/infrastructures?search=&phase=`. */
export async function infrastructuresView(root, _, life, query) {
  let rows = [];
  const search = h("input", {
    type: "search", id: identifier("search"), value: query.get("search") ?? "", placeholder: "Name, owner, project, cause",
    spellcheck: "false", "aria-label": "Search",
  });
  const phase = h("select", { "aria-label": "Phase" }, h("option", { value: "" }, "All phases"),
    phases.map((name) => h("option", { value: name, selected: query.get("phase") === name }, name)));
  const count = h("span", { class: "quiet", role: "status" });
  const trouble = h("div");
  const table = infrastructureTable("No infrastructure matches.");
  root.append(
    h("div", { class: "view-head" }, h("h1", {}, "Infrastructures"),
      session.may("user") && session.grants("plan") ? link("/editor", "New …", { class: "button primary" }) : null),
    h("div", { class: "filters" }, search, phase, count), trouble, h("section", { class: "card" }, table.element));

  function draw() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = rows.filter((row) => {
      const text = [row.name, row.owner, row.project, row.cause].join(" ").toLowerCase();
      return words.every((word) => text.includes(word)) && (phase.value === "" || row.phase === phase.value);
    });
    table.none.textContent = rows.length > 0 ? "No infrastructure matches."
      : session.may("user") ? "There are none yet. New … begins one: the editor has examples." : "There are none that you may see.";
    table.fill(shown);
    count.textContent = shown.length === rows.length ? `${rows.length} in all` : `${shown.length} of ${rows.length}`;
  }

  const changed = () => {
    setQuery({ search: search.value, phase: phase.value });
    table.rewind();
    draw();
  };
  search.addEventListener("input", changed);
  phase.addEventListener("change", changed);
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") table.body.querySelector("tr")?.focus();
  });
  const refresh = life.every(30, async () => {
    try {
      rows = await list("/v1/infrastructures", { signal: life.signal, limit: 20000 });
      trouble.replaceChildren();
      draw();
    } catch (error) {
      if (!life.isOver) trouble.replaceChildren(problemBox(problemOf(error)));
    }
  });
  life.onEvents(["infrastructure", "lease", "operation"], refresh);
  await Promise.resolve();
}

/** A table of summaries; its rows open the infrastructure. */
export function infrastructureTable(empty) {
  const columns = [
    { name: "Name", cell: (row) => h("strong", {}, row.name), sort: (row) => row.name },
    { name: "Phase", cell: (row) => stateBadge(row.phase), sort: (row) => phases.indexOf(row.phase) },
    { name: "Lease", cell: (row) => h("span", { class: "nowrap", title: `${row.start} – ${row.end ?? "no end"}` }, leaseText(row.start, row.end)), sort: (row) => time(row.end) },
    { name: "Nodes", cell: (row) => `${row.running} of ${row.nodes} run`, isNumber: true, sort: (row) => row.nodes },
    { name: "Networks", cell: (row) => row.networks, isNumber: true, sort: (row) => row.networks },
    { name: "Owner", cell: (row) => row.owner, sort: (row) => row.owner },
    { name: "Project", cell: (row) => row.project ?? h("span", { class: "quiet" }, "–"), sort: (row) => row.project ?? "" },
    { name: "Cause", cell: (row) => (row.cause ? h("span", { class: "cause" }, row.cause) : null) },
  ];
  return new Table("Infrastructures", columns, {
    key: (row) => row.name, empty, changesWithTime: true, pageSize: 100,
    open: (row) => go(route`/infrastructures/${row.name}`),
  });
}
