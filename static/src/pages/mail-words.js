// The preview of a mail follows what is typed; without a script its button does.
const PAUSE = 400;
const form = document.querySelector("[data-mail-words]");
const button = form?.querySelector("[data-preview]");
let frame = document.querySelector("iframe.mail-preview");
let timer = 0;

/** Show what the form says now: in a new frame, so that the browser's Back still leads away from the page. */
function show() {
  const next = frame.cloneNode();
  next.removeAttribute("src");
  next.name = `preview-${Date.now()}`;
  next.title = "";
  next.hidden = true;
  frame.after(next);
  setTimeout(() => {
    next.addEventListener("load", () => {
      next.title = frame.title;
      next.hidden = false;
      frame.remove();
      frame = next;
    }, { once: true });
    button.formTarget = next.name;
    form.requestSubmit(button);
  });
}

if (button && frame) {
  button.hidden = true;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
}
