// Questions with several fields; what the service refuses is told beside them, and nothing that was written is lost.

import { button, h, identifier } from "/console/dom.js";
import { open } from "/console/dialog.js";
import { problemBox, problemOf } from "/console/notices.js";

/** Asks for the values of fields `{ name, label, value, hint, options, isRequired, group }` (`options`: `[value, words]`
 *  to choose from, else a text is asked for) and gives them to `submit`, by name and without outer spaces. Closed when
 *  that has succeeded, it resolves to what `submit` gave; to null where it is left. */
export function askForm({ title, text, confirm, fields, submit, isWide = false }) {
  const titleId = identifier("dialog");
  const items = fields.map((field) => ({ ...field, control: control(field) }));
  const trouble = h("div");
  const yes = h("button", { type: "submit", class: "primary" }, confirm);
  let result = null;
  const form = h("form", { method: "dialog", class: "dialog-body" },
    h("h2", { id: titleId }, title), text ? h("p", {}, text) : null,
    h("div", { class: isWide ? "form-fields two" : "form-fields" }, items.map(row)), trouble,
    h("div", { class: "dialog-buttons" }, button("Cancel", () => dialog.close()), yes));
  const dialog = h("dialog", { class: isWide ? "dialog wide" : "dialog", "aria-labelledby": titleId }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (yes.disabled) return;
    yes.disabled = true;
    try {
      result = await submit(Object.fromEntries(items.map(({ name, control: { value } }) => [name, value.trim()])));
      dialog.close();
    } catch (error) {
      trouble.replaceChildren(problemBox(problemOf(error)));
      trouble.scrollIntoView({ block: "nearest" });
    } finally {
      yes.disabled = false;
    }
  });
  return open(dialog, () => result);
}

function control({ name, value = "", options, isRequired, placeholder }) {
  const attributes = { id: identifier("field"), name, required: isRequired };
  if (options) {
    return h("select", attributes, options.map(([option, words]) => h("option", { value: option, selected: option === value }, words)));
  }
  return h("input", { ...attributes, type: "text", value, placeholder, autocomplete: "off", spellcheck: "false" });
}

function row({ label, hint, control: { id }, control: element }) {
  const hintId = hint ? identifier("hint") : null;
  if (hintId) element.setAttribute("aria-describedby", hintId);
  return h("p", {}, h("label", { for: id }, label), element, hint ? h("small", { id: hintId, class: "quiet" }, hint) : null);
}
