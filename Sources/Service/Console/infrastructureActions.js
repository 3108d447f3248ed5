// What its owner can do with an infrastructure.

import { change } from "/console/api.js";
import { ask } from "/console/dialog.js";
import { button, link, route } from "/console/dom.js";
import { notify, notifyFailure } from "/console/notices.js";
import { perform } from "/console/operations.js";
import { go } from "/console/router.js";
import { session } from "/console/session.js";

/** The buttons that make sense in its phase, and that one may use. */
export function infrastructureActions({ summary }, changed) {
  const { name, phase, nodes } = summary;
  const path = `/v1/infrastructures/${encodeURIComponent(name)}`;
  const simple = (verb, label) => button(label, async () => {
    await perform(() => change("POST", `${path}/${verb}`));
    changed();
  }, { data: { focus: `action:${verb}` } });
  const items = [];
  const mayChange = session.mayChange(summary);
  if (mayChange && phase === "failed") items.push(simple("retry", "Retry"));
  if (mayChange && phase === "running") items.push(simple("pause", "Pause"));
  if (mayChange && phase === "paused") items.push(simple("resume", "Resume"));
  if (mayChange && ["reserved", "building", "running", "paused"].includes(phase)) {
    items.push(button("Extend …", () => extend(summary, path, changed), { data: { focus: "action:extend" } }));
    items.push(link(route`/editor/${name}`, "Edit", { class: "button", data: { focus: "action:edit" } }));
  }
  if (session.mayEnd(summary) && phase !== "gone") {
    items.push(button("End …", () => end(name, nodes, path), { class: "danger", data: { focus: "action:end" } }));
  }
  return items;
}

async function extend({ name, end: until }, path, changed) {
  const answer = await ask({
    title: `Move the end of ${name}`,
    text: until ? `Its lease ends at ${until}.` : "Its lease has no end.", confirm: "Move",
    field: { label: "How much longer, or until when", value: "2h", hint: "2h, 1d 12h; 2030-01-31T18:00:00Z; never" },
  });
  if (!answer) return;
  const isMoment = /^(never|\d{4}-)/.test(answer);
  try {
    await change("PATCH", `${path}/lease`, { body: isMoment ? { end: answer } : { extend: answer } });
    notify("done", `The lease of ${name} has a new end.`);
  } catch (error) {
    notifyFailure(error);
  }
  changed();
}

async function end(name, nodes, path) {
  const text = `Its ${nodes} nodes and all that is on their disks go. This cannot be undone.`;
  if (!(await ask({ title: `End ${name}?`, text, confirm: "End it", typed: name, isDangerous: true }))) return;
  if (await perform(() => change("DELETE", path))) go("/infrastructures");
}
