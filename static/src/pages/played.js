// Remembers how much of a video or recording was played, and where to go on; says when it is enough.
import { announce, toast } from "../modules/say.js";

const EVERY = 15_000;
const NEAR_THE_END = 5; // seconds, or a tenth of what is shorter than fifty

function stretchesOf(media) {
  const played = media.played;
  return Array.from({ length: played.length }, (_, n) => `${played.start(n).toFixed(2)}-${played.end(n).toFixed(2)}`).join(",");
}

class Played {
  constructor(media) {
    this.media = media;
    this.words = media.dataset;
    this.card = media.closest(".card");
    this.sent = "";
    this.over = !this.words.url;
    media.addEventListener("loadedmetadata", () => this.goOn(), { once: true });
    if (media.readyState >= 1) this.goOn();
    if (this.over) return;
    setInterval(() => this.save(), EVERY);
    for (const name of ["pause", "ended"]) media.addEventListener(name, () => this.save());
    addEventListener("pagehide", () => this.save(true));
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(true); });
  }

  goOn() {
    const place = Number(this.words.position);
    const rest = Math.min(NEAR_THE_END, this.media.duration / 10);
    if (place > 0 && place < this.media.duration - rest && this.media.currentTime === 0) this.media.currentTime = place;
  }

  async save(leaving = false) {
    const stretches = stretchesOf(this.media);
    if (this.over || !stretches || !Number.isFinite(this.media.duration)) return;
    const position = this.media.currentTime.toFixed(2);
    const said = `${stretches}@${position}`;
    if (said === this.sent) return;
    this.sent = said;
    const body = new URLSearchParams({ csrf_token: this.words.token, said: this.words.said, stretches, position, duration: this.media.duration.toFixed(2) });
    try {
      const answer = await fetch(this.words.url, { method: "POST", body, keepalive: leaving, credentials: "same-origin", headers: { Accept: "application/json", "X-Requested-With": "fetch" } });
      const told = await answer.json();
      if (answer.status === 409) return this.refused(told.error);
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(told);
    } catch {
      this.sent = "";
      if (!leaving) announce(this.words.failedWords);
    }
  }

  refused(why) {
    this.over = true;
    toast(why, "danger");
  }

  show({ done, percent }) {
    this.card.querySelector("[data-played-note]").textContent = this.words.percentWords.replace("{percent}", percent);
    if (!done) return;
    this.over = true;
    toast(this.words.doneWords);
    this.card.querySelector("[data-played-goal]")?.remove();
    this.card.querySelector("[data-played-done]").hidden = false;
  }
}

for (const media of document.querySelectorAll("[data-played]")) new Played(media);
