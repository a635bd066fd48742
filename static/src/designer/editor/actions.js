/** What can be done to layers: add, take away, copy, restack, line up, group. Every one works without a pointer. */

import { freshId, layer as makeLayer, withoutUnusedImages } from '../document/model.js';
import { UNITS } from '../draw/picture.js';
import { boundsOf, boundsOfAll } from './boxes.js';
import { announce, nameOf, t } from './words.js';

const MOST_LAYERS = 150;
const CLIPBOARD = 'laurel-designer-clipboard';

export class Actions {
  constructor(store) {
    this.store = store;
  }

  names(layers) {
    return layers.length > 1 ? t('selected.many', { count: layers.length }) : layers[0] ? nameOf(layers[0]) : '';
  }

  /** Put new layers in front and select them. */
  insert(layers, told = 'done.added') {
    const { store } = this;
    if (store.layers.length + layers.length > MOST_LAYERS) {
      announce(t('layers.full'));
      return;
    }
    const name = this.names(layers);
    store.change({ ...store.document, layers: [...store.layers, ...layers] }, t('what.add', { name }), { select: layers.map((layer) => layer.id) });
    announce(t(told, { name }));
  }

  add(kind, values = {}) {
    this.insert([makeLayer(kind, values)]);
  }

  /** Put a layer behind everything else: tails hang behind the badge. */
  insertBehind(layer) {
    const { store } = this;
    if (store.layers.length >= MOST_LAYERS) {
      announce(t('layers.full'));
      return;
    }
    const name = nameOf(layer);
    store.change({ ...store.document, layers: [layer, ...store.layers] }, t('what.add', { name }), { select: [layer.id] });
    announce(t('done.added', { name }));
  }

  remove() {
    const gone = this.store.chosen.filter((layer) => !layer.locked);
    if (!gone.length) return;
    const ids = new Set(gone.map((layer) => layer.id));
    const name = this.names(gone);
    const at = this.store.layers.findIndex((layer) => ids.has(layer.id));
    const layers = this.store.layers.filter((layer) => !ids.has(layer.id));
    const next = layers[Math.min(at, layers.length - 1)];
    this.store.change({ ...this.store.document, layers }, t('what.delete', { name }), { select: next ? [next.id] : [] });
    announce(t('done.deleted', { name }));
  }

  copies(layers, images = null) {
    const groups = new Map();
    return layers.map((layer) => {
      const copy = { ...structuredClone(layer), id: freshId(), x: Math.min(4000, layer.x + 24), y: Math.min(4000, layer.y + 24), locked: false };
      if (layer.group) {
        if (!groups.has(layer.group)) groups.set(layer.group, freshId());
        copy.group = groups.get(layer.group);
      }
      if (images && copy.kind === 'image') copy.image = images.get(copy.image) ?? copy.image;
      return copy;
    });
  }

  duplicate() {
    if (this.store.chosen.length) this.insert(this.copies(this.store.chosen), 'done.duplicated');
  }

  copy() {
    const layers = this.store.chosen;
    if (!layers.length) return;
    const { images } = withoutUnusedImages({ layers, images: this.store.document.images });
    try {
      localStorage.setItem(CLIPBOARD, JSON.stringify({ layers, images }));
    } catch {
      this.clipboard = { layers, images };
    }
    announce(t('done.copied', { name: this.names(layers) }));
  }

  cut() {
    this.copy();
    this.remove();
  }

  /** Paste what was copied in this or another badge. */
  paste() {
    let held = this.clipboard;
    try {
      held = JSON.parse(localStorage.getItem(CLIPBOARD)) ?? held;
    } catch {
      // A foreign or damaged entry counts as an empty clipboard.
    }
    if (!held?.layers?.length) {
      announce(t('done.nothingToPaste'));
      return;
    }
    const renamed = new Map();
    const images = { ...this.store.document.images };
    for (const [key, source] of Object.entries(held.images || {})) {
      const same = Object.keys(images).find((own) => images[own] === source);
      const name = same ?? freshId();
      images[name] = source;
      renamed.set(key, name);
    }
    const layers = this.copies(held.layers, renamed);
    this.store.document = { ...this.store.document, images };
    this.insert(layers, 'done.pasted');
  }

  /** Move the selected layers `steps` places to the front (1) or the back (-1); Infinity for all the way. */
  restack(steps) {
    const { store } = this;
    const ids = store.selected;
    if (!ids.size) return;
    let layers = [...store.layers];
    if (!Number.isFinite(steps)) {
      const own = layers.filter((layer) => ids.has(layer.id));
      const others = layers.filter((layer) => !ids.has(layer.id));
      layers = steps > 0 ? [...others, ...own] : [...own, ...others];
    } else {
      const order = steps > 0 ? layers.map((_, index) => layers.length - 1 - index) : layers.map((_, index) => index);
      for (const index of order) {
        const to = index + steps;
        if (!ids.has(layers[index].id) || to < 0 || to >= layers.length || ids.has(layers[to].id)) continue;
        [layers[index], layers[to]] = [layers[to], layers[index]];
      }
    }
    if (layers.every((layer, index) => layer === store.layers[index])) return;
    store.change({ ...store.document, layers }, t('what.order'));
    const first = store.chosen[0];
    announce(t('done.order', { name: nameOf(first), position: layers.length - layers.indexOf(first), count: layers.length }));
  }

