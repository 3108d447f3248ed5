// The projects that one may see, and what is taken of their quotas.

import { change, list, ProblemError } from "/console/api.js";
import { button, h, route } from "/console/dom.js";
import { askForm } from "/console/form.js";
import { notify, problemBox, problemOf } from "/console/notices.js";
import { amount } from "/console/quantities.js";
import { limits, quotaBar, quotaFields, quotaOf } from "/console/quotas.js";
import { go } from "/console/router.js";
import { session } from "/console/session.js";
import { Table } from "/console/table.js";

/** `#/projects`. */
export async function projectsView(root, _, life) {
  const trouble = h("div");
  const table = projectTable();
  root.append(
    h("div", { class: "view-head" }, h("h1", {}, "Projects"),
      mayMakeProjects() ? button("New project …", () => makeProject(), { class: "primary" }) : null),
    h("p", { class: "quiet" }, "A project's members share its quota, and see what the others in it build."),
    trouble, h("section", { class: "card" }, table.element));
  const read = life.every(30, async () => {
    try {
      const [projects, quotas] = await Promise.all([
        list("/v1/projects", { signal: life.signal }), list("/v1/quotas", { signal: life.signal }),
      ]);
      const used = new Map(quotas.filter(({ kind }) => kind === "project").map((item) => [item.name, item.used]));
      table.fill(projects.map((project) => ({ ...project, used: used.get(project.name) ?? {} })));
      trouble.replaceChildren();
    } catch (error) {
      if (!life.isOver) trouble.replaceChildren(problemBox(problemOf(error)));
    }
  });
  life.onEvents(["infrastructure"], read);
}

/** Whether one makes projects and says what they may have: the service decides. */
export function mayMakeProjects() {
  return session.mayEverywhere("administrator") && session.grants("admin");
}

function projectTable() {
  const bars = limits.filter(({ name }) => ["infrastructures", "cpu", "memory", "coreRate"].includes(name));
  const columns = [
    { name: "Project", cell: ({ name }) => h("strong", {}, name), sort: ({ name }) => name },
    { name: "Your role", cell: ({ name }) => session.identity?.projects?.[name] ?? h("span", { class: "quiet" }, "not a member") },
    { name: "Members", cell: ({ members }) => Object.keys(members).length, isNumber: true, sort: ({ members }) => Object.keys(members).length },
    ...bars.map((limit) => ({
      name: limit.label, cell: (project) => quotaBar(project, limit, project.name), sort: (project) => fullness(project, limit.name),
    })),
  ];
  return new Table("Projects", columns, {
    key: ({ name }) => name, open: ({ name }) => go(route`/projects/${name}`), sorted: { by: "Project" }, pageSize: 50,
    empty: mayMakeProjects() ? "There are no projects yet." : "You are in no project. Administrators make projects and let people in.",
  });
}

/** What part of a limit is taken; what has none comes before. */
function fullness({ quota, used }, name) {
  const [taken, limit] = [amount(used[name]), quota[name] === undefined ? NaN : amount(quota[name])];
  return limit > 0 ? taken / limit : -1;
}

async function makeProject() {
  const name = await askForm({
    title: "New project", confirm: "Make it", isWide: true,
    text: "Limits that are left empty are none. Members are let in afterwards.",
    fields: [{ name: "name", label: "Name", isRequired: true, hint: "lower-case letters, digits and inner hyphens" }, ...quotaFields({})],
    submit: async (values) => {
      await refuseTaken(values.name);
      await change("PUT", `/v1/projects/${encodeURIComponent(values.name)}`, { body: { members: {}, quota: quotaOf(values) } });
      return values.name;
    },
  });
  if (!name) return;
  notify("done", `Project ${name} is made.`);
  go(route`/projects/${name}`);
}

/** A project that is there already would lose its members. */
async function refuseTaken(wanted) {
  if (!(await list("/v1/projects")).some(({ name }) => name === wanted)) return;
  throw new ProblemError({ code: "name-taken", detail: `There is a project ${wanted} already.`, remedy: "Choose another name." }, 409);
}
