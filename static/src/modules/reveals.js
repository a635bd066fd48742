// Showing what depends on a switch or a choice only while it applies. What is hidden keeps what was typed.
import { fresh } from "./enhance.js";

export function enhance(root) {
  for (const control of fresh(root, "[data-reveals]", "reveals")) follow(control);
}

/** data-reveals="id": an element, shown while the box is ticked, or while the value is data-reveals-when. */
function follow(control) {
  const target = document.getElementById(control.dataset.reveals);
  if (!target) return;
  const when = control.dataset.revealsWhen?.split(" ");
  const peers = control.type === "radio" ? document.getElementsByName(control.name) : [control];
  const show = () => {
    const ticked = control.type === "checkbox" || control.type === "radio";
    target.hidden = !(when && !ticked ? when.includes(control.value) : control.checked);
  };
  for (const peer of peers) peer.addEventListener("change", show);
  show();
}
