// Light, dark or as the system says: changed at once, and remembered by the server for the next page.
import { fresh } from "./enhance.js";
import { post } from "./send.js";

export function enhance(root) {
  for (const form of fresh(root, "form[data-theme-switch]", "theme")) form.addEventListener("submit", choose);
}

function choose(event) {
  const { value } = event.submitter;
  event.preventDefault();
  document.documentElement.dataset.bsTheme = value;
  for (const button of document.querySelectorAll("[data-theme-switch] button")) button.setAttribute("aria-pressed", String(button.value === value));
  const data = new FormData(event.currentTarget);
  data.set("theme", value);
  post(event.currentTarget.action, data).catch(() => {});
}
