// The hand-off page: lets the backpack's own script ask, and posts what it answered. No imports, no session, no cookies.
(() => {
  const place = document.getElementById("hand-off");
  const go = document.getElementById("hand-off-go");
  const said = document.getElementById("hand-off-said");
  const words = { EXISTS: place.dataset.exists };

  function report(answer) {
    // A plain-text body needs no leave from the portal, and the token in the address is all that it is believed for.
    return fetch(place.dataset.answer, { method: "POST", mode: "no-cors", credentials: "omit", keepalive: true, body: JSON.stringify(answer) });
  }

  function answered(errors, successes) {
    const answer = { errors: [...(errors ?? [])], successes: [...(successes ?? [])] };
    // The window was closed without a decision: nothing is known, and the button can be pressed again.
    if (!answer.errors.length && !answer.successes.length) return;
    if (!answer.errors.length && !answer.successes.length) {
      said.textContent = place.dataset.closed;
      return;
    }
    const reason = answer.errors[0]?.reason ?? answer.errors[0];
    said.textContent = answer.successes.length ? place.dataset.sent : (words[reason] ?? place.dataset.refused);
    go.hidden = true;
    report(answer).catch(() => {});
  }

  if (typeof globalThis.OpenBadges?.issue !== "function") {
    said.textContent = place.dataset.broken;
    return;
  }
  go.hidden = false;
  go.focus();
  go.addEventListener("click", () => {
    try {
      globalThis.OpenBadges.issue([place.dataset.assertion], answered);
    } catch {
      said.textContent = place.dataset.broken;
    }
  });
})();
