// A site on the plan of the grid: a box with its hosts, or, among many, a dot.

import { svg } from "/console/dom.js";
import { amount, rateText, share } from "/console/quantities.js";

export const boxWidth = 152;
export const boxHeight = 62;
const radius = 9;

/** A site with its hosts and what it sends, bits a second, around a place. `isLarge`: it is one of many. */
export function siteMark({ name, hosts, sends, isLarge, place: [x, y] }) {
  const cpu = share(sum(hosts, "cpuFree"), sum(hosts, "cpu")) ?? 0;
  const states = hosts.filter(({ state }) => state !== "ready").length;
  const words = `${name}: ${hosts.length} hosts, ${Math.round(cpu * 100)} % of the processors reserved`
    + (states ? `, ${states} not ready` : "") + (sends ? `, sends ${rateText(sends)}` : "");
  const origin = isLarge ? [x, y] : [x - boxWidth / 2, y - boxHeight / 2];
  return svg("g", {
    class: "site", role: "button", "aria-label": words, data: { focus: name }, tabindex: "-1",
    transform: `translate(${origin[0].toFixed(1)} ${origin[1].toFixed(1)})`,
  }, svg("title", {}, words), isLarge ? dot(name, hosts, cpu) : box(name, hosts, cpu, sends));
}

function sum(hosts, key) {
  return hosts.reduce((total, host) => total + amount(host[key]), 0);
}

function box(name, hosts, cpu, sends) {
  return [
    svg("rect", { width: boxWidth, height: boxHeight, rx: 7, class: "box" }),
    svg("text", { x: 10, y: 18, class: "name" }, cut(name, sends ? 9 : 17)),
    svg("text", { x: boxWidth - 10, y: 18, class: "sends" }, sends ? `↑ ${rateText(sends)}` : ""),
    hosts.slice(0, 20).map((host, index) => svg("rect", {
      x: 10 + index * 6.3, y: 27, width: 5, height: 9, rx: 1, class: `host-mark ${host.state}`,
    })),
    svg("rect", { x: 10, y: 46, width: boxWidth - 20, height: 5, rx: 2.5, class: "bar-ground" }),
    svg("rect", { x: 10, y: 46, width: (boxWidth - 20) * cpu, height: 5, rx: 2.5, class: "bar-taken" }),
  ];
}

/** The inner disc grows with what is reserved; a mark beside it tells of hosts that are not ready. */
function dot(name, hosts, cpu) {
  const worst = hosts.find(({ state }) => state === "lost") ?? hosts.find(({ state }) => state !== "ready");
  return [
    svg("circle", { r: radius, class: "box" }),
    svg("circle", { r: (radius - 2) * Math.sqrt(cpu), class: "bar-taken" }),
    worst ? svg("rect", { x: radius - 1, y: -radius - 3, width: 6, height: 8, rx: 1, class: `host-mark ${worst.state}` }) : null,
    svg("text", { y: radius + 11, class: "dot-name" }, cut(name, 14)),
  ];
}

function cut(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
