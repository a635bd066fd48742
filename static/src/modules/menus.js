// Menus are popovers of the browser; this adds arrow keys, and a place beside the button where CSS cannot give one.
import { fresh } from "./enhance.js";

const ANCHORED = CSS.supports("position-area: block-end");

export function enhance(root) {
  for (const menu of fresh(root, ".menu[popover], .site-nav[popover]", "menu")) {
    menu.addEventListener("keydown", (event) => arrows(event, menu));
    if (!ANCHORED && menu.matches(".menu")) menu.addEventListener("toggle", (event) => event.newState === "open" && place(menu));
  }
}

function arrows(event, menu) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.defaultPrevented) return;
  const entries = [...menu.querySelectorAll("a[href], button:not([disabled])")].filter((entry) => entry.offsetParent !== null || entry.checkVisibility?.());
  const next = entries[(entries.indexOf(document.activeElement) + step + entries.length) % entries.length];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

document.addEventListener("keydown", (event) => {
  const button = event.target.closest?.("button[popovertarget]");
  if (event.key !== "ArrowDown" || !button) return;
  const menu = document.getElementById(button.getAttribute("popovertarget"));
  if (!menu) return;
  event.preventDefault();
  if (!menu.matches(":popover-open")) button.click();
  menu.querySelector("a[href], button")?.focus();
});

function place(menu) {
  const button = document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
  const wide = menu.offsetWidth;
  const left = menu.classList.contains("is-end") ? button.right - wide : button.left;
  const below = button.bottom + menu.offsetHeight < innerHeight;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - wide - 8))}px`;
  menu.style.top = `${below ? button.bottom : Math.max(8, button.top - menu.offsetHeight - 8)}px`;
}
