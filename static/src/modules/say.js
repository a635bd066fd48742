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
