// Files from and to the reader's machine.

import { button, h } from "/console/dom.js";
import { notify } from "/console/notices.js";
import { saveText } from "/console/saving.js";

const mostBytes = 1 << 20;

/** Buttons that open and save a file. */
export function editorFile(editor, name) {
  const input = h("input", { type: "file", accept: ".yaml,.yml,.json", hidden: true, "aria-hidden": "true", tabindex: "-1" });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    if (file.size > mostBytes) {
      notify("failed", `${file.name} has more than 1 MiB.`, "Choose a file of an infrastructure.");
      return;
    }
    editor.insert(await file.text(), 0, editor.text.length);
  });
  return h("span", { class: "file-buttons" }, input, button("Open file …", () => input.click()),
    button("Save file", () => save(editor.text, name())));
}

function save(text, name) {
  const written = /^name:\s*([a-z0-9-]+)/m.exec(text)?.[1];
  saveText(text, `${name ?? written ?? "infrastructure"}.vc.yaml`, "application/yaml");
}