  toggle(id, field) {
    const layer = this.store.layer(id);
    const key = field === 'hidden' ? (layer.hidden ? 'layer.show' : 'layer.hide') : layer.locked ? 'layer.unlock' : 'layer.lock';
    this.store.edit([id], (item) => ({ ...item, [field]: !item[field] }), t(key, { name: nameOf(layer) }));
    announce(t(key, { name: nameOf(layer) }));
  }

  /** Move by the keyboard; steps that follow each other are one undo step. */
  nudge(dx, dy) {
    const layers = this.store.chosen.filter((layer) => !layer.locked);
    if (!layers.length) return;
    const name = this.names(layers);
    const ids = layers.map((layer) => layer.id);
    this.store.edit(ids, (layer) => ({ ...layer, x: layer.x + dx, y: layer.y + dy }), t('what.move', { name }), { gesture: `nudge ${ids}` });
    const first = this.store.layer(ids[0]);
    announce(t('done.moved', { name, x: Math.round(first.x), y: Math.round(first.y) }));
  }

  /** Line up: one layer on the badge, several among each other. `where` is left, centre, right, top, middle or bottom. */
  align(where) {
    const layers = this.store.chosen.filter((layer) => !layer.locked);
    if (!layers.length) return;
    const boxes = new Map(layers.map((layer) => [layer.id, boundsOf(layer)]));
    const all = layers.length === 1 ? { x: 0, y: 0, width: UNITS, height: UNITS } : boundsOfAll(layers);
    const shift = (box) =>
      ({
        left: [all.x - box.x, 0],
        centre: [all.x + all.width / 2 - box.x - box.width / 2, 0],
        right: [all.x + all.width - box.x - box.width, 0],
        top: [0, all.y - box.y],
        middle: [0, all.y + all.height / 2 - box.y - box.height / 2],
        bottom: [0, all.y + all.height - box.y - box.height],
      })[where];
    this.moveEach(layers, (layer) => shift(boxes.get(layer.id)));
  }

  /** The same gap between three or more layers, across or down. */
  distribute(axis) {
    const layers = this.store.chosen.filter((layer) => !layer.locked);
    if (layers.length < 3) return;
    const size = axis === 'x' ? 'width' : 'height';
    const placed = layers.map((layer) => ({ layer, box: boundsOf(layer) })).sort((one, other) => one.box[axis] - other.box[axis]);
    const first = placed[0].box;
    const last = placed.at(-1).box;
    const taken = placed.reduce((sum, { box }) => sum + box[size], 0);
    const gap = (last[axis] + last[size] - first[axis] - taken) / (placed.length - 1);
    const shifts = new Map();
    let at = first[axis];
    for (const { layer, box } of placed) {
      shifts.set(layer.id, axis === 'x' ? [at - box.x, 0] : [0, at - box.y]);
      at += box[size] + gap;
    }
    this.moveEach(layers, (layer) => shifts.get(layer.id));
  }

  moveEach(layers, shiftOf) {
    const name = this.names(layers);
    const round = (value) => Math.round(value * 10) / 10;
    this.store.edit(layers.map((layer) => layer.id), (layer) => {
      const [dx, dy] = shiftOf(layer);
      return { ...layer, x: round(layer.x + dx), y: round(layer.y + dy) };
    }, t('what.move', { name }));
    const first = this.store.layer(layers[0].id);
    announce(t('done.moved', { name, x: Math.round(first.x), y: Math.round(first.y) }));
  }

  group() {
    const layers = this.store.chosen;
    if (layers.length < 2) return;
    const group = freshId();
    this.store.edit(layers.map((layer) => layer.id), (layer) => ({ ...layer, group }), t('done.grouped', { count: layers.length }));
    announce(t('done.grouped', { count: layers.length }));
  }

  ungroup() {
    const layers = this.store.chosen.filter((layer) => layer.group);
    if (!layers.length) return;
    this.store.edit(layers.map((layer) => layer.id), ({ group: _gone, ...layer }) => layer, t('done.ungrouped'));
    announce(t('done.ungrouped'));
  }

  undo() {
    const what = this.store.undo();
    announce(what === null ? t('done.nothingToUndo') : t('done.undone', { what }));
  }

  redo() {
    const what = this.store.redo();
    announce(what === null ? t('done.nothingToRedo') : t('done.redone', { what }));
  }
}
