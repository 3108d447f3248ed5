// Who one is here, what one may have, and one's tokens.

import { list } from "/console/api.js";
import { h, link, route } from "/console/dom.js";
import { problemBox, problemOf } from "/console/notices.js";
import { quotaList } from "/console/quotas.js";
import { session } from "/console/session.js";
import { tokenPart } from "/console/tokens.js";

const roleWords = {
  viewer: "sees the grid and what is shared", user: "builds infrastructures",
  operator: "sees everything, drains hosts, reads the audit log", administrator: "may do everything",
};
const originWords = {
  socket: "this machine's account", certificate: "a client certificate", token: "a token", agent: "a host's certificate",
};

/** `#/account`. */
export async function accountView(root, _, life) {
  const quota = h("div", {}, h("p", { class: "quiet" }, "Loading …"));
  root.append(
    h("div", { class: "view-head" }, h("h1", {}, "Account")),
    h("div", { class: "halves" }, h("section", { class: "card" }, h("h2", {}, "Who you are"), identityList(session.identity)),
      h("section", { class: "card" }, h("h2", {}, "Your quota"), quota)),
    tokenPart(life));
  const read = life.every(30, async () => {
    try {
      const own = (await list("/v1/quotas", { signal: life.signal })).find(({ kind }) => kind === "user");
      if (own) quota.replaceChildren(quotaList(own, own.name));
    } catch (error) {
      if (!life.isOver) quota.replaceChildren(problemBox(problemOf(error)));
    }
  });
  life.onEvents(["infrastructure"], read);
}

function identityList({ user, role, groups, projects, origin, scopes }) {
  const names = Object.keys(projects ?? {}).sort();
  return h("dl", { class: "pairs" },
    pair("Name", h("strong", {}, user)), pair("Role", role, roleWords[role] ? quiet(` – ${roleWords[role]}`) : null),
    pair("Groups", groups.length ? groups.join(", ") : quiet("none")),
    pair("Projects", names.length
      ? names.map((name, index) => [index ? ", " : "", link(route`/projects/${name}`, name), quiet(` as ${projects[name]}`)]) : quiet("none")),
    pair("Known by", originWords[origin] ?? origin, origin === "token" && scopes ? quiet(` with the scope ${scopes.at(-1)}`) : null));
}

function pair(name, ...values) {
  return [h("dt", {}, name), h("dd", {}, values)];
}

function quiet(text) {
  return h("span", { class: "quiet" }, text);
}
