// Telling the reader what happened: in the live region, and as a toast that can be seen.
export function announce(text) {
  const live = document.getElementById("live");
  if (!live || !text) return;
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 60);
}

export function toast(text, tone = "success") {
  const template = document.getElementById("toast-template");
  const place = document.getElementById("toasts");
  if (!template || !place || !text) return;
  const note = template.content.firstElementChild.cloneNode(true);
  note.classList.add(`tone-${tone}`);
  note.querySelector("p").textContent = text;
  place.append(note);
  const leave = setTimeout(() => note.remove(), tone === "danger" ? 12000 : 6000);
  note.addEventListener("pointerenter", () => clearTimeout(leave), { once: true });
  announce(text);
}

const CARRIED = "laurel-carried";

/** Keep what a page had to say for the page that is loaded next: a script has read it, the reader has not. */
export function carry(page) {
  const notes = [...(page?.querySelectorAll(".flashes > .notice") ?? [])].map((note) => [note.querySelector("p")?.textContent.trim(), [...note.classList].find((name) => name.startsWith("tone-"))?.slice(5)]);
  if (notes.length) sessionStorage.setItem(CARRIED, JSON.stringify(notes));
}

export function sayCarried() {
  const notes = JSON.parse(sessionStorage.getItem(CARRIED) ?? "[]");
  sessionStorage.removeItem(CARRIED);
  for (const [text, tone] of notes) toast(text, tone);
}
