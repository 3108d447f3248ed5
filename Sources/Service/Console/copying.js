// Text that is to be taken elsewhere.

import { button, h } from "/console/dom.js";

/** A text in a field of its own, chosen whole when it is entered, with a button that copies it. */
export function copyField(label, text) {
  const field = h("input", {
    type: "text", class: "copied", readonly: true, value: text, "aria-label": label, spellcheck: "false",
    on: { focus: () => field.select() },
  });
  const told = h("span", { class: "quiet", role: "status" });
  const copy = button("Copy", async () => {
    const isCopied = await copyText(field);
    told.textContent = isCopied ? "Copied." : "This browser does not let pages copy: press Ctrl+C.";
  }, { class: "primary" });
  return h("div", { class: "copy-field" }, field, copy, told);
}

/** Where the page came over an insecure way, browsers offer the older function alone. */
async function copyText(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}
