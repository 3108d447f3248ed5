// Many things, one stop of the Tab key: arrows go from one to the next (WAI-ARIA Authoring Practices, "Managing focus
// within components using a roving tabindex").

/** Makes the elements that match `selector` one stop. `spatial`: arrows go to the nearest in their direction, as in a
 *  picture; else along the list. */
export function rove(container, selector, { spatial = false } = {}) {
  const items = () => [...container.querySelectorAll(selector)];
  const stop = (item) => {
    for (const other of items()) other.setAttribute("tabindex", other === item ? "0" : "-1");
  };
  container.addEventListener("focusin", (event) => {
    const item = event.target.closest(selector);
    if (item) stop(item);
  });
  container.addEventListener("keydown", (event) => {
    const item = event.target.closest(selector);
    if (!item || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = spatial ? nearest(items(), item, event.key) : along(items(), item, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  return {
    /** To be called when the elements are there, and when they are others. */
    update() {
      const all = items();
      const current = all.find((item) => item.getAttribute("tabindex") === "0");
      stop(current ?? all[0]);
    },
  };
}

function along(items, item, key) {
  const index = items.indexOf(item);
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  return step === undefined ? undefined : items[index + step];
}

function nearest(items, item, key) {
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  const direction = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  if (!direction) return undefined;
  const centre = (element) => {
    const box = element.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const [x, y] = centre(item);
  let best;
  let least = Infinity;
  for (const other of items) {
    if (other === item) continue;
    const [dx, dy] = [centre(other)[0] - x, centre(other)[1] - y];
    const ahead = dx * direction[0] + dy * direction[1];
    const aside = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0]);
    // What lies aside counts double, and what is behind does not count.
    if (ahead > 1 && ahead + 2 * aside < least) [best, least] = [other, ahead + 2 * aside];
  }
  return best;
}
