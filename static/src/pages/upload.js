// Large files on their way: how much has arrived, a way to stop, and a form that is still there if they do not arrive.
// Without a script the browser sends the form as it always does.
import { enhance, fresh, register } from "../modules/enhance.js";
import { announce, carry } from "../modules/say.js";

const SMALL = 1_000_000;
const SAID_EVERY = 25;

class Upload {
  constructor(box) {
    this.box = box;
    this.words = box.dataset;
    this.form = box.closest("form");
    this.bar = box.querySelector("progress");
    this.text = box.querySelector("[data-upload-text]");
    this.stop = box.querySelector("[data-upload-stop]");
    this.stay = (event) => event.preventDefault();
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.stop.addEventListener("click", () => this.request?.abort());
  }

  submit(event) {
    if (event.defaultPrevented || event.submitter?.formTarget) return;
    const files = [...this.form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    const large = files.find((file) => file.size > Number(this.words.largest));
    if (!large && files.reduce((sum, file) => sum + file.size, 0) < SMALL) return;
    event.preventDefault();
    if (this.request) return;
    if (large) this.fail(this.words.tooLargeWords.replace("{name}", large.name));
    else this.send(event.submitter);
  }

  send(submitter) {
    const data = new FormData(this.form);
    if (submitter?.name) data.append(submitter.name, submitter.value);
    this.request = new XMLHttpRequest();
    this.request.upload.addEventListener("progress", (event) => this.show(event));
    this.request.addEventListener("load", () => this.answered());
    this.request.addEventListener("error", () => this.fail(this.words.failedWords));
    this.request.addEventListener("abort", () => this.fail(this.words.stoppedWords));
    this.request.open("POST", this.form.getAttribute("action") || location.href);
    this.request.setRequestHeader("Accept", "text/html");
    this.request.send(data);
    this.said = 0;
    this.wait(true);
    this.bar.value = 0;
    this.text.textContent = this.words.beginWords;
    announce(this.words.beginWords);
    this.stop.focus();
  }

  wait(on) {
    this.bar.hidden = this.stop.hidden = !on;
    this.box.hidden = false;
    for (const button of this.form.querySelectorAll('[type="submit"]')) {
      for (const state of ["aria-busy", "aria-disabled"]) {
        if (on) button.setAttribute(state, "true");
        else button.removeAttribute(state);
      }
    }
    if (on) addEventListener("beforeunload", this.stay);
    else removeEventListener("beforeunload", this.stay);
  }

  show({ loaded, total }) {
    const percent = Math.floor((100 * loaded) / total);
    this.bar.value = percent;
    this.text.textContent = percent < 100 ? this.words.percentWords.replace("{percent}", percent) : this.words.checkedWords;
    if (percent < this.said + SAID_EVERY && percent < 100) return;
    this.said = percent;
    announce(this.text.textContent);
  }

  answered() {
    const { status, responseURL, response } = this.request;
    const html = this.request.getResponseHeader("content-type")?.includes("text/html");
    const page = html ? new DOMParser().parseFromString(response, "text/html") : null;
    if (!page || (status >= 400 && status !== 422)) return this.fail(status === 413 ? this.words.tooLargeWords.replace("{name}", this.words.thisFile) : this.words.failedWords);
    this.wait(false);
    if (status < 300 && new URL(responseURL).pathname !== new URL(this.form.action || location.href, location.href).pathname) {
      carry(page);
      return location.assign(responseURL);
    }
    const arrived = document.importNode(page.querySelector("main"), true);
    document.querySelector("main").replaceWith(arrived);
    enhance(arrived);
    return scrollTo(0, 0);
  }

  fail(why) {
    this.request = null;
    this.wait(false);
    this.text.textContent = why;
    announce(why);
    // What was typed is not saved: leaving the page asks again.
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
    this.form.querySelector('[type="submit"]')?.focus();
  }
}

function enhanceUploads(root) {
  for (const box of fresh(root, "[data-upload]", "upload")) new Upload(box);
}

register(enhanceUploads);
enhanceUploads(document);
