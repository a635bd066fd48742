/** The document being drawn, what is selected, and every step back: all changes of the editor go through here. */

const SAME_GESTURE = 1200;

export class Store {
  constructor(document) {
    this.document = document;
    this.selected = new Set();
    this.past = [];
    this.future = [];
    this.listeners = new Set();
    this.gesture = null;
  }

  /** Call `listener(reason)` after each change; reason is 'document', 'selection' or 'loaded'. */
  listen(listener) {
    this.listeners.add(listener);
  }

  tell(reason) {
    for (const listener of this.listeners) listener(reason);
  }

  get layers() {
    return this.document.layers;
  }

  layer(id) {
    return this.document.layers.find((layer) => layer.id === id);
  }

  /** The selected layers, back to front. */
  get chosen() {
    return this.document.layers.filter((layer) => this.selected.has(layer.id));
  }

  /**
   * Replace the document. `what` names the step for undo; changes with the same `gesture` that follow each other
   * (a slider being dragged, letters being typed) are one step.
   */
  change(next, what, { gesture = null, select = null } = {}) {
    if (next === this.document) return;
    const now = performance.now();
    const goesOn = gesture && this.gesture?.key === gesture && now - this.gesture.at < SAME_GESTURE;
    if (!goesOn) this.past.push({ document: this.document, selected: [...this.selected], what });
    this.gesture = gesture ? { key: gesture, at: now } : null;
    this.future = [];
    this.document = next;
    if (select) this.selected = new Set(select);
    this.forgetGone();
    this.tell('document');
  }

  /** Change layers by id: `edit(layer)` returns the new layer. */
  edit(ids, edit, what, options) {
    const wanted = new Set(ids);
    const layers = this.document.layers.map((layer) => (wanted.has(layer.id) ? edit(layer) : layer));
    this.change({ ...this.document, layers }, what, options);
  }

  /** Start over with another document; nothing can be undone past it. */
  load(document) {
    this.document = document;
    this.selected = new Set();
    this.past = [];
    this.future = [];
    this.gesture = null;
    this.tell('loaded');
  }

  endGesture() {
    this.gesture = null;
  }

  forgetGone() {
    const there = new Set(this.document.layers.map((layer) => layer.id));
    this.selected = new Set([...this.selected].filter((id) => there.has(id)));
  }

  select(ids, { whole = true } = {}) {
    const wanted = new Set(ids);
    if (whole) {
      const groups = new Set(this.layers.filter((layer) => wanted.has(layer.id) && layer.group).map((layer) => layer.group));
      for (const layer of this.layers) if (layer.group && groups.has(layer.group)) wanted.add(layer.id);
    }
    this.selected = wanted;
    this.gesture = null;
    this.tell('selection');
  }

  /** Go a step back; returns what was undone, or null. */
  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }

  step(from, to) {
    const entry = from.pop();
    if (!entry) return null;
    to.push({ document: this.document, selected: [...this.selected], what: entry.what });
    this.document = entry.document;
    this.selected = new Set(entry.selected);
    this.gesture = null;
    this.forgetGone();
    this.tell('document');
    return entry.what;
  }
}
