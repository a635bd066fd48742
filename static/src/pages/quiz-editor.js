// Writing a quiz without leaving the page: the buttons that add, move and remove are answered in place.
import { enhance, fresh } from "../modules/enhance.js";
import { post, takeOver } from "../modules/send.js";

const form = document.querySelector("[data-quiz-editor]")?.closest("form");
let busy = false;

async function rework(event) {
  const button = event.submitter;
  if (!button?.hasAttribute("data-rework") || button.getAttribute("aria-disabled") === "true") {
    if (button?.getAttribute("aria-disabled") === "true") event.preventDefault();
    return;
  }
  event.preventDefault();
  if (busy) return;
  busy = true;
  const data = new FormData(form, button);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  const body = new FormData();
  for (const [name, value] of data) body.append(name, value);
  body.enctype = "multipart/form-data";
  try {
    const { page } = await post(form.getAttribute("action"), body);
    for (const part of takeOver(page)) {
      enhance(part);
      single(part);
      const place = part.querySelector("[autofocus]") ?? part.querySelector(".quiz-add button");
      place?.focus();
      place?.closest(".quiz-question, .quiz-add")?.scrollIntoView({ block: "nearest" });
    }
    form.dispatchEvent(new Event("input"));
  } catch {
    // The browser sends the form itself, and shows the whole page again.
    form.removeEventListener("submit", rework, { capture: true });
    form.requestSubmit(button);
  } finally {
    busy = false;
  }
}

/** Where one answer alone can be right, ticking it unticks the others. */
function single(part) {
  for (const question of fresh(part, ".quiz-question", "single")) {
    question.addEventListener("change", (event) => {
      const box = event.target;
      if (box.type !== "checkbox" || !box.checked || question.querySelector("select").value !== "single") return;
      for (const other of question.querySelectorAll(".quiz-answers input[type=checkbox]")) if (other !== box) other.checked = false;
    });
  }
}

if (form) {
  form.addEventListener("submit", rework, { capture: true });
  single(form);
}
