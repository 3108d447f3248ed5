// One infrastructure: its graph, its parts, its events, and what can be done with it.

import { get, list } from "/console/api.js";
import { button, h, link, replace, route } from "/console/dom.js";
import { eventTable } from "/console/eventTable.js";
import { Graph } from "/console/graph.js";
import { infrastructureActions } from "/console/infrastructureActions.js";
import { networkTable, nodeTable, partPanel, wireTable } from "/console/infrastructureParts.js";
import { live } from "/console/live.js";
import { problemBox, problemOf } from "/console/notices.js";
import { go } from "/console/router.js";
import { stateBadge } from "/console/states.js";
import { leaseText, momentElement } from "/console/times.js";

/** `#/infrastructures/NAME` and `#/infrastructures/NAME/nodes/NODE`. */
export async function infrastructureView(root, [name, node], life) {
  let document = null;
  let rates = [];
  let selected = node ? { kind: "node", name: node } : null;
  const path = `/v1/infrastructures/${encodeURIComponent(name)}`;
  const head = h("div", { class: "facts" });
  const actions = h("div", { class: "actions" });
  const trouble = h("div");
  const panel = h("aside", { class: "card panel", "aria-label": "Chosen part" });
  const choose = (kind, part) => {
    selected = selected?.kind === kind && selected.name === part ? null : { kind, name: part };
    draw();
  };
  const graph = new Graph(choose);
  const rateNote = h("p", { class: "quiet small-print rate-note" });
  const nodes = nodeTable((part) => go(route`/infrastructures/${name}/nodes/${part}`));
  const tables = { nodes, networks: networkTable(), wires: wireTable() };
  const events = eventTable("Nothing has happened since the service keeps events.");
  root.append(
    h("nav", { class: "path", "aria-label": "Path" }, link("/infrastructures", "Infrastructures"), " / "),
    h("div", { class: "view-head" }, h("h1", {}, name), head, actions), trouble,
    h("div", { class: "graph-and-panel" }, h("section", { class: "card graph-card" }, graph.element, rateNote), panel),
    part("Nodes", tables.nodes), part("Networks", tables.networks), part("Wires", tables.wires), part("Events", events));

  function draw() {
    if (!document) return;
    const { summary } = document;
    replace(head, stateBadge(summary.phase), h("span", {}, leaseText(summary.start, summary.end)),
      h("span", { class: "quiet" }, momentElement(summary.start), " – ", momentElement(summary.end)),
      h("span", { class: "quiet" }, summary.project ? `${summary.owner} in ${summary.project}` : summary.owner),
      summary.cause ? h("span", { class: "cause" }, summary.cause) : null);
    replace(actions, infrastructureActions(document, refresh));
    graph.show(document, selected);
    replace(panel, partPanel(document, rates, selected, choose));
    tables.nodes.fill(document.nodes);
    tables.networks.fill(document.networks);
    tables.wires.fill(document.wires);
  }

  let drawnRevision = null;
  const refresh = life.every(20, async () => {
    try {
      document = await get(path, { signal: life.signal });
      trouble.replaceChildren();
    } catch (error) {
      if (life.isOver) return;
      trouble.replaceChildren(problemBox(problemOf(error), error.status === 404 ? gone() : null));
      return;
    }
    if (document.summary.revision !== drawnRevision) {
      if (await graph.load(name, life.signal)) drawnRevision = document.summary.revision;
      refreshRates();
    }
    draw();
  });
  let noRatesUntil = 0;
  const refreshRates = life.every(2, async () => {
    if (document?.summary.phase !== "running" || Date.now() < noRatesUntil) return;
    try {
      rates = await list(`${path}/rates`, { signal: life.signal });
      rateNote.textContent = rates.missing.length === 0 ? "" : `No rates of ${rates.missing.join(", ")}: no answer from there.`;
    } catch (error) {
      if (life.isOver) return;
      rates = [];
      // Counters that cannot be read now will not be read in two seconds either.
      noRatesUntil = Date.now() + 30000;
      rateNote.textContent = `No rates: ${error.message}`;
    }
    if (life.isOver) return;
    graph.flow(rates);
    // Who is about to copy from it is not disturbed.
    if (selected && !panel.contains(getSelection().isCollapsed ? null : getSelection().anchorNode)) replace(panel, partPanel(document, rates, selected, choose));
  });
  life.onEvents(["infrastructure", "lease", "operation", "host"], (event) => {
    if (event === null || event.object === name || event.kind !== "infrastructure") refresh();
  });
  showEvents(name, events, life);
}

function part(title, table) {
  return h("section", { class: "card" }, h("h2", {}, title), table.element);
}

function gone() {
  return h("p", {}, button("To the list", () => go("/infrastructures")));
}

/** What has happened, and what happens. */
async function showEvents(name, table, life) {
  let items = [];
  table.fill(items);
  life.listen(live, "event", ({ detail }) => {
    if (detail.object !== name) return;
    items = [detail, ...items.filter(({ id }) => id !== detail.id)].slice(0, 100);
    table.fill(items);
  });
  try {
    const past = await list(`/v1/events?infrastructure=${encodeURIComponent(name)}`, { signal: life.signal });
    const newer = items.filter((item) => !past.some(({ id }) => id === item.id));
    items = [...newer, ...past.reverse()].slice(0, 100);
    table.fill(items);
  } catch {
    // The table stays with what comes by the stream; the view has told of a service that is away.
  }
}
