/** The panel of the whole badge: palettes and slots, previews, readability, alternative text, Surprise me, level families. */

import { FRAMES, LEVELS, PALETTES, surprise } from '../document/palettes.js';
import { describe } from '../document/describe.js';
import { SLOTS } from '../document/model.js';
import { pictureOf } from '../draw/picture.js';
import { hardToRead, hardToReadLater } from './contrast.js';
import { dot } from './paints.js';
import { announce, el, t } from './words.js';

export class BadgePanel {
  constructor(root, { store, resources, brand }) {
    Object.assign(this, { root, store, resources, brand });
    this.slots = root.querySelector('#slots');
    this.alt = root.querySelector('#alt');
    this.contrast = root.querySelector('#contrast');
    this.previews = [...root.querySelectorAll('canvas.preview')];
    this.alt.addEventListener('input', () => this.setAlt(this.alt.value));
    this.buildPalettes();
    this.buildSlots();
  }

  buildPalettes() {
    const buttons = PALETTES.map(({ key, colours }) => {
      const name = t(`palette.${key}`);
      return el('button', { type: 'button', class: 'palette', 'aria-label': t('done.palette', { name }), title: name, onclick: () => this.recolour(colours, t('done.palette', { name })) },
        SLOTS.slice(0, 4).map((slot) => dot(colours[slot])));
    });
    this.root.querySelector('#palettes').replaceChildren(...buttons);
  }

  buildSlots() {
    this.inputs = new Map();
    const rows = SLOTS.map((slot) => {
      const input = el('input', { type: 'color', class: 'form-control form-control-color', id: `slot-${slot}` });
      input.addEventListener('input', () => this.setSlot(slot, input.value));
      input.addEventListener('change', () => this.store.endGesture());
      this.inputs.set(slot, input);
      const row = el('div', { class: 'slot' }, el('label', { for: `slot-${slot}` }, t(`slot.${slot}`)), input);
      if (this.brand.length) row.append(this.brandChoice(slot));
      return row;
    });
    this.slots.replaceChildren(...rows);
  }

  brandChoice(slot) {
    return el('span', { class: 'brand-dots', role: 'group', 'aria-label': `${t(`slot.${slot}`)}: ${t('paint.brand')}` },
      this.brand.map((colour) => el('button', { type: 'button', class: 'brand-dot', 'aria-label': `${t(`slot.${slot}`)}: ${colour}`, onclick: () => this.setSlot(slot, colour) }, dot(colour))));
  }

  setSlot(slot, colour) {
    const { document: design } = this.store;
    this.store.change({ ...design, colours: { ...design.colours, [slot]: colour } }, t('what.colours'), { gesture: `slot ${slot}` });
  }

  recolour(colours, told) {
    this.store.change({ ...this.store.document, colours: { ...colours } }, t('what.colours'));
    announce(told);
  }

  /** Other colours and another frame; words stay readable because the colours under them are dark enough. */
  surprise() {
    const { document: design } = this.store;
    const at = design.layers.findIndex((layer) => layer.kind === 'shape' && layer.fill && layer.width > 700);
    const shape = FRAMES[Math.floor(Math.random() * FRAMES.length)];
    const layers = design.layers.map((layer, index) => (index === at && FRAMES.includes(layer.shape) ? { ...layer, shape, numbers: {} } : layer));
    let next = { ...design, layers, colours: surprise() };
    for (const { layer, colour, covered } of hardToRead(next, this.resources)) {
      if (!covered) next = { ...next, layers: next.layers.map((item) => (item.id === layer.id ? withWordColour(item, colour) : item)) };
    }
    this.store.change(next, t('what.colours'));
    announce(t('done.surprise'));
  }

  /** The three documents of a level family. */
  levels() {
    const { document: design } = this.store;
    return LEVELS.map(({ key, frame, accent, stars }) => {
      const name = t(`level.${key}`);
      const layers = design.layers.map((layer) => {
        if (layer.kind === 'row' && layer.shape === 'star') return { ...layer, count: stars };
        return layer.kind === 'ribbon' ? { ...layer, lettering: { ...layer.lettering, text: name } } : layer;
      });
      const made = { ...design, name: `${design.name} · ${name}`.slice(0, 200), layers, colours: { ...design.colours, frame, accent } };
      const drafted = describe(design, t) === design.alt || !design.alt;
      return { ...made, alt: drafted ? describe(made, t) : `${design.alt.slice(0, 480)} ${name}.` };
    });
  }

  setAlt(text) {
    this.store.change({ ...this.store.document, alt: text.slice(0, 500) }, t('what.words'), { gesture: 'alt' });
  }

  draftAlt() {
    this.setAlt(describe(this.store.document, t));
    this.alt.focus();
  }

  sync() {
    const { document: design } = this.store;
    for (const [slot, input] of this.inputs) if (input.value !== design.colours[slot]) input.value = design.colours[slot];
    if (this.alt.value !== design.alt) this.alt.value = design.alt;
    this.root.classList.toggle('needs-alt', !design.alt.trim());
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.drawPreviews());
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.check(), 500);
  }

  drawPreviews() {
    const picture = pictureOf(this.store.document, this.resources, 256);
    for (const canvas of this.previews) {
      const context = canvas.getContext('2d');
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.imageSmoothingQuality = 'high';
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    }
  }

  async check() {
    const design = this.store.document;
    const found = await hardToReadLater(design, this.resources, () => this.store.document !== design);
    if (!found) return;
    const lines = found.map(({ layer, text, ratio, covered, colour }) =>
      el('div', { class: 'notice tone-warning' }, el('div', { class: 'notice-body' },
        el('p', {}, covered ? t('contrast.hidden', { text }) : t('contrast.low', { text, ratio: ratio.toFixed(1) })),
        covered ? null : el('button', { type: 'button', class: 'btn btn-sm', onclick: () => this.useColour(layer, colour) }, dot(colour), t('contrast.use', { colour })))));
    this.contrast.replaceChildren(...(lines.length ? lines : [el('p', { class: 'hint' }, t('contrast.good'))]));
  }

  useColour(layer, colour) {
    this.store.edit([layer.id], (item) => withWordColour(item, colour), t('what.colours'));
  }
}

function withWordColour(layer, colour) {
  return layer.kind === 'ribbon' ? { ...layer, lettering: { ...layer.lettering, fill: colour } } : { ...layer, fill: colour };
}
