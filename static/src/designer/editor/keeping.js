/** Keeping the work: saved by itself, held in the browser until the portal has it, and never written over another's. */

import { pngOf } from '../draw/picture.js';
import { withoutUnusedImages } from '../document/model.js';
import { t } from './words.js';

const IDLE = 1600;
const AGAIN = 10_000;
const PICTURE_EVERY = 45_000;
const DATABASE = 'laurel-designer';

function database() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('unsaved');
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function held(mode, run) {
  try {
    const opened = await database();
    return await new Promise((done) => {
      const request = run(opened.transaction('unsaved', mode).objectStore('unsaved'));
      request.onsuccess = () => done(request.result);
      request.onerror = () => done(undefined);
    });
  } catch {
    return undefined; // Private windows may have no database: then only the portal keeps the work.
  }
}

export class Keeper {
  /** `hooks` are `{state(name, text), conflict(message), token()}`. */
  constructor({ store, resources, data, hooks }) {
    Object.assign(this, { store, resources, hooks, urls: data.urls, id: data.id, revision: data.revision });
    this.place = `${data.person}/${data.id ?? `new:${data.path?.id ?? ''}`}`;
    this.saved = store.document;
    this.pictured = data.id ? store.document : null;
    this.pictureAt = 0;
    this.busy = null;
    this.stopped = false;
    addEventListener('online', () => this.save());
    addEventListener('beforeunload', (event) => {
      if (this.unsaved) event.preventDefault();
    });
    // Before the page may go, and on coming back to it, perhaps from signing in in another tab.
    document.addEventListener('visibilitychange', () => {
      if (this.unsaved) this.save();
    });
  }

  get unsaved() {
    return !this.stopped && this.store.document !== this.saved;
  }

  /** What this browser still holds of this badge: `{document, revision, at}` or undefined. */
  recover() {
    return held('readonly', (box) => box.get(this.place));
  }

  forget() {
    return held('readwrite', (box) => box.delete(this.place));
  }

  changed() {
    if (!this.unsaved) return;
    this.hooks.state('unsaved', t('unsaved'));
    clearTimeout(this.holding);
    this.holding = setTimeout(() => this.hold(), 150);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.save(), IDLE);
  }

  hold() {
    const entry = { document: this.store.document, revision: this.revision, at: Date.now() };
    return held('readwrite', (box) => box.put(entry, this.place));
  }

  /** Save; on purpose with the picture and as a version of its own. Resolves to whether the portal has it. */
  async save({ deliberate = false } = {}) {
    clearTimeout(this.waiting);
    while (this.busy) await this.busy;
    if (!deliberate && !this.unsaved) return true;
    if (this.stopped) return false;
    this.busy = this.send(deliberate).finally(() => (this.busy = null));
    return this.busy;
  }

  async send(deliberate) {
    const design = this.store.document;
    this.hooks.state('saving', t('saving'));
    const picture = deliberate || !this.pictured || Date.now() - this.pictureAt > PICTURE_EVERY;
    try {
      const form = await this.form(design, { picture, deliberate });
      form.set('base', String(this.revision));
      const answer = await this.post(this.urls.save, form);
      return await this.take(answer, design, picture);
    } catch {
      this.hooks.state('kept', t('keptHere'));
      await this.hold();
      this.waiting = setTimeout(() => this.save(), AGAIN);
      return false;
    }
  }

  async form(design, { picture, deliberate }) {
    const form = new FormData();
    const text = JSON.stringify(withoutUnusedImages(design));
    form.set('document', new Blob([text], { type: 'application/json' }), 'design.json');
    if (picture) form.set('picture', await pngOf(design, this.resources), 'badge.png');
    if (deliberate) form.set('deliberate', '1');
    return form;
  }

  async post(url, form) {
    const ask = () =>
      fetch(url, { method: 'POST', body: form, credentials: 'same-origin', redirect: 'manual', headers: { 'X-CSRFToken': this.hooks.token(), 'X-Requested-With': 'fetch', Accept: 'application/json' } });
    const answer = await ask();
    if (answer.status !== 400) return answer;
    await this.newToken();
    return ask();
  }

  /** After signing in again the page's token is old: take the one of a fresh page. */
  async newToken() {
    const answer = await fetch(this.urls.library.replace(/\/?$/, '/upload'), { credentials: 'same-origin' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const token = page.querySelector('input[name="csrf_token"]')?.value;
    if (token) this.hooks.token(token);
  }

  async take(answer, design, picture) {
    if (answer.ok) {
      const told = await answer.json();
      const fresh = !this.id;
      this.id = told.id;
      this.revision = told.revision;
      this.urls.save = told.save;
      this.saved = design;
      if (picture) {
        this.pictured = design;
        this.pictureAt = Date.now();
      }
      await this.forget();
      if (fresh) this.arrive(told.edit);
      if (this.unsaved) this.changed();
      else this.hooks.state('saved', t('saved'));
      return true;
    }
    await this.hold();
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 409) {
      this.stopped = true;
      this.hooks.state('refused', t('outdated'));
      this.hooks.conflict(told.message);
    } else if (answer.status === 401 || answer.status === 400 || answer.type === 'opaqueredirect') {
      this.hooks.state('kept', t('signedOut'));
      this.waiting = setTimeout(() => this.save(), AGAIN * 3);
    } else if (answer.status >= 500) throw new Error(String(answer.status));
    else this.hooks.state('refused', t('refused', { reason: told.message ?? told.advice ?? answer.status }));
    return false;
  }

  /** A new badge has an address now: the page takes it without being loaded again. */
  arrive(address) {
    this.place = `${this.place.split('/')[0]}/${this.id}`;
    history.replaceState(null, '', address + location.search);
  }

  /** Save the present document as a new badge, beside the one that somebody else saved. */
  async copy() {
    const form = await this.form(this.store.document, { picture: true, deliberate: true });
    const answer = await this.post(this.urls.create, form);
    if (!answer.ok) return null;
    await this.forget();
    this.stopped = true;
    return (await answer.json()).edit;
  }

  async createOther(design) {
    const answer = await this.post(this.urls.create, await this.form(design, { picture: true, deliberate: true }));
    return answer.ok;
  }
}
