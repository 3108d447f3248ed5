// The view that the address names: `#/infrastructures/NAME`.

import { Life } from "/console/life.js";
import { problemBox, problemOf } from "/console/notices.js";
import { h } from "/console/dom.js";

let life = null;
let routes = [];

/** Shows views by the address. A route is `[pattern, view, section]`; a view is called with the element to fill, the
 *  names in the address, its life, and the address' query. */
export function startRouter(table) {
  routes = table;
  window.addEventListener("hashchange", () => show(true));
}

/** Goes to a route. */
export function go(route) {
  if (location.hash === `#${route}`) show(true);
  else location.hash = route;
}

/** The section of the view that is shown, such as `grid`. */
export function section() {
  return find()?.section ?? "";
}

function find() {
  const [path, query] = (location.hash.slice(1) || "/grid").split("?");
  for (const [pattern, view, name] of routes) {
    const match = pattern.exec(path);
    if (match) return { view, section: name, names: match.slice(1).map(decode), query: new URLSearchParams(query ?? "") };
  }
  return null;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Changes the query of the address without leaving the view. */
export function setQuery(values) {
  const path = location.hash.slice(1).split("?")[0] || "/grid";
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "" && value !== null));
  const text = query.toString();
  history.replaceState(null, "", `#${path}${text ? `?${text}` : ""}`);
}

/** Shows the view of the address. `takesFocus`: the reader is led to its title. */
export async function show(takesFocus = false) {
  leave();
  const main = document.getElementById("main");
  const found = find();
  life = new Life();
  const own = life;
  const root = h("div", { class: "view" });
  main.replaceChildren(root);
  main.dataset.section = found?.section ?? "";
  window.dispatchEvent(new Event("viewchange"));
  if (!found) {
    root.append(problemBox({
      code: "no-view", detail: "There is no such view.", remedy: "Choose one from the menu above.",
    }));
    return;
  }
  window.scrollTo(0, 0);
  try {
    await found.view(root, found.names, own, found.query);
  } catch (error) {
    if (error.name !== "AbortError" && !own.isOver) root.append(problemBox(problemOf(error)));
  }
  if (own.isOver) return;
  const title = root.querySelector("h1");
  if (title) document.title = `${title.textContent} – VirtCloud`;
  if (takesFocus && title && !root.contains(document.activeElement)) {
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }
}

/** Ends the view that is shown. */
export function leave() {
  if (life) life.end();
  life = null;
}
