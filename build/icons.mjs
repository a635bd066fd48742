// Gathers the interface's icons into one SVG sprite; templates draw them with the macro icon(name).
import { readFile } from "node:fs/promises";
import path from "node:path";

/** The icon's name in templates → its name among Phosphor's regular icons ("fill:" picks the filled drawing). */
const ICONS = {
  add: "plus", archive: "archive", "arrow-down": "arrow-down", "arrow-left": "arrow-left", "arrow-right": "arrow-right",
  "arrow-up": "arrow-up", award: "seal-check", backpack: "backpack", badge: "medal", bell: "bell", book: "book-open",
  calendar: "calendar-blank", camera: "camera", certificate: "certificate", chart: "chart-line-up", check: "check-bold",
  "check-circle": "fill:check-circle", "chevron-down": "caret-down", "chevron-left": "caret-left",
  "chevron-right": "caret-right", clock: "clock", close: "x", collection: "folders", copy: "copy", dark: "moon",
  delete: "trash", download: "download-simple", duplicate: "copy-simple", edit: "pencil-simple", error: "fill:x-circle",
  eye: "eye", "eye-off": "eye-slash", external: "arrow-square-out", file: "file-text", filter: "funnel",
  folder: "folder-open", gear: "gear-six", globe: "globe", grip: "dots-six-vertical", help: "question", home: "house",
  image: "image", info: "fill:info", key: "key", language: "translate", leaf: "leaf", light: "sun", link: "link",
  lock: "lock-simple", mail: "envelope-simple", members: "users-three", menu: "list", more: "dots-three",
  page: "article", path: "path", people: "users", person: "user", play: "play", print: "printer", publish: "rocket-launch",
  refresh: "arrows-clockwise", search: "magnifying-glass", send: "paper-plane-tilt", server: "hard-drives",
  share: "share-network", shield: "shield-check", "sign-in": "sign-in", "sign-out": "sign-out", sparkle: "sparkle",
  star: "star", steps: "list-checks", swatches: "palette", system: "circle-half", tag: "tag", unlock: "lock-simple-open", users: "users",
  upload: "upload-simple", verified: "fill:seal-check", warning: "fill:warning", graduation: "graduation-cap",
  // the badge designer
  undo: "arrow-counter-clockwise", redo: "arrow-clockwise", "zoom-in": "magnifying-glass-plus",
  "zoom-out": "magnifying-glass-minus", grid: "grid-four", magnet: "magnet-straight", safe: "bounding-box", shapes: "shapes",
  text: "text-t", ribbon: "flag-banner", layers: "stack", sliders: "sliders-horizontal", readable: "eyeglasses",
};

/** Return the sprite: one <symbol> an icon, drawn in the text's own colour. */
export async function sprite(root) {
  const folder = path.join(root, "node_modules/@phosphor-icons/core/assets");
  const symbols = [];
  for (const [name, wanted] of Object.entries(ICONS)) {
    const [style, drawing] = wanted.startsWith("fill:") ? ["fill", `${wanted.slice(5)}-fill`] : [wanted.endsWith("-bold") ? "bold" : "regular", wanted];
    const svg = await readFile(path.join(folder, style, `${drawing}.svg`), "utf8");
    const inside = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 256 256">${inside}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">${symbols.join("")}</svg>`;
}
