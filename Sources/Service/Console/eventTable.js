// Events in a table.

import { h, link, route } from "/console/dom.js";
import { stateBadge } from "/console/states.js";
import { Table } from "/console/table.js";
import { clockElement } from "/console/times.js";

/** A table of events; `empty` is what stands there before any came. */
export function eventTable(empty) {
  return new Table("Events", [
    { name: "Time", cell: (event) => clockElement(event.time) },
    { name: "Kind", cell: (event) => event.kind },
    { name: "Object", cell: (event) => object(event) },
    { name: "What", cell: (event) => stateBadge(event.what) },
    { name: "Owner", cell: (event) => [event.owner ?? "", event.project ? h("span", { class: "quiet" }, ` in ${event.project}`) : null] },
    { name: "Cause", cell: (event) => (event.cause ? h("span", { class: "cause" }, event.cause) : null) },
  ], { key: (event) => String(event.id), empty });
}

function object({ kind, object: name }) {
  return ["infrastructure", "lease"].includes(kind)
    ? link(route`/infrastructures/${name}`, name, { data: { focus: `event:${name}` } })
    : name;
}
