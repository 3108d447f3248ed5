// What stands around every view: the menu, the state of the connection, and who is there.

import { append, button, h, link } from "/console/dom.js";
import { live } from "/console/live.js";
import { section } from "/console/router.js";
import { session } from "/console/session.js";
import { showHelp } from "/console/shortcuts.js";

const sections = [
  ["grid", "Grid", "Grid"], ["infrastructures", "Infrastructures", "Infra"], ["calendar", "Calendar", "Calendar"],
  ["editor", "Editor", "Editor"], ["events", "Events", "Events"],
];
const stateWords = { off: "off", connecting: "connecting", open: "live", waiting: "reconnecting" };

/** Fills the page's header, and keeps it as things change. */
export function startFrame() {
  const header = document.getElementById("header");
  const draw = () => drawHeader(header);
  session.addEventListener("change", draw);
  window.addEventListener("viewchange", () => markSection(header));
  live.addEventListener("state", () => markConnection(header));
  document.getElementById("skip").addEventListener("click", () => document.getElementById("main").focus());
  draw();
}

function drawHeader(header) {
  header.replaceChildren();
  append(header, [
    h("div", { class: "brand" }, h("strong", {}, "VirtCloud"),
      session.service ? h("span", { class: "quiet substrate" }, session.service.substrate) : null),
    session.identity ? menu() : null,
    session.identity ? status() : null,
  ]);
  markSection(header);
  markConnection(header);
}

function menu() {
  return h("nav", { class: "menu", "aria-label": "Views" }, sections.map(([name, label, short]) =>
    link(`/${name}`, [h("span", { class: "long" }, label), h("span", { class: "short", "aria-hidden": "true" }, short)],
      { data: { section: name }, "aria-label": label })));
}

function status() {
  const { user, role, origin } = session.identity;
  const isToken = session.token !== null;
  return h(
    "div", { class: "status" },
    leaderLink(), h("span", { class: "connection", role: "status" }),
    h("span", { class: "who", title: `${role}, known by ${origin}` }, h("span", { class: "who-name" }, user), " ",
      h("span", { class: "quiet" }, role)),
    button("?", showHelp, { class: "plain", "aria-label": "Keys", title: "Keys (?)" }),
    isToken ? button("Log out", () => session.leave(), { class: "plain log-out" }) : null);
}

/** Where a controller does not lead, changes are made at the one that does: another origin, which the policy keeps this
 *  page from asking. */
function leaderLink() {
  const { isLeader, leader } = session.service ?? {};
  if (isLeader !== false || !/^https?:\/\//.test(leader ?? "")) return null;
  return h("a", { href: `${leader}/${location.hash}`, class: "leader", title: `This controller only follows: go to ${leader}` },
    "Go to the leader");
}

function markSection(header) {
  for (const item of header.querySelectorAll("nav a")) {
    if (item.dataset.section === section()) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
  }
}

function markConnection(header) {
  const place = header.querySelector(".connection");
  if (!place) return;
  place.dataset.state = live.state;
  place.title = "The stream of events";
  place.replaceChildren(h("span", { class: "dot", "aria-hidden": "true" }),
    h("span", { class: "connection-word" }, stateWords[live.state]));
}
