// Copies the fonts of printed certificates to where Typst reads them: only the weights that the certificate uses, and a
// face for each script that a learner's name may be written in. The folder is ignored by git.
import { copyFile, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const TARGET = path.join(ROOT, "portal/certificates/paper/fonts");
const FONTS = {
  inter: ["400Regular/Inter_400Regular", "500Medium/Inter_500Medium", "600SemiBold/Inter_600SemiBold"],
  "playfair-display": ["700Bold/PlayfairDisplay_700Bold", "600SemiBold_Italic/PlayfairDisplay_600SemiBold_Italic"],
  "great-vibes": ["400Regular/GreatVibes_400Regular"],
  "noto-sans": ["400Regular/NotoSans_400Regular"],
  "noto-sans-arabic": ["400Regular/NotoSansArabic_400Regular"],
  "noto-sans-hebrew": ["400Regular/NotoSansHebrew_400Regular"],
  "noto-sans-devanagari": ["400Regular/NotoSansDevanagari_400Regular"],
  "noto-sans-thai": ["400Regular/NotoSansThai_400Regular"],
  "noto-sans-bengali": ["400Regular/NotoSansBengali_400Regular"],
  "noto-sans-tamil": ["400Regular/NotoSansTamil_400Regular"],
  "noto-sans-georgian": ["400Regular/NotoSansGeorgian_400Regular"],
  "noto-sans-armenian": ["400Regular/NotoSansArmenian_400Regular"],
  "noto-sans-sc": ["400Regular/NotoSansSC_400Regular"],
  "noto-sans-kr": ["400Regular/NotoSansKR_400Regular"],
};

await rm(TARGET, { recursive: true, force: true });
await mkdir(TARGET, { recursive: true });
let count = 0;
for (const [family, files] of Object.entries(FONTS)) {
  for (const file of files) {
    await copyFile(path.join(ROOT, "node_modules/@expo-google-fonts", family, `${file}.ttf`), path.join(TARGET, `${path.basename(file)}.ttf`));
    count += 1;
  }
}
console.log(`${count} fonts for certificates`);
