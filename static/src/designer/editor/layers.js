/** The list of layers: the twin of the drawing for keyboards and screen readers, front layer first. */

import { el, nameOf, symbol, t } from './words.js';

export class LayerList {
  constructor(list, store, actions) {
    this.list = list;
    this.store = store;
    this.actions = actions;
    this.rows = new Map();
    list.addEventListener('keydown', (event) => this.key(event));
  }

  sync() {
    const layers = [...this.store.layers].reverse();
    const focused = document.activeElement?.closest?.('.layer-row')?.dataset.layer;
    const control = document.activeElement?.dataset?.control;
    const rows = layers.map((layer) => this.row(layer));
    const present = [...this.list.children];
    if (rows.length !== present.length || rows.some((row, index) => row !== present[index])) this.list.replaceChildren(...rows);
    for (const id of this.rows.keys()) if (!this.store.layer(id)) this.rows.delete(id);
    if (!rows.length) this.list.replaceChildren(el('li', { class: 'hint layer-none' }, t('layers.empty')));
    if (focused && !this.list.contains(document.activeElement)) {
      const row = this.rows.get(focused);
      (row ?? this.rows.get(this.store.chosen[0]?.id))?.querySelector(`[data-control="${control}"]`)?.focus();
    }
  }

  row(layer) {
    const chosen = this.store.selected.has(layer.id);
    let row = this.rows.get(layer.id);
    if (!row) {
      row = this.make(layer.id);
      this.rows.set(layer.id, row);
    }
    const [name, eye, lock] = row.children;
    const states = [layer.hidden && t('layer.hidden'), layer.locked && t('layer.locked'), layer.group && t('layer.grouped')].filter(Boolean);
    const text = nameOf(layer);
    name.textContent = text;
    name.setAttribute('aria-label', [text, ...states].join(', '));
    name.setAttribute('aria-pressed', String(chosen));
    row.className = `layer-row${chosen ? ' is-chosen' : ''}${layer.hidden ? ' is-hidden' : ''}${layer.group ? ' is-grouped' : ''}`;
    this.mark(eye, layer.hidden ? 'eye-off' : 'eye', t(layer.hidden ? 'layer.show' : 'layer.hide', { name: text }));
    this.mark(lock, layer.locked ? 'lock' : 'unlock', t(layer.locked ? 'layer.unlock' : 'layer.lock', { name: text }));
    return row;
  }

  mark(button, drawing, label) {
    if (button.dataset.drawing !== drawing) button.replaceChildren(symbol(drawing));
    button.dataset.drawing = drawing;
    button.setAttribute('aria-label', label);
  }

  make(id) {
    return el(
      'li',
      { class: 'layer-row', 'data-layer': id },
      el('button', { type: 'button', class: 'layer-name', 'data-control': 'name', onclick: (event) => this.choose(id, event) }),
      el('button', { type: 'button', class: 'layer-mark', 'data-control': 'eye', onclick: () => this.actions.toggle(id, 'hidden') }),
      el('button', { type: 'button', class: 'layer-mark', 'data-control': 'lock', onclick: () => this.actions.toggle(id, 'locked') }),
    );
  }

  choose(id, event) {
    const more = event.shiftKey || event.ctrlKey || event.metaKey;
    if (!more) {
      this.store.select([id]);
      return;
    }
    const next = new Set(this.store.selected);
    if (next.has(id)) next.delete(id);
    else next.add(id);
    this.store.select(next);
  }

  /** Arrow keys go through the list, Shift takes along; restacking and deleting belong to the whole editor. */
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    const row = event.target.closest('.layer-row');
    if (!row) return;
    event.preventDefault();
    event.stopPropagation();
    const rows = [...this.list.querySelectorAll('.layer-row')];
    const next = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(row) + step))];
    next.querySelector('[data-control="name"]').focus();
    const id = next.dataset.layer;
    if (event.shiftKey) this.store.select([...this.store.selected, id]);
    else this.store.select([id]);
  }
}
