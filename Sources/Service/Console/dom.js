// Elements of HTML and SVG from values. Text always becomes a text node: nothing from the server is ever parsed as
// markup here.

const svgNamespace = "http://www.w3.org/2000/svg";

/** An HTML element. `attributes`: `class`, `on` (listeners by event), `style` (set through the CSSOM, which the
 *  content-security policy allows), `data` (data attributes), properties that are functions or booleans, else
 *  attributes; null, undefined and false are left out, except for ARIA, whose booleans are words. Children: nodes, texts, arrays of these, null. */
export function h(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** An SVG element; as `h`. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgNamespace, name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || (value === false && !key.startsWith("aria-"))) continue;
    if (key === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (key === "style") {
      for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
    } else if (key === "data") {
      for (const [property, text] of Object.entries(value)) element.dataset[property] = text;
    } else {
      element.setAttribute(key, value === true && !key.startsWith("aria-") ? "" : String(value));
    }
  }
  append(element, children);
  return element;
}

/** Appends nodes and texts; see `h`. */
export function append(element, children) {
  for (const child of [children].flat(8)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/** Replaces what is inside an element, and gives the focus back to what stands in the place of what had it
 *  (by `data-focus`). */
export function replace(element, ...children) {
  const active = document.activeElement;
  const key = active && element.contains(active) ? active.dataset.focus : undefined;
  element.replaceChildren();
  append(element, children);
  if (key === undefined) return element;
  for (const candidate of element.querySelectorAll("[data-focus]")) {
    if (candidate.dataset.focus === key) {
      candidate.focus({ preventScroll: true });
      break;
    }
  }
  return element;
}

/** A button that does something. */
export function button(label, action, attributes = {}) {
  return h("button", { type: "button", ...attributes, on: { click: action, ...attributes.on } }, label);
}

/** A link within the console. */
export function link(route, label, attributes = {}) {
  return h("a", { href: `#${route}`, ...attributes }, label);
}

/** A route with names in it. */
export function route(parts, ...names) {
  return parts.reduce((text, part, index) => text + encodeURIComponent(names[index - 1]) + part);
}

let counter = 0;

/** An identifier that no other element has. */
export function identifier(prefix = "id") {
  counter += 1;
  return `${prefix}-${counter}`;
}
