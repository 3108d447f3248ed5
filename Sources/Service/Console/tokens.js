// Bearer tokens: which there are, a new one, and the end of one.

import { change, list } from "/console/api.js";
import { copyField } from "/console/copying.js";
import { ask, open } from "/console/dialog.js";
import { button, h, identifier } from "/console/dom.js";
import { askForm } from "/console/form.js";
import { notify, notifyFailure, problemBox, problemOf } from "/console/notices.js";
import { session } from "/console/session.js";
import { Table } from "/console/table.js";
import { momentElement, spanText, time } from "/console/times.js";

const scopes = [
  ["read", "read: look, change nothing"], ["plan", "plan: also ask what could be reserved"],
  ["write", "write: also build, change and end infrastructures"],
  ["admin", "admin: also tokens, hosts, projects"],
];
const lifetimes = [["1d", "1 day"], ["7d", "7 days"], ["30d", "30 days"], ["90d", "90 days"], ["365d", "a year"]];

const rank = (wanted) => scopes.findIndex(([scope]) => scope === wanted);

/** The part of the account's view that is about tokens. */
export function tokenPart(life) {
  const mayManage = session.grants("admin");
  const trouble = h("div");
  const table = tokenTable(mayManage, (token) => revoke(token, read));
  const read = life.every(60, async () => {
    try {
      table.fill(await list("/v1/tokens", { signal: life.signal }));
      trouble.replaceChildren();
    } catch (error) {
      if (!life.isOver) trouble.replaceChildren(problemBox(problemOf(error)));
    }
  });
  return h("section", { class: "card" },
    h("div", { class: "card-head" }, h("h2", {}, session.mayEverywhere("administrator") && mayManage ? "Everybody's tokens" : "Tokens"),
      mayManage ? button("New token …", () => issue(read), { class: "primary small" }) : null),
    mayManage ? null : h("p", { class: "quiet" }, "The token that you came with cannot make or revoke tokens: ",
      "that takes one with the scope 'admin', or 'virtcloud token' on the controller's machine."),
    trouble, table.element);
}

function tokenTable(mayManage, revokeIt) {
  const columns = [
    { name: "Label", cell: (token) => name(token), sort: ({ label }) => label },
    { name: "Token", cell: ({ id }) => h("code", {}, `vct_${id}…`) },
    { name: "Scope", cell: ({ scopes: held }) => held.at(-1), sort: ({ scopes: held }) => rank(held.at(-1)) },
    { name: "Made", cell: ({ created }) => momentElement(created), sort: ({ created }) => time(created) },
    {
      name: "Last used", cell: ({ lastUsed }) => (lastUsed ? momentElement(lastUsed) : quiet("not known")),
      sort: ({ lastUsed }) => (lastUsed ? time(lastUsed) : 0),
    },
    { name: "Expires", cell: ({ expires }) => expiry(expires), sort: ({ expires }) => time(expires) },
  ];
  if (session.mayEverywhere("administrator")) columns.splice(2, 0, { name: "Owner", cell: ({ owner }) => owner, sort: ({ owner }) => owner });
  if (mayManage) {
    columns.push({ name: "Actions", cell: (token) => button("Revoke …", () => revokeIt(token), {
      class: "small danger", "aria-label": `Revoke ${token.label || token.id}`, data: { focus: `revoke:${token.id}` },
    }) });
  }
  return new Table("Tokens", columns, {
    key: ({ id }) => id, empty: "There are no tokens.", sorted: { by: "Made", isDescending: true }, pageSize: 50, changesWithTime: true,
  });
}

function name(token) {
  const label = token.label ? h("strong", {}, token.label) : quiet("no label");
  return token.id === session.identity?.token ? [label, " ", h("span", { class: "badge good" }, "in use here")] : label;
}

function expiry(expires) {
  const left = time(expires) - Date.now();
  if (left === Infinity) return quiet("never");
  return h("span", { class: left < 3 * 86400 * 1000 ? "soon" : null, title: expires }, `in ${spanText(left)}`);
}

function quiet(text) {
  return h("span", { class: "quiet" }, text);
}

async function issue(changed) {
  const held = session.identity?.scopes ?? scopes.map(([scope]) => scope);
  const widest = Math.max(...held.map(rank));
  const token = await askForm({
    title: "New token", confirm: "Make it",
    text: "Whoever has it can do here what you can, as far as its scope goes.",
    fields: [
      { name: "label", label: "What it is for", placeholder: "laptop, monitoring …" },
      { name: "scope", label: "What it is good for", options: scopes.slice(0, widest + 1), value: widest >= 2 ? "write" : "read" },
      { name: "lifetime", label: "How long", options: lifetimes, value: "30d" },
    ],
    submit: (values) => change("POST", "/v1/tokens", { body: values }),
  });
  if (!token) return;
  changed();
  await showOnce(token);
}

/** The one moment at which the token itself is known. */
function showOnce(token) {
  const titleId = identifier("token");
  const dialog = h("dialog", { class: "dialog wide", "aria-labelledby": titleId },
    h("div", { class: "dialog-body" }, h("h2", { id: titleId }, token.label ? `The token ${token.label}` : "The new token"),
      h("p", {}, "Copy it now: it is not shown again. It is good until ", momentElement(token.expires), "."),
      copyField("Token", token.secret ?? ""),
      h("div", { class: "dialog-buttons" }, button("Done", () => dialog.close()))));
  return open(dialog);
}

async function revoke(token, changed) {
  const isOwn = token.id === session.identity?.token;
  const text = isOwn
    ? "You are logged in with it: you will be logged out, here and wherever else it is used."
    : "Whatever uses it is refused from now on. This cannot be undone.";
  if (!(await ask({ title: `Revoke ${token.label || token.id}?`, text, confirm: "Revoke it", isDangerous: true }))) return;
  try {
    await change("DELETE", `/v1/tokens/${encodeURIComponent(token.id)}`);
    notify("done", `The token ${token.label || token.id} opens nothing any more.`);
    if (isOwn) session.leave();
  } catch (error) {
    notifyFailure(error);
  }
  changed();
}
