// Copying an address: data-copy names the field that holds it.
import { fresh } from "./enhance.js";
import { announce } from "./say.js";

export function enhance(root) {
  for (const button of fresh(root, "[data-copy]", "copy")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () => copy(button));
  }
  for (const field of fresh(root, ".copyable input", "select")) field.addEventListener("focus", () => field.select());
}

async function copy(button) {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
  const words = button.querySelector("span");
  const before = words.textContent;
  words.textContent = button.dataset.copied;
  button.classList.add("is-done");
  announce(button.dataset.copied);
  setTimeout(() => { words.textContent = before; button.classList.remove("is-done"); }, 2000);
}
