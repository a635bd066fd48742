// Keeps what is answered or written in a form while it is being done: nothing is lost when the page is closed.
const PAUSE = 1500;

for (const form of document.querySelectorAll("form[data-keep]")) keep(form);

function keep(form) {
  const said = form.querySelector("[data-keep-said]");
  let timer = 0;
  let sent = null;
  let leaving = false;

  const state = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return new URLSearchParams(data);
  };

  const save = async () => {
    const body = state();
    if (leaving || body.toString() === sent) return;
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body, headers: { "X-Requested-With": "fetch", Accept: "application/json" }, credentials: "same-origin", keepalive: true });
      if (!answer.ok) throw new Error(String(answer.status));
      sent = body.toString();
      if (said) said.textContent = said.dataset.kept;
    } catch {
      if (said && !leaving) said.textContent = said.dataset.notKept;
    }
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    if (said) said.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && timer) save(); });

  const files = form.querySelector("input[type=file][data-too-large]");
  const refusal = form.querySelector("[data-too-large-said]");
  files?.addEventListener("change", () => {
    const large = [...files.files].find((file) => file.size > Number(form.dataset.largest) * 1024 * 1024);
    refusal.hidden = !large;
    refusal.textContent = large ? files.dataset.tooLarge.replace("{name}", large.name) : "";
    if (large) files.value = "";
  });
}
