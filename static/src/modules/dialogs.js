// A link marked data-dialog opens its page in a window over this one; forms inside are sent without leaving it.
import { enhance as enhanceAll, fresh } from "./enhance.js";
import { announce, carry } from "./say.js";
import { get, NotSaved, post } from "./send.js";

export function enhance(root) {
  for (const link of fresh(root, "a[data-dialog]", "dialog")) link.addEventListener("click", (event) => open(event, link));
}

async function open(event, link) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await get(link.href);
    if (!answer.page?.querySelector("[data-fragment]")) throw new NotSaved("no fragment");
    const window = build(answer.page);
    fill(window, answer, link.href);
    window.showModal();
    (window.querySelector("[autofocus]") ?? window.querySelector(".window-body :is(input:not([type=hidden]), select, textarea, button, a[href])"))?.focus();
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

function build() {
  const window = document.getElementById("window-template").content.firstElementChild.cloneNode(true);
  document.body.append(window);
  window.querySelector("[data-close]").addEventListener("click", () => window.close());
  window.addEventListener("click", (event) => { if (event.target === window) window.close(); });
  window.addEventListener("submit", (event) => send(event, window));
  window.addEventListener("close", () => {
    window.remove();
    if (window.dataset.changed) location.reload();
  });
  return window;
}

/** Show the fragment of a page in the window. */
function fill(window, answer) {
  const body = window.querySelector(".window-body");
  const title = answer.page.querySelector("h1")?.textContent.trim();
  window.querySelector("#window-title").textContent = title ?? "";
  const notes = [...answer.page.querySelectorAll(".flashes > .notice")];
  const parts = [...notes, ...answer.page.querySelector("[data-fragment]").childNodes];
  body.replaceChildren(...parts.map((node) => document.importNode(node, true)));
  body.scrollTop = 0;
  for (const cancel of body.querySelectorAll("[data-cancel], .form-foot a.btn-ghost")) {
    cancel.addEventListener("click", (event) => { event.preventDefault(); window.close(); });
  }
  enhanceAll(body);
  if (title) announce(title);
}

async function send(event, window) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[data-native], [data-theme-switch], [data-move-form]")) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const address = event.submitter?.hasAttribute("formaction") ? event.submitter.formAction : form.action;
  event.submitter?.setAttribute("aria-busy", "true");
  try {
    const answer = await post(address, data);
    const stays = answer.refused || answer.page?.querySelector("[data-in-dialog]");
    if (!stays) {
      carry(answer.page);
      return void location.assign(answer.url);
    }
    if (!answer.refused) window.dataset.changed = "1";
    fill(window, answer);
  } catch {
    // What came of it is not known: the page itself, loaded anew, says.
    location.reload();
  }
}
