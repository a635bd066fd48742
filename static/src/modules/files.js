// A chosen file: its name, its size and, where it is a picture, how it looks. Files can be dropped on the field too.
import { fresh } from "./enhance.js";

export function enhance(root) {
  for (const box of fresh(root, "[data-file]", "file")) {
    const input = box.querySelector("input[type=file]");
    input.addEventListener("change", () => show(box, input.files[0]));
    for (const kind of ["dragenter", "dragover"]) box.addEventListener(kind, (event) => { event.preventDefault(); box.classList.add("is-over"); });
    for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, () => box.classList.remove("is-over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length === 0) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

function show(box, file) {
  if (!file) return;
  box.querySelector("[data-file-name]").textContent = `${file.name} · ${size(file.size)}`;
  const place = box.querySelector("[data-file-picture]");
  if (!place || !/^image\/(png|jpeg|webp|gif)$/.test(file.type)) return;
  const picture = new Image();
  picture.alt = "";
  picture.src = URL.createObjectURL(file);
  picture.onload = () => URL.revokeObjectURL(picture.src);
  place.replaceChildren(picture);
}

function size(bytes) {
  const big = bytes >= 1e6;
  const style = { style: "unit", unit: big ? "megabyte" : "kilobyte", maximumFractionDigits: big ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang || undefined, style).format(big ? bytes / 1e6 : Math.max(1, bytes / 1e3));
}
