// What stands around every view: the menu, the state of the connection, and who is there.

import { append, button, h, link } from "/console/dom.js";
import { live } from "/console/live.js";
import { markMenu, menu } from "/console/menu.js";
import { session } from "/console/session.js";
import { showHelp } from "/console/shortcuts.js";

const stateWords = { off: "off", connecting: "connecting", open: "live", waiting: "reconnecting" };

/** Fills the page's header, and keeps it as things change. */
export function startFrame() {
  const header = document.getElementById("header");
  const draw = () => drawHeader(header);
  session.addEventListener("change", draw);
  window.addEventListener("viewchange", () => markMenu(header));
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
  markMenu(header);
  markConnection(header);
}

function status() {
  const { user, role, origin } = session.identity;
  const isToken = session.token !== null;
  return h(
    "div", { class: "status" },
    leaderLink(), h("span", { class: "connection", role: "status" }),
    link("/account", [h("span", { class: "who-name" }, user), " ", h("span", { class: "quiet" }, role)],
      { class: "who", title: `Account: ${role}, known by ${origin}` }),
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

function markConnection(header) {
  const place = header.querySelector(".connection");
  if (!place) return;
  place.dataset.state = live.state;
  place.title = "The stream of events";
  place.replaceChildren(h("span", { class: "dot", "aria-hidden": "true" }),
    h("span", { class: "connection-word" }, stateWords[live.state]));
}
