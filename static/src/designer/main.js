/** The badge designer's page: puts document, stage, panels and keeping together. */

import { emptyDocument, layer as makeLayer } from './document/model.js';
import { describe } from './document/describe.js';
import { pngOf } from './draw/picture.js';
import { Resources } from './draw/resources.js';
import { Actions } from './editor/actions.js';
import { BadgePanel } from './editor/badge-panel.js';
import { Icons, Templates } from './editor/choosers.js';
import { addPicture, exportPng, saveDesignFile } from './editor/files.js';
import { Keeper } from './editor/keeping.js';
import { listenToKeys } from './editor/keyboard.js';
import { LayerList } from './editor/layers.js';
import { Properties } from './editor/properties.js';
import { Stage } from './editor/stage.js';
import { Store } from './editor/store.js';
import { announce, el, t, useSprite, useWords } from './editor/words.js';

const find = (selector) => document.querySelector(selector);

class Designer {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    useWords(data.words, find('#designer-live'));
    useSprite(root.dataset.sprite);
    this.resources = new Resources({ icons: root.dataset.icons, fonts: root.dataset.fonts });
    this.name = find('#badge-name');
    this.store = new Store(data.document ?? emptyDocument(this.name.value || t('sample.title')));
    // Until somebody writes an alternative text of their own, it follows the layers.
    this.drafting = !this.store.document.alt || this.store.document.alt === describe(this.store.document, t);
    this.actions = new Actions(this.store);
    this.icons = new Icons(find('#icons-dialog'), { resources: this.resources });
    this.templates = new Templates(find('#templates-dialog'), { resources: this.resources, take: (design, name) => this.takeTemplate(design, name) });
    const parts = { store: this.store, actions: this.actions, resources: this.resources, brand: data.brand };
    this.properties = new Properties(find('#properties'), find('#selected'), { ...parts, pickIcon: (take) => this.pickIcon(take) });
    this.panel = new BadgePanel(root, parts);
    this.list = new LayerList(find('#layers'), this.store, this.actions);
    this.stage = new Stage(find('#stage'), this.store, this.resources, { onLive: (layers) => this.properties.sync(layers) });
    this.keeper = new Keeper({
      store: this.store, resources: this.resources, data,
      hooks: { state: (name, text) => this.state(name, text), conflict: (message) => this.conflict(message), token: (fresh) => this.token(fresh) },
    });
  }

  async start() {
    this.store.listen((reason) => this.changed(reason));
    this.listen();
    await this.recover();
    this.ready = this.load();
    await this.ready;
    if (!this.store.layers.length) this.templates.open(this.name.value);
    this.root.dataset.ready = 'true';
  }

  /** Fonts, icons and pictures first, then the drawing. */
  async load() {
    const missing = await this.resources.ready(this.store.document);
    await this.resources.fontFaces().catch(() => missing.push('fonts'));
    if (missing.length) this.notice(t('notReady', { what: missing.join(', ') }), 'warning');
    this.show();
  }

  async recover() {
    const held = await this.keeper.recover();
    if (!held?.document?.layers || JSON.stringify(held.document) === JSON.stringify(this.store.document)) return;
    this.store.document = held.document;
    this.name.value = held.document.name;
    this.drafting = false;
    if (this.data.id) this.keeper.revision = held.revision;
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'short', timeStyle: 'short' }).format(held.at);
    this.notice(t('recovered', { time }), 'info');
    this.keeper.changed();
  }

  changed(reason) {
    if (reason !== 'selection' && this.drafting) this.redraft();
    if (reason !== 'selection') this.loadNew();
    this.show(reason);
    if (reason !== 'selection') this.keeper.changed();
  }

  redraft() {
    const { document: design } = this.store;
    const alt = describe(design, t);
    if (alt !== design.alt) this.store.document = { ...design, alt };
  }

  /** A change may ask for a font or an icon that is not there yet: draw again when it is. */
  loadNew() {
    const design = this.store.document;
    const asked = JSON.stringify(design.layers.map((item) => [item.icon, item.font, item.weight, item.text, item.image, item.lettering?.font, item.lettering?.weight, item.lettering?.text]));
    if (asked === this.asked) return;
    this.asked = asked;
    this.resources.ready(design).then(() => {
      this.stage.colours = null;
      this.stage.sync();
      this.panel.sync();
    });
  }

  show() {
    this.stage.sync();
    this.list.sync();
    this.properties.sync();
    this.panel.sync();
    if (document.activeElement !== this.name && this.name.value !== this.store.document.name) this.name.value = this.store.document.name;
  }

  state(name, text) {
    const shown = find('#state');
    shown.dataset.state = name;
    if (shown.textContent !== text) shown.textContent = text;
  }

  token(fresh) {
    const field = find('#designer-form input[name="csrf_token"]');
    if (fresh) field.value = fresh;
    return field.value;
  }

  notice(text, tone) {
    const close = el('button', { type: 'button', class: 'btn btn-sm', onclick: () => note.remove() }, 'OK');
    const note = el('div', { class: `notice tone-${tone}`, role: 'status' }, el('div', { class: 'notice-body' }, el('p', {}, text)), close);
    find('#notices').replaceChildren(note);
  }

  conflict(message) {
    find('#conflict-text').textContent = message ?? '';
    find('#conflict-dialog').showModal();
  }

  takeTemplate(design, name) {
    const title = this.name.value.trim() || design.name || t('sample.title');
    const { alt } = this.store.document;
    this.name.value = title;
    this.drafting ||= !alt;
    this.store.change({ ...design, name: title, alt: this.drafting ? describe(design, t) : alt }, t('what.template'), { select: [] });
    announce(t('done.template', { name }));
    find('#stage').focus({ preventScroll: true });
  }

  pickIcon(take) {
    this.icons.open((name) => take(name));
  }

  async use() {
    if (!this.store.document.alt.trim()) {
      this.notice(t('alt.needed'), 'warning');
      find('#alt').focus();
      return;
    }
    if (!(await this.keeper.save({ deliberate: true }))) return;
    const form = find('#designer-form');
    form.action = this.data.urls.use.replace('-design-', this.keeper.id);
    form.submit();
  }

  async makeLevels() {
    find('#levels-dialog').close();
    const made = [];
    for (const design of this.panel.levels()) {
      await this.resources.ready(design);
      if (await this.keeper.createOther(design)) made.push(`“${design.name}”`);
    }
    if (made.length) this.notice(t('level.made', { names: made.join(', ') }), 'success');
    else this.notice(t('keptHere'), 'warning');
  }

  async openFile(file) {
    const form = new FormData();
    form.set('document', file);
    const answer = await this.keeper.post(this.data.urls.import, form).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (!answer?.ok || !told?.document) {
      this.notice(told?.message ?? t('keptHere'), 'warning');
      return;
    }
    this.drafting = false;
    this.name.value = told.document.name;
    this.store.change(told.document, t('what.template'), { select: [] });
  }

  commands() {
    const { actions, stage } = this;
    const zoom = (by) => {
      stage.setZoom(stage.zoom * by);
      find('#zoom').textContent = `${Math.round(stage.zoom * 100)} %`;
    };
    const option = (name) => (button) => {
      const on = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(on));
      stage.setOption(name, on);
    };
    const title = () => this.name.value || t('sample.title');
    const text = (path, values) => () => actions.add('text', { text: title(), path, ...values });
    return {
      undo: () => actions.undo(),
      redo: () => actions.redo(),
      save: () => this.keeper.save({ deliberate: true }),
      use: () => this.use(),
      templates: () => this.templates.open(this.name.value),
      surprise: () => this.panel.surprise(),
      export: () => find('#export-dialog').showModal(),
      download: () => {
        find('#export-dialog').close();
        exportPng(this.store.document, this.resources, Number(find('#export-size').value));
      },
      'save-file': () => saveDesignFile(this.store.document),
      'open-file': () => find('#design-file').click(),
      levels: () => find('#levels-dialog').showModal(),
      'make-levels': () => this.makeLevels(),
      'draft-alt': () => {
        this.drafting = true;
        this.panel.draftAlt();
      },
      'save-copy': () => this.saveCopy(),
      'open-newer': () => this.openNewer(),
      'zoom-in': () => zoom(1.25),
      'zoom-out': () => zoom(0.8),
      grid: option('grid'),
      safe: option('safe'),
      snap: option('snap'),
      duplicate: () => actions.duplicate(),
      delete: () => actions.remove(),
      forward: () => actions.restack(1),
      backward: () => actions.restack(-1),
      'add-shape': () => actions.add('shape', { border: { paint: '@field-34', width: 5 }, bevel: 8 }),
      'add-stitches': () => actions.add('shape', { width: 640, height: 640, fill: null, border: { paint: '@paper', width: 4.5, dash: 'dots' } }),
      'add-ribbon': () => actions.add('ribbon', { y: 654, edge: { paint: '@ribbon+38', width: 3, inset: 12 } }),
      'add-tails': () => actions.insertBehind(makeLayer('tails', { y: 766 })),
      'add-above': text('above', { size: 66, caps: true, tracking: 7, radius: 304 }),
      'add-below': text('below', { size: 44, caps: true, tracking: 7, radius: 304, span: 96 }),
      'add-text': text('straight', { width: 600 }),
      'add-icon': () => this.pickIcon((name) => actions.add('icon', { icon: name })),
      'add-row': () => actions.add('row', { y: 352 }),
      'add-image': () => find('#image-file').click(),
    };
  }

  async saveCopy() {
    const address = await this.keeper.copy().catch(() => null);
    if (address) location.assign(address + location.search);
    else this.notice(t('keptHere'), 'warning');
  }

  async openNewer() {
    this.keeper.stopped = true;
    await this.keeper.forget();
    location.reload();
  }

  listen() {
    const commands = this.commands();
    const run = (name, button) => commands[name]?.(button);
    document.addEventListener('click', (event) => {
      const button = event.target.closest?.('[data-do]');
      if (button) {
        button.closest('[popover]')?.hidePopover?.();
        run(button.dataset.do, button);
      }
      if (event.target.closest?.('[data-close]')) event.target.closest('dialog').close();
    });
    for (const button of document.querySelectorAll('[data-sheet]')) button.addEventListener('click', () => this.sheet(button));
    this.name.addEventListener('input', () => {
      const name = this.name.value.trim();
      if (name) this.store.change({ ...this.store.document, name }, t('what.name'), { gesture: 'name' });
    });
    find('#alt').addEventListener('input', () => (this.drafting = false), { capture: true });
    this.takeFile('#image-file', async (file) => {
      const refused = await addPicture(file, this);
      if (refused) this.notice(refused, 'warning');
    });
    this.takeFile('#design-file', (file) => this.openFile(file));
    listenToKeys(this.root, { actions: this.actions, store: this.store, run, stage: find('#stage') });
    new ResizeObserver(() => this.stage.resize()).observe(find('#stage-frame'));
  }

  takeFile(selector, take) {
    const input = find(selector);
    input.addEventListener('change', () => {
      const [file] = input.files;
      input.value = '';
      if (file) take(file);
    });
  }

  /** On a narrow screen the panels are sheets: one at a time. */
  sheet(pressed) {
    const opens = pressed.getAttribute('aria-expanded') !== 'true';
    for (const button of document.querySelectorAll('[data-sheet]')) {
      const on = button === pressed && opens;
      button.setAttribute('aria-expanded', String(on));
      find(`#${button.dataset.sheet}`).classList.toggle('is-open', on);
    }
    // The badge stays in sight above the sheet.
    if (opens) find('#stage-frame').scrollIntoView({ block: 'start' });
  }
}

const root = find('#designer');
if (root) {
  const designer = new Designer(root, JSON.parse(find('#designer-data').textContent));
  designer.start();
  // What benchmarks/designer.py measures: the picture that saving sends.
  globalThis.laurelExport = () => pngOf(designer.store.document, designer.resources);
}

