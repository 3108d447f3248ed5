// The menu of views: a line on wide screens; on narrow ones the first at the bottom, the others behind *More*.

import { button, h, link } from "/console/dom.js";
import { section } from "/console/router.js";
import { session } from "/console/session.js";

const daily = [
  ["grid", "Grid", "Grid"], ["infrastructures", "Infrastructures", "Infra"], ["calendar", "Calendar", "Calendar"],
  ["editor", "Editor", "Editor"], ["events", "Events", "Events"],
];

/** The sections that this user has, beside those of every day: `[section, words]`. */
export function furtherSections() {
  return [
    ["projects", "Projects"], ["usage", "Usage"], session.mayEverywhere("operator") ? ["audit", "Audit log"] : null, ["account", "Account"],
  ].filter(Boolean);
}

/** The menu; its part behind *More* closes when something is chosen, by Esc, and when one goes elsewhere. */
export function menu() {
  const id = "more-views";
  const further = h("div", { id, class: "further" }, furtherSections().map(([name, words]) => link(`/${name}`, words, { data: { section: name } })));
  const more = button("More", () => turn(!further.classList.contains("open")), { class: "more", "aria-expanded": "false", "aria-controls": id });
  const turn = (isOpen) => {
    further.classList.toggle("open", isOpen);
    more.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) further.querySelector("a").focus();
  };
  const nav = h("nav", { class: "menu", "aria-label": "Views" }, daily.map(([name, label, short]) =>
    link(`/${name}`, [h("span", { class: "long" }, label), h("span", { class: "short", "aria-hidden": "true" }, short)],
      { data: { section: name }, "aria-label": label })), further, more);
  nav.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !further.classList.contains("open")) return;
    turn(false);
    more.focus();
  });
  nav.addEventListener("focusout", ({ relatedTarget }) => {
    if (!nav.contains(relatedTarget)) turn(false);
  });
  further.addEventListener("click", (event) => event.target.closest("a") && turn(false));
  return nav;
}

/** Marks where one is. */
export function markMenu(header) {
  const here = section();
  for (const item of header.querySelectorAll("nav a")) {
    if (item.dataset.section === here) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
  }
  header.querySelector(".more")?.classList.toggle("here", furtherSections().some(([name]) => name === here));
}
