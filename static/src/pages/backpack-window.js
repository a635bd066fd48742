// The window in which a badge is handed over: tells the site that opened it what the person decided, and closes.
const place = document.querySelector("[data-issuer-result]");
const opener = window.opener;

if (place && opener) {
  const { issuerResult, opener: origin } = place.dataset;
  // The browser delivers it to a page of that origin alone. A sandboxed page has none that could be named.
  if (origin) opener.postMessage(JSON.parse(issuerResult), origin === "null" ? "*" : origin);
  const button = place.querySelector("[data-close-window]");
  button.hidden = false;
  button.addEventListener("click", () => window.close());
}
