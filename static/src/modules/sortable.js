// A list put in order by dragging, by arrow keys on the handle, or by its Move up and Move down buttons.
// Each place is saved at once; where that fails the list goes back to how it was, and says so.
import { fresh } from "./enhance.js";
import { announce, toast } from "./say.js";
import { post } from "./send.js";

export function enhance(root) {
  for (const list of fresh(root, "[data-sortable]", "sort")) {
    list.addEventListener("pointerdown", (event) => lift(event, list));
    list.addEventListener("keydown", (event) => arrow(event, list));
    list.addEventListener("submit", (event) => button(event, list));
    number(list);
  }
}

const items = (list) => [...list.children].filter((item) => item.matches("[data-item]"));
const order = (list, before) => { for (const item of before) list.append(item); number(list); };

function lift(event, list) {
  const handle = event.target.closest(".handle");
  const item = handle?.closest("[data-item]");
  if (item?.parentElement !== list || event.button) return;
  const before = items(list);
  event.preventDefault();
  handle.setPointerCapture(event.pointerId);
  item.classList.add("is-lifted");
  let from = event.clientY;
  const move = ({ clientY }) => {
    const away = clientY - from;
    item.style.translate = `0 ${away}px`;
    const next = item.nextElementSibling;
    const previous = item.previousElementSibling;
    const top = item.offsetTop + away;
    if (next && top + item.offsetHeight > next.offsetTop + next.offsetHeight / 2) shift(item, () => next.after(item));
    else if (previous && top < previous.offsetTop + previous.offsetHeight / 2) shift(item, () => previous.before(item));
  };
  const shift = (moved, act) => {
    const was = moved.offsetTop;
    act();
    from += moved.offsetTop - was;
    handle.setPointerCapture(event.pointerId);
  };
  const drop = (ended) => {
    handle.removeEventListener("pointermove", move);
    for (const kind of ["pointerup", "pointercancel"]) handle.removeEventListener(kind, drop);
    item.classList.remove("is-lifted");
    item.style.translate = "";
    handle.focus();
    if (ended.type === "pointercancel") order(list, before);
    else save(list, item, before);
  };
  handle.addEventListener("pointermove", move);
  for (const kind of ["pointerup", "pointercancel"]) handle.addEventListener(kind, drop);
}

function arrow(event, list) {
  const handle = event.target.closest(".handle");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (handle?.closest("[data-item]").parentElement !== list || !step) return;
  event.preventDefault();
  moveBy(list, handle.closest("[data-item]"), step, handle);
}

function button(event, list) {
  const direction = event.submitter?.value;
  if (event.target.closest("[data-item]")?.parentElement !== list) return;
  if (event.defaultPrevented || !event.target.matches("[data-move-form]") || !["up", "down"].includes(direction)) return;
  event.preventDefault();
  moveBy(list, event.target.closest("[data-item]"), direction === "up" ? -1 : 1, event.submitter);
}

function moveBy(list, item, step, focused) {
  const before = items(list);
  const other = before[before.indexOf(item) + step];
  if (!other) return;
  if (step < 0) other.before(item);
  else other.after(item);
  focused.focus();
  save(list, item, before);
}

async function save(list, item, before) {
  const now = items(list);
  const place = now.indexOf(item) + 1;
  if (before[place - 1] === item) return;
  number(list);
  const form = item.querySelector("form[data-move-form]");
  const data = new FormData(form);
  data.set("position", place);
  if (item.dataset.item) data.set("item", item.dataset.item);
  try {
    await post(list.dataset.moveUrl || form.action, data);
    announce(words(list.dataset.moved, { name: item.dataset.name, place, count: now.length }));
  } catch {
    order(list, before);
    toast(words(list.dataset.failed, { name: item.dataset.name }), "danger");
  }
}

const words = (text = "", values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");

/** The numbers before the items, and which of them cannot go further. */
function number(list) {
  const all = items(list);
  all.forEach((item, index) => {
    const shown = item.querySelector("[data-number]");
    if (shown) shown.textContent = index + 1;
    for (const [value, edge] of [["up", 0], ["down", all.length - 1]]) {
      const pressed = item.querySelector(`[data-move-form] [value="${value}"]`);
      if (pressed) pressed.setAttribute("aria-disabled", String(index === edge));
    }
  });
}
