// Dragging a badge to a collection, with mouse, touch (after a moment's press) or keyboard. The same form is sent
// that the badge's own "Move to…" menu sends; where that fails nothing has moved, and the page says so.
import { enhance as enhanceAll, fresh } from "./enhance.js";
import { announce, toast } from "./say.js";
import { post, takeOver } from "./send.js";

const FAR = 6;
const PRESS = 280;

export function enhance(root) {
  for (const item of fresh(root, "[data-draggable]", "drag")) {
    item.addEventListener("pointerdown", (event) => begin(event, item));
    item.addEventListener("dragstart", (event) => event.preventDefault());
    item.querySelector("[data-drag-handle]")?.addEventListener("keydown", (event) => key(event, item));
  }
}

const targets = () => [...document.querySelectorAll("[data-drop-target]")];
const mark = (target) => { for (const each of targets()) each.classList.toggle("is-over", each === target); };
const words = (text = "", values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");

function begin(down, item) {
  if (down.button || down.target.closest("a, button:not([data-drag-handle]), input, select, summary, [popover]")) return;
  let ghost = null;
  const touch = down.pointerType === "touch";
  const pressed = touch ? setTimeout(() => lift(down), PRESS) : null;
  const lift = ({ clientX, clientY }) => {
    ghost = item.querySelector("img").cloneNode();
    ghost.className = "drag-ghost";
    document.body.append(ghost);
    item.classList.add("is-dragging");
    document.documentElement.classList.add("is-dropping");
    follow({ clientX, clientY });
  };
  const follow = ({ clientX, clientY }) => {
    ghost.style.translate = `${clientX - 48}px ${clientY - 48}px`;
    mark(under(clientX, clientY));
    const edge = clientY < 60 ? -12 : clientY > innerHeight - 60 ? 12 : 0;
    if (edge) scrollBy(0, edge);
  };
  const move = (event) => {
    const far = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > FAR;
    if (!ghost && far && touch) return end();
    if (!ghost && far) lift(event);
    if (ghost) follow(event);
  };
  const still = (event) => { if (ghost) event.preventDefault(); };
  const up = (event) => {
    const target = ghost && under(event.clientX, event.clientY);
    end();
    if (target) drop(item, target);
  };
  const escape = (event) => { if (event.key === "Escape") end(); };
  const end = () => {
    clearTimeout(pressed);
    ghost?.remove();
    ghost = null;
    mark(null);
    item.classList.remove("is-dragging");
    document.documentElement.classList.remove("is-dropping");
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", end);
    removeEventListener("keydown", escape);
    item.removeEventListener("touchmove", still);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", end);
  addEventListener("keydown", escape);
  item.addEventListener("touchmove", still, { passive: false });
}

const under = (x, y) => document.elementFromPoint(x, y)?.closest("[data-drop-target]") ?? null;

/** Enter or Space takes the badge up, arrows choose among the collections, Enter puts it down, Escape leaves it. */
function key(event, item) {
  const handle = event.currentTarget;
  const held = handle.getAttribute("aria-pressed") === "true";
  const all = targets();
  const at = all.findIndex((target) => target.classList.contains("is-over"));
  const choose = (index) => {
    const target = all[(index + all.length) % all.length];
    mark(target);
    target?.scrollIntoView({ block: "nearest" });
    announce(words(handle.dataset.over, { name: target?.dataset.name }));
  };
  const release = () => { handle.setAttribute("aria-pressed", "false"); mark(null); document.documentElement.classList.remove("is-dropping"); };
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    if (!held && all.length) {
      handle.setAttribute("aria-pressed", "true");
      document.documentElement.classList.add("is-dropping");
      choose(0);
    } else if (held) {
      release();
      drop(item, all[at]);
    }
  } else if (held && /^Arrow/.test(event.key)) {
    event.preventDefault();
    choose(at + (/Down|Right/.test(event.key) ? 1 : -1));
  } else if (held && ["Escape", "Tab"].includes(event.key)) {
    release();
  }
}

async function drop(item, target) {
  const form = document.getElementById(item.dataset.dragForm);
  const data = new FormData(form);
  data.set(item.dataset.dropField || "collection", target.dataset.dropTarget);
  target.setAttribute("aria-busy", "true");
  const values = { name: item.dataset.name, place: target.dataset.name };
  try {
    const answer = await post(form.action, data);
    if (answer.refused) throw new Error("refused");
    const taken = takeOver(answer.page);
    taken.forEach(enhanceAll);
    if (taken.length === 0) location.reload();
    else toast(words(item.dataset.dropped, values));
  } catch {
    toast(words(item.dataset.dropFailed, values), "danger");
  } finally {
    target.removeAttribute("aria-busy");
  }
}
