// Saving a draft by itself while one writes: a moment after the last change, and when the page is left.
// What is not right yet is not saved; the page says so, and the fields say why when the form is sent.
import { fresh } from "./enhance.js";
import { announce } from "./say.js";

const PAUSE = 1500;

export function enhance(root) {
  for (const form of fresh(root, "form[data-autosave]", "autosave")) keep(form);
}

function keep(form) {
  const state = form.querySelector("[data-autosave-state]");
  let timer = null;
  let saving = false;
  let again = false;
  let sent = false;

  const tell = (text) => { if (state) state.textContent = text; };

  const save = async () => {
    clearTimeout(timer);
    if (sent) return;
    if (saving) { again = true; return; }
    saving = true;
    again = false;
    tell(form.dataset.autosaveSaving);
    try {
      const response = await fetch(form.getAttribute("action"), { method: "POST", body: data(form), credentials: "same-origin", keepalive: true, headers: { Accept: "application/json" } });
      const answer = response.headers.get("content-type")?.includes("json") ? await response.json() : null;
      if (!answer) throw new Error(String(response.status));
      if (answer.revision && form.elements.revision) form.elements.revision.value = answer.revision;
      tell(answer.text);
      if (answer.saved && !again) form.dispatchEvent(new CustomEvent("laurel:saved", { bubbles: true }));
      else if (!answer.saved) announce(answer.text);
    } catch {
      tell(form.dataset.autosaveFailed);
      announce(form.dataset.autosaveFailed);
    } finally {
      saving = false;
      if (again) later();
    }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(save, PAUSE); };

  form.addEventListener("input", (event) => { if (event.target.type !== "file") later(); });
  form.addEventListener("submit", (event) => { if (!event.submitter?.formTarget) { sent = true; clearTimeout(timer); } });
}

/** What stands in the form, without files: those are sent when the form is. */
function data(form) {
  const all = new FormData(form);
  const files = [...all.entries()].filter(([, value]) => value instanceof File).map(([name]) => name);
  for (const name of files) all.delete(name);
  all.set("action", "autosave");
  return all;
}
