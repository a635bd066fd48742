// Forms: no double sending, a word before leaving what is not saved, a question before what cannot be undone.
import { fresh } from "./enhance.js";

let dirty = null;

export function enhance(root) {
  for (const summary of fresh(root, "[data-error-summary]", "focus")) summary.focus();
  for (const select of fresh(root, "[data-auto-submit]", "change")) select.addEventListener("change", () => select.form.requestSubmit());
  for (const form of fresh(root, "form[data-guard]", "guard")) {
    form.addEventListener("input", () => { dirty = form; });
    form.addEventListener("submit", (event) => { if (!elsewhere(event)) dirty = null; });
    form.addEventListener("laurel:saved", () => { if (!holdsFile(form)) dirty = null; });
  }
  for (const form of fresh(root, "form", "once")) form.addEventListener("submit", once);
  for (const button of fresh(root, "[data-dismiss]", "click")) {
    button.addEventListener("click", () => button.closest("[data-dismissable], .toast-note")?.remove());
  }
}

const holdsFile = (form) => [...form.querySelectorAll('input[type="file"]')].some((input) => input.files.length);

/** Whether the answer is shown in a frame of the page, which itself stays. */
function elsewhere(event) {
  return Boolean(event.submitter?.formTarget);
}

function once(event) {
  const form = event.currentTarget;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !window.confirm(question)) return event.preventDefault();
  if (form.method !== "post" || elsewhere(event)) return undefined;
  // After the event, so that the pressed button's own name and value are still sent.
  setTimeout(() => {
    if (event.defaultPrevented) return;
    for (const button of form.querySelectorAll('[type="submit"]')) button.setAttribute("aria-busy", "true");
  });
  return undefined;
}

addEventListener("beforeunload", (event) => {
  if (dirty?.isConnected) event.preventDefault();
});

// A page that comes back from the browser's memory must not look as if it were still sending.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
});

document.addEventListener("click", (event) => {
  event.target.closest?.(".toast-note [data-dismiss]")?.closest(".toast-note").remove();
});
