// The page of a certificate template: what is typed is drawn by the server while one types, and colours can be picked.
const WAIT = 350;

class Preview {
  constructor(place) {
    this.place = place;
    this.picture = place.querySelector("img");
    this.form = document.getElementById(place.dataset.form);
    this.state = document.querySelector("[data-preview-state]");
    this.problems = document.querySelector("[data-preview-problems]");
    this.form.addEventListener("input", (event) => this.soon(event));
    this.form.addEventListener("change", (event) => this.soon(event));
    for (const field of document.querySelectorAll(`[form="${this.form.id}"]`)) field.addEventListener("input", (event) => this.soon(event));
    this.form.querySelector("[data-preview-button]").addEventListener("click", (event) => {
      event.preventDefault();
      this.draw(true);
    });
  }

  soon(event) {
    if (event?.target.name === "name") return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.draw(), WAIT);
  }

  async draw(asked = false) {
    clearTimeout(this.waiting);
    this.asking?.abort();
    const asking = this.asking = new AbortController();
    this.place.classList.add("is-drawing");
    this.state.textContent = this.state.dataset.drawing;
    try {
      const answer = await fetch(this.place.dataset.preview, {
        method: "POST", body: new FormData(this.form), credentials: "same-origin", signal: asking.signal,
        headers: { "X-Requested-With": "fetch", Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(await answer.json(), asked);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.state.textContent = this.state.dataset.failed;
    }
    if (this.asking === asking) this.place.classList.remove("is-drawing");
  }

  show({ drawing, problems }, asked) {
    const before = this.picture.src;
    this.picture.src = URL.createObjectURL(new Blob([drawing], { type: "image/svg+xml" }));
    if (before.startsWith("blob:")) URL.revokeObjectURL(before);
    const [, width, height] = drawing.match(/viewBox="0 0 ([\d.]+) ([\d.]+)"/) ?? [];
    this.place.classList.toggle("is-portrait", Number(height) > Number(width));
    this.problems.replaceChildren(...problems.map(({ field, text }) => this.line(field, text)));
    this.problems.hidden = problems.length === 0;
    this.state.textContent = asked ? this.state.dataset.ready : "";
  }

  line(field, text) {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${field}`;
    link.textContent = text;
    line.append(link);
    return line;
  }
}

/** A colour to pick beside a field in which it is typed. */
function addPicker(field) {
  const picker = document.createElement("input");
  picker.type = "color";
  picker.setAttribute("aria-label", field.dataset.colour);
  const pair = document.createElement("div");
  pair.className = "colour-pair";
  field.before(pair);
  pair.append(picker, field);
  const follow = () => {
    const found = /^#?([0-9a-f]{6})$/i.exec(field.value.trim()) ?? /^#?([0-9a-f]{6})$/i.exec(field.placeholder);
    if (found) picker.value = `#${found[1].toLowerCase()}`;
  };
  follow();
  field.addEventListener("input", follow);
  picker.addEventListener("input", () => {
    field.value = picker.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

for (const field of document.querySelectorAll("[data-colour]")) addPicker(field);
for (const place of document.querySelectorAll("[data-preview]")) new Preview(place);
