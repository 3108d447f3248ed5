// Questions before something happens.

import { button, h, identifier } from "/console/dom.js";

/** Asks; resolves to true, to the field's text, or to null where it is left. `confirm` is what the button says.
 *  `typed`: the text that has to be written first. `field`: `{ label, value, hint }` of a text that is asked for. */
export function ask({ title, text, confirm, typed = null, field = null, isDangerous = false }) {
  const titleId = identifier("dialog");
  const input = typed || field ? textField(typed, field) : null;
  const yes = button(confirm, () => dialog.close("yes"), { class: isDangerous ? "danger" : "primary" });
  const form = h(
    "form", { method: "dialog", class: "dialog-body" },
    h("h2", { id: titleId }, title), text ? h("p", {}, text) : null,
    input, h("div", { class: "dialog-buttons" }, button("Cancel", () => dialog.close("")), yes));
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": titleId }, form);
  const written = () => (input ? input.querySelector("input").value : "");
  const check = () => (yes.disabled = typed !== null && written().trim() !== typed);
  form.addEventListener("input", check);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!yes.disabled) dialog.close("yes");
  });
  check();
  return open(dialog, () => (dialog.returnValue !== "yes" ? null : field ? written().trim() : true));
}

function textField(typed, field) {
  const id = identifier("field");
  const label = typed ? h("span", {}, "Type ", h("strong", {}, typed), " to confirm") : field.label;
  return h(
    "p", {}, h("label", { for: id }, label),
    h("input", { id, type: "text", value: field ? field.value : "", autocomplete: "off", spellcheck: "false" }),
    field && field.hint ? h("small", { class: "quiet" }, field.hint) : null);
}

/** Shows a dialog; resolves to what `result` gives when it is closed. The focus goes back to where it was. */
export function open(dialog, result = () => null) {
  const before = document.activeElement;
  document.body.append(dialog);
  dialog.returnValue = "";
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const value = result();
      dialog.remove();
      if (before && before.isConnected) before.focus({ preventScroll: true });
      resolve(value);
    });
    dialog.showModal();
    const first = dialog.querySelector("input, [autofocus]");
    if (first) first.focus();
  });
}
