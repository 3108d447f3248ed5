// The plan of the grid: sites, the links between them, what is reserved of each, and what flows.

import { svg } from "/console/dom.js";
import { amount, latencyText, rateText, share } from "/console/quantities.js";
import { placeSites } from "/console/siteLayout.js";
import { rove } from "/console/roving.js";
import { boxHeight, boxWidth, siteMark } from "/console/siteMark.js";

/** Draws a substrate, and draws it again as the width changes. */
export class GridPlan {
  #substrate = null;
  #flows = null;
  #isLarge = false;
  #open;

  /** `open(site)`: a site was chosen. */
  constructor(life, open) {
    this.#open = open;
    this.element = svg("svg", { class: "plan", role: "group", "aria-label": "Sites and links", height: 360 });
    this.roving = rove(this.element, ".site", { spatial: true });
    const observer = new ResizeObserver(() => this.#draw());
    observer.observe(this.element);
    life.signal.addEventListener("abort", () => observer.disconnect());
  }

  /** `flows`: see `gridFlows.js`; null where they are not known. */
  show(substrate, flows, selected) {
    this.#substrate = substrate;
    this.#flows = flows;
    this.selected = selected;
    this.#draw();
  }

  #draw() {
    const width = this.element.clientWidth;
    if (!this.#substrate || width === 0) return;
    const sites = this.#substrate.sites;
    const isNarrow = width < 560;
    const height = Math.min(760, Math.max(isNarrow ? 380 : 330, 70 * Math.sqrt(sites.length) * (isNarrow ? 1.6 : 1.1)));
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.element.setAttribute("height", height);
    // Many sites are dots with names; few are boxes, and have room for words on their links.
    this.#isLarge = sites.length > (isNarrow ? 5 : 16);
    const room = this.#isLarge ? [width - 90, height - 50] : [width - boxWidth - 24, height - boxHeight - (isNarrow ? 84 : 24)];
    const places = placeSites(sites, this.#substrate.links);
    for (const [name, [x, y]] of places) {
      // Two or three sites do not need the whole width of a large screen.
      const across = this.#isLarge ? room[0] : Math.min(room[0], 900);
      places.set(name, [width / 2 + (x - 0.5) * across, height / 2 + (y - 0.5) * room[1]]);
    }
    const labels = [];
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    this.element.replaceChildren(
      svg("g", {}, this.#substrate.links.map((link) => this.#line(link, places))),
      svg("g", {}, sites.map((site) => this.#site(site, places.get(site)))),
      svg("g", {}, this.#substrate.links.map((link) => !this.#isLarge && this.#label(link, places, labels))));
    this.roving.update();
    if (focused) [...this.element.querySelectorAll(".site")].find((item) => item.dataset.focus === focused)?.focus();
  }

  #line(link, places) {
    const [from, to] = [places.get(link.first), places.get(link.second)];
    if (!from || !to) return null;
    const ends = { x1: from[0], y1: from[1], x2: to[0], y2: to[1] };
    const reserved = share(link.free, link.rate);
    // The width grows with the rate's logarithm: 10 Mbit/s is thin, 100 Gbit/s is thick.
    const rate = amount(link.rate);
    const whole = Number.isFinite(rate) ? Math.min(14, Math.max(4, 2.2 * (Math.log10(rate) - 5))) : 8;
    const wide = this.#isLarge ? whole / 2 : whole;
    const level = reserved > 0.9 ? "bad" : reserved > 0.7 ? "warn" : "";
    return svg("g", { class: "core-link" }, svg("title", {}, this.#words(link).join(", ")),
      svg("line", { ...ends, class: "cable", "stroke-width": wide }),
      reserved > 0 ? svg("line", { ...ends, class: `taken ${level}`, "stroke-width": Math.max(1.5, wide * reserved) }) : null);
  }

  #words(link) {
    const reserved = share(link.free, link.rate);
    const words = [`${link.first} – ${link.second}`];
    if (reserved === null) words.push("rate not limited");
    else words.push(`${rateText(amount(link.rate) - amount(link.free))} of ${rateText(amount(link.rate))} reserved`);
    words.push(latencyText(link.latency));
    return words;
  }

  #label(link, places, taken) {
    const [from, to] = [places.get(link.first), places.get(link.second)];
    if (!from || !to) return null;
    const isNarrow = this.element.clientWidth < 560;
    const flow = this.#flows?.links.get([link.first, link.second].sort().join(" "));
    const [, words, latency] = this.#words(link);
    const part = share(link.free, link.rate);
    const reserved = isNarrow && part !== null ? `${Math.round(part * 100)} % of ${rateText(amount(link.rate))}` : words;
    const second = flow ? `${latency} · ${isNarrow ? "↕" : "flows"} ${rateText(flow)}` : latency;
    const wide = Math.max(reserved.length, second.length) * 6.1 + 10;
    const [x, y] = freePlace(from, to, wide, taken);
    return svg("g", { class: "link-label" },
      svg("rect", { x: x - wide / 2, y: y - 17, width: wide, height: 34, rx: 4 }),
      svg("text", { x, y: y - 3 }, reserved), svg("text", { x, y: y + 11, class: "flow" }, second));
  }

  #site(name, place) {
    const hosts = this.#substrate.hosts.filter((host) => host.site === name);
    const mark = siteMark({ name, hosts, sends: this.#flows?.sites.get(name) ?? 0, isLarge: this.#isLarge, place });
    const open = () => this.#open(name);
    mark.classList.toggle("selected", this.selected === name);
    mark.setAttribute("aria-pressed", String(this.selected === name));
    mark.addEventListener("click", open);
    mark.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      open();
    });
    return mark;
  }
}

/** Where a label of a link stands: in its middle, or as near to it as other labels allow; takes note of it. */
function freePlace(from, to, wide, taken) {
  // Where the two sites leave no room between them, it stands below.
  const isShort = Math.abs(from[0] - to[0]) < wide + boxWidth && Math.abs(from[1] - to[1]) < boxHeight;
  const at = (part) => [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part + (isShort ? boxHeight / 2 + 20 : 0)];
  const isFree = ([x, y]) => taken.every((other) => Math.abs(x - other.x) > (wide + other.wide) / 2 || Math.abs(y - other.y) > 38);
  const place = [0.5, 0.4, 0.6, 0.32, 0.68].map(at).find(isFree) ?? at(0.5);
  taken.push({ x: place[0], y: place[1], wide });
  return place;
}
