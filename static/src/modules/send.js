// Sending a form of the page without leaving it, and taking over parts of the page that answers.
const HEADERS = { "X-Requested-With": "fetch", Accept: "text/html" };

export class NotSaved extends Error {}

/** Post data; answer with the page that came back and where it came from. Any status but 2xx or 422 raises NotSaved. */
export async function post(url, data) {
  const body = data.enctype === "multipart/form-data" || [...data.values()].some((value) => value instanceof File) ? data : new URLSearchParams(data);
  return read(await attempt(url, { method: "POST", body, headers: HEADERS, credentials: "same-origin" }));
}

export async function get(url) {
  return read(await attempt(url, { headers: HEADERS, credentials: "same-origin" }));
}

async function attempt(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    throw new NotSaved(String(error));
  }
}

async function read(response) {
  if (!response.ok && response.status !== 422) throw new NotSaved(String(response.status));
  const html = response.headers.get("content-type")?.includes("text/html");
  const page = html ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  return { page, url: response.url, moved: response.redirected, refused: response.status === 422 };
}

/** Replace each element of this page that carries data-refresh by the one of the same id in the page that came back. */
export function takeOver(page) {
  const taken = [];
  for (const old of document.querySelectorAll("[data-refresh][id]")) {
    const now = page?.getElementById(old.id);
    if (!now) continue;
    const arrived = document.importNode(now, true);
    old.replaceWith(arrived);
    taken.push(arrived);
  }
  return taken;
}
