// Who changed what, when, from where, and what came of it.

import { get } from "/console/api.js";
import { h } from "/console/dom.js";
import { problemBox, problemOf } from "/console/notices.js";
import { Pager } from "/console/pager.js";
import { setQuery } from "/console/router.js";
import { session } from "/console/session.js";
import { Table } from "/console/table.js";
import { fullMomentElement } from "/console/times.js";

const pageSize = 50;

/** `#/audit?user=&action=&outcome=`. */
export async function auditView(root, _, life, query) {
  /** Where the pages before this one begin; null: with the latest. */
  let begins = [null];
  let next = null;
  const user = h("input", {
    type: "search", placeholder: "User, the whole name", "aria-label": "User", value: query.get("user") ?? "", spellcheck: "false", autocomplete: "off",
  });
  const action = choice("Action", "All actions", query.get("action"));
  const outcome = choice("Outcome", "All outcomes", query.get("outcome"), [["done", "done"], ["failed", "refused or failed"]]);
  const trouble = h("div");
  const table = auditTable();
  const pager = new Pager("the audit log", (step) => turn(step), { previous: "← Newer", next: "Older →" });
  table.element.append(pager.element);
  root.append(
    h("div", { class: "view-head" }, h("h1", {}, "Audit log"), h("p", { class: "quiet" }, "Every request that changes something, the newest first.")),
    h("div", { class: "filters" }, user, action, outcome), trouble, h("section", { class: "card" }, table.element));
  if (!session.mayEverywhere("operator")) {
    table.element.hidden = true;
    trouble.append(problemBox({ code: "not-permitted", detail: "The audit log is for operators.", remedy: "Ask an administrator for that role." }));
    return;
  }

  const filters = () => ({ user: user.value.trim(), action: action.value, outcome: outcome.value });

  function turn(step) {
    if (step > 0) begins.push(next);
    else begins.pop();
    read();
  }

  const read = life.every(30, async () => {
    const begin = begins.at(-1);
    const wanted = filters();
    const parameters = new URLSearchParams(Object.entries({ ...wanted, after: begin, limit: pageSize }).filter(([, value]) => value));
    try {
      const page = await get(`/v1/audit?${parameters}`, { signal: life.signal });
      // What was asked for may be another page by now.
      if (begin !== begins.at(-1) || JSON.stringify(wanted) !== JSON.stringify(filters())) return read();
      next = page.next ?? null;
      table.fill(page.items);
      for (const { outcome: code } of page.items) addOption(outcome, code);
      pager.show(begins.length === 1 ? "The newest" : `Page ${begins.length}`, begins.length > 1, next !== null);
      trouble.replaceChildren();
    } catch (error) {
      if (!life.isOver) trouble.replaceChildren(problemBox(problemOf(error)));
    }
  });
  const changed = () => {
    begins = [null];
    setQuery(filters());
    read();
  };
  let timer;
  user.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => life.isOver || changed(), 250);
  });
  for (const select of [action, outcome]) select.addEventListener("change", changed);
  await nameActions(action, life);
}

/** What can be asked for, from the API's own description. */
async function nameActions(select, life) {
  try {
    const { paths } = await get("/v1/openapi.json", { signal: life.signal });
    const names = Object.values(paths).flatMap((methods) =>
      Object.entries(methods).filter(([method]) => method !== "get").map(([, { operationId }]) => operationId));
    for (const name of names.filter(Boolean).sort()) addOption(select, name);
  } catch {
    // Without it there is no choice of actions; the log is there all the same.
  }
}

function choice(label, all, value, options = []) {
  const select = h("select", { "aria-label": label }, h("option", { value: "" }, all), options.map(([name, words]) => h("option", { value: name }, words)));
  if (value) {
    addOption(select, value);
    select.value = value;
  }
  return select;
}

function addOption(select, value) {
  if (![...select.options].some((option) => option.value === value)) select.append(h("option", { value }, value));
}

function auditTable() {
  return new Table("Audit log", [
    { name: "Time", cell: ({ time }) => fullMomentElement(time) },
    { name: "User", cell: ({ user }) => user || h("span", { class: "quiet" }, "nobody known") },
    { name: "Action", cell: ({ action }) => action },
    { name: "Object", cell: ({ object }) => object ?? null },
    { name: "Outcome", cell: ({ outcome }) => h("span", { class: `badge ${outcome === "done" ? "good" : "bad"}` }, outcome) },
    { name: "From", cell: ({ address, origin }) => [address, " ", h("span", { class: "quiet" }, `by ${origin}`)] },
  ], { empty: "Nothing that matches was done." });
}
