// A part of the page that changes by itself: data-poll is asked again until the part that arrives says data-done.
import { enhance as enhanceAll, fresh } from "./enhance.js";
import { announce } from "./say.js";
import { get } from "./send.js";

const LONGEST = 10 * 60 * 1000;

export function enhance(root) {
  for (const part of fresh(root, "[data-poll][id]:not([data-done])", "poll")) ask(part, 1500, Date.now());
}

function ask(part, pause, began) {
  setTimeout(async () => {
    if (!part.isConnected || Date.now() - began > LONGEST) return;
    if (document.hidden) return ask(part, pause, began);
    let now;
    try {
      now = (await get(part.dataset.poll)).page?.getElementById(part.id);
    } catch {
      now = null;
    }
    if (!part.isConnected) return;
    const next = Math.min(pause * 1.4, 10000);
    if (!now || now.textContent.trim() === part.textContent.trim()) return now?.hasAttribute("data-done") ? swap(part, now) : ask(part, next, began);
    const arrived = swap(part, now);
    announce((arrived.querySelector("[data-say]") ?? arrived).textContent.trim().replace(/\s+/g, " ").slice(0, 300));
    if (!arrived.hasAttribute("data-done")) ask(arrived, 1500, began);
  }, pause);
}

function swap(part, now) {
  const arrived = document.importNode(now, true);
  (arrived.laurelDone ??= new Set()).add("poll");
  part.replaceWith(arrived);
  enhanceAll(arrived);
  return arrived;
}
