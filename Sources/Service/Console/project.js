// One project: its quota, its members, and what they have built.

import { change, get, list } from "/console/api.js";
import { ask } from "/console/dialog.js";
import { button, h, link, replace } from "/console/dom.js";
import { askForm } from "/console/form.js";
import { infrastructureTable } from "/console/infrastructures.js";
import { notify, notifyFailure, problemBox, problemOf } from "/console/notices.js";
import { mayMakeProjects } from "/console/projects.js";
import { quotaFields, quotaList, quotaOf } from "/console/quotas.js";
import { go } from "/console/router.js";
import { session } from "/console/session.js";
import { Table } from "/console/table.js";

const roles = [
  ["viewer", "viewer: sees what the others build"], ["user", "user: builds from the project's quota"],
  ["operator", "operator: also changes and ends what the others built"],
  ["administrator", "administrator: also says who is in it"],
];

/** `#/projects/NAME`. */
export async function projectView(root, [name], life) {
  const path = `/v1/projects/${encodeURIComponent(name)}`;
  const mayLetIn = session.grants("admin")
    && (session.mayEverywhere("administrator") || session.identity?.projects?.[name] === "administrator");
  const trouble = h("div");
  const quota = h("div");
  const actions = h("div", { class: "actions" });
  const members = memberTable(mayLetIn, (item) => letIn(item), (item) => remove(item));
  const built = infrastructureTable("Nothing is built in this project.");
  root.append(
    h("nav", { class: "path", "aria-label": "Path" }, link("/projects", "Projects"), " / "),
    h("div", { class: "view-head" }, h("h1", {}, name), actions), trouble,
    h("div", { class: "halves" },
      h("section", { class: "card" }, h("div", { class: "card-head" }, h("h2", {}, "Quota"),
        mayMakeProjects() ? button("Change …", () => setQuota(), { class: "small", "aria-label": "Change the quota" }) : null), quota),
      h("section", { class: "card" }, h("div", { class: "card-head" }, h("h2", {}, "Members"),
        mayLetIn ? button("Let in …", () => letIn(), { class: "small" }) : null), members.element)),
    h("section", { class: "card" }, h("h2", {}, "Infrastructures"), built.element));
  if (mayMakeProjects()) replace(actions, button("Remove …", () => removeProject(), { class: "danger" }));

  const read = life.every(30, async () => {
    try {
      const options = { signal: life.signal };
      const [project, quotas, infrastructures] = await Promise.all([
        get(path, options), list("/v1/quotas", options), list("/v1/infrastructures", { ...options, limit: 20000 }),
      ]);
      const used = quotas.find((item) => item.kind === "project" && item.name === name)?.used ?? {};
      replace(quota, quotaList({ quota: project.quota, used }, name));
      members.fill(Object.entries(project.members).map(([member, role]) => ({ member, role })));
      built.fill(infrastructures.filter(({ project: own }) => own === name));
      trouble.replaceChildren();
    } catch (error) {
      if (!life.isOver) trouble.replaceChildren(problemBox(problemOf(error)));
    }
  });
  life.onEvents(["infrastructure", "lease"], read);

  /** Changes the project as it is now, not as it was shown. */
  async function edit(edited) {
    const project = await get(path);
    edited(project);
    await change("PUT", path, { body: { members: project.members, quota: project.quota } });
  }

  async function tell(action, words) {
    try {
      await action();
      notify("done", words);
    } catch (error) {
      notifyFailure(error);
    }
    read();
  }

  async function remove({ member }) {
    const text = "What they built stays theirs; they can build nothing more from this project's quota.";
    if (!(await ask({ title: `Let ${member} out of ${name}?`, text, confirm: "Let out", isDangerous: true }))) return;
    try {
      await edit((project) => delete project.members[member]);
      notify("done", `${member} is no longer in ${name}.`);
    } catch (error) {
      notifyFailure(error);
    }
    read();
  }

  /** Somebody new, or another role for a member. */
  async function letIn(present) {
    const who = { name: "member", label: "Who", isRequired: true, placeholder: "anna", hint: "a user's name, or group:physics" };
    const done = await askForm({
      title: present ? `Role of ${present.member} in ${name}` : `Let somebody into ${name}`, confirm: present ? "Set" : "Let in",
      fields: [...(present ? [] : [who]), { name: "role", label: "As what", options: roles, value: present?.role ?? "user" }],
      submit: async ({ member = present?.member, role }) => {
        await edit((project) => (project.members[member] = role));
        return `${member} is ${role} in ${name}.`;
      },
    });
    if (done) notify("done", done);
    read();
  }

  async function setQuota() {
    let present;
    try {
      present = await get(path);
    } catch (error) {
      return notifyFailure(error);
    }
    const done = await askForm({
      title: `Quota of ${name}`, confirm: "Set", isWide: true, fields: quotaFields(present.quota),
      text: "What may be reserved at once, by all members together. Limits that are left empty are none; "
        + "who is above a new limit keeps what they have.",
      submit: async (values) => {
        await edit((project) => (project.quota = quotaOf(values)));
        return true;
      },
    });
    if (done) notify("done", `The quota of ${name} is set.`);
    return read();
  }

  async function removeProject() {
    const text = "Its members and its quota are forgotten. A project that still has infrastructures is not removed.";
    if (!(await ask({ title: `Remove ${name}?`, text, confirm: "Remove it", typed: name, isDangerous: true }))) return;
    try {
      await change("DELETE", path);
      notify("done", `Project ${name} is removed.`);
      go("/projects");
    } catch (error) {
      notifyFailure(error);
    }
  }
}

function memberTable(mayLetIn, change, remove) {
  const order = roles.map(([role]) => role);
  const columns = [
    { name: "Member", cell: ({ member }) => member.replace(/^group:/, ""), sort: ({ member }) => member },
    { name: "Kind", cell: ({ member }) => (member.startsWith("group:") ? "group" : "user") },
    { name: "Role", cell: ({ role }) => role, sort: ({ role }) => order.indexOf(role) },
  ];
  if (mayLetIn) {
    columns.push({ name: "Actions", cell: (item) => h("span", { class: "actions" },
      button("Role …", () => change(item), { class: "small", "aria-label": `Role of ${item.member}`, data: { focus: `role:${item.member}` } }),
      button("Let out …", () => remove(item), { class: "small", "aria-label": `Let ${item.member} out`, data: { focus: `out:${item.member}` } })) });
  }
  return new Table("Members", columns, { key: ({ member }) => member, empty: "Nobody is in it.", sorted: { by: "Member" }, pageSize: 50 });
}
