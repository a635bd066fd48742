// Builds what the browser gets: static/src → static/dist, with hashed names, a manifest, and .br and .gz siblings.
// `npm run build` once; `npm run watch` again at every change. Usage of the result: portal/web/assets.py.
import { createHash } from "node:crypto";
import { existsSync, watch } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import zlib from "node:zlib";
import esbuild from "esbuild";
import { designer } from "./designer.mjs";
import { sprite } from "./icons.mjs";
import { trim } from "./styles.mjs";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const SOURCE = path.join(ROOT, "static/src");
const TARGET = path.join(ROOT, "static/dist");
const gzip = promisify(zlib.gzip);
const brotli = promisify(zlib.brotliCompress);
const COMPRESSIBLE = /\.(css|js|svg|json|map|txt|ttf)$/;

/** Every file that becomes an entry of its own: app.*, pages/*.js, and <folder>/main.js or main.css. */
async function entries() {
  const found = [];
  for (const name of ["app.js", "app.css"]) found.push(path.join(SOURCE, name));
  for (const folder of await readdir(SOURCE, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    const inside = path.join(SOURCE, folder.name);
    for (const file of await readdir(inside)) {
      const wanted = folder.name === "pages" ? /\.(js|css)$/ : /^main\.(js|css)$/;
      if (wanted.test(file)) found.push(path.join(inside, file));
    }
  }
  return found;
}

async function bundle(outdir) {
  return esbuild.build({
    entryPoints: await entries(),
    outbase: SOURCE,
    outdir,
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["chrome125", "firefox128", "safari17.5"],
    minify: true,
    metafile: true,
    write: false,
    legalComments: "none",
    charset: "utf8",
    entryNames: "[dir]/[name]-[hash]",
    chunkNames: "chunks/[name]-[hash]",
    assetNames: "media/[name]-[hash]",
    loader: { ".woff2": "file", ".png": "file", ".webp": "file", ".svg": "file" },
    logLevel: "warning",
  });
}

function hashed(name, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 10);
  const { dir, name: base, ext } = path.parse(name);
  return path.posix.join(dir, `${base}-${hash}${ext}`);
}

async function keep(folder, name, contents) {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, contents);
  if (!COMPRESSIBLE.test(name)) return;
  const bytes = Buffer.from(contents);
  const options = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } };
  await writeFile(`${file}.gz`, await gzip(bytes, { level: 9 }));
  await writeFile(`${file}.br`, await brotli(bytes, options));
}

async function build() {
  const began = performance.now();
  const fresh = `${TARGET}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  const { outputFiles, metafile } = await bundle(fresh);
  const manifest = { files: {}, imports: {} };

  for (const file of outputFiles) {
    const name = path.relative(fresh, file.path).split(path.sep).join("/");
    const made = metafile.outputs[path.relative(ROOT, file.path)];
    const entry = made?.entryPoint && path.relative(SOURCE, path.join(ROOT, made.entryPoint)).split(path.sep).join("/");
    let [kept, contents] = [name, file.contents];
    if (name.endsWith(".css")) {
      contents = await trim(ROOT, file.text, entry === "app.css");
      kept = hashed(entry ?? name.replace(/-[A-Z0-9]{8}(?=\.css$)/, ""), contents);
    }
    await keep(fresh, kept, contents);
    const asked = entry ?? name.replace(/^media\//, "").replace(/-[A-Z0-9]{8}(?=\.\w+$)/, "");
    if (entry || name.startsWith("media/")) manifest.files[asked] = kept;
    if (entry?.endsWith(".js")) {
      manifest.imports[entry] = chunksOf(metafile, made, fresh);
      if (made.cssBundle) manifest.files[entry.replace(/\.js$/, ".css")] ??= path.relative(fresh, made.cssBundle);
    }
  }

  const extra = await designer(ROOT);
  const pictures = await readdir(path.join(SOURCE, "pictures"));
  const own = await Promise.all(pictures.map(async (name) => [name, await readFile(path.join(SOURCE, "pictures", name))]));
  for (const [name, contents] of extra.plain) await keep(fresh, name, contents);
  for (const [name, contents] of [["icons.svg", await sprite(ROOT)], ...own, ...extra.hashed]) {
    manifest.files[name] = hashed(name, contents);
    await keep(fresh, manifest.files[name], contents);
  }
  await writeFile(path.join(fresh, "manifest.json"), JSON.stringify(manifest, null, 1));

  const old = `${TARGET}.old.${process.pid}`;
  if (existsSync(TARGET)) await rename(TARGET, old);
  await rename(fresh, TARGET);
  await rm(old, { recursive: true, force: true });
  await report(manifest, began);
}

/** The chunks that an entry loads at once, so that the page can name them early. */
function chunksOf(metafile, made, fresh) {
  const found = new Set();
  const visit = (output) => {
    for (const { path: to, kind } of output.imports) {
      if (kind !== "import-statement" || found.has(to) || !metafile.outputs[to]) continue;
      found.add(to);
      visit(metafile.outputs[to]);
    }
  };
  visit(made);
  return [...found].map((file) => path.relative(fresh, path.join(ROOT, file)).split(path.sep).join("/"));
}

async function report(manifest, began) {
  const lines = [];
  for (const [asked, name] of Object.entries(manifest.files)) {
    if (!/\.(css|js|svg)$/.test(asked)) continue;
    const sizes = await Promise.all([name, `${name}.br`].map(async (file) => (await stat(path.join(TARGET, file))).size));
    lines.push(`  ${asked.padEnd(28)} ${(sizes[0] / 1024).toFixed(1).padStart(7)} kB ${(sizes[1] / 1024).toFixed(1).padStart(6)} kB br`);
  }
  console.log(`static/dist in ${((performance.now() - began) / 1000).toFixed(1)} s\n${lines.sort().join("\n")}`);
}

await build();

if (process.argv.includes("--watch")) {
  let waiting;
  const again = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => build().catch((error) => console.error(error.message)), 150);
  };
  for (const folder of ["static/src", "templates"]) watch(path.join(ROOT, folder), { recursive: true }, again);
}
