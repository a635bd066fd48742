// What the badge designer loads on demand: the picked Phosphor icons and the fonts, each as files of our own origin.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";

/** Families of the designer: weights offered, and the subsets of letters that the family has and we serve. */
const FONTS = [
  { name: "Montserrat", folder: "montserrat", weights: [500, 700, 800], subsets: ["latin", "latin-ext", "cyrillic", "vietnamese"] },
  { name: "Oswald", folder: "oswald", weights: [500, 700], subsets: ["latin", "latin-ext", "cyrillic", "vietnamese"] },
  { name: "Playfair Display", folder: "playfair-display", weights: [700, 900], subsets: ["latin", "latin-ext", "cyrillic", "vietnamese"] },
  { name: "Lexend", folder: "lexend", weights: [500, 700], subsets: ["latin", "latin-ext", "vietnamese"] },
  { name: "Atkinson Hyperlegible", folder: "atkinson-hyperlegible", weights: [400, 700], subsets: ["latin", "latin-ext"] },
  { name: "Great Vibes", folder: "great-vibes", weights: [400], subsets: ["latin", "latin-ext", "cyrillic", "vietnamese"] },
];

const digest = (contents) => createHash("sha256").update(contents).digest("hex").slice(0, 10);

/** The picked icons: `{name: [tags, tone path, line path]}`. */
async function icons(root) {
  const list = await readFile(path.join(root, "static/src/designer/icons.txt"), "utf8");
  const wanted = new Set(list.split("\n").filter((line) => !line.startsWith("#")).join(" ").split(/\s+/).filter(Boolean));
  const { icons: known } = await import("@phosphor-icons/core");
  const made = {};
  for (const { name, tags } of known) {
    if (!wanted.delete(name)) continue;
    const svg = await readFile(path.join(root, `node_modules/@phosphor-icons/core/assets/duotone/${name}-duotone.svg`), "utf8");
    const drawn = [...svg.matchAll(/<path d="([^"]+)"( opacity="0\.2")?/g)];
    if (drawn.length !== 2 || !drawn[0][2]) throw new Error(`${name} is not a tone and a line: leave it out of icons.txt`);
    made[name] = [tags.filter((tag) => !tag.startsWith("*")).join(" "), drawn[0][1], drawn[1][1]];
  }
  if (wanted.size) throw new Error(`Phosphor has no icon ${[...wanted].join(", ")} (static/src/designer/icons.txt)`);
  return JSON.stringify(made);
}

/** Font files and their list: `[{family, weight, range, url}]`, addresses relative to the list. */
async function fonts(root) {
  const files = [];
  const list = [];
  for (const { name, folder, weights, subsets } of FONTS) {
    const base = path.join(root, "node_modules/@fontsource", folder);
    const ranges = JSON.parse(await readFile(path.join(base, "unicode.json"), "utf8"));
    for (const weight of weights) {
      for (const subset of subsets) {
        if (!ranges[subset]) continue;
        const contents = await readFile(path.join(base, `files/${folder}-${subset}-${weight}-normal.woff2`));
        const file = `fonts/${folder}-${subset}-${weight}-${digest(contents)}.woff2`;
        files.push([`designer/${file}`, contents]);
        list.push({ family: name, weight, range: ranges[subset], url: file });
      }
    }
  }
  return { files, list: JSON.stringify(list) };
}

/** Every file of the designer beside its code: `{plain: [[name, contents]], hashed: [[name, contents]]}`. */
export async function designer(root) {
  const { files, list } = await fonts(root);
  return { plain: files, hashed: [["designer/icons.json", await icons(root)], ["designer/fonts.json", list]] };
}
