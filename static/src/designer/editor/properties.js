/** The properties of what is selected, as form fields: built anew for another selection, shown anew for another value. */

import { SHAPES } from '../draw/outlines.js';
import { choiceField, numberField, optionalPart, section, switchField, textField } from './fields.js';
import { paintField } from './paints.js';
import { el, nameOf, t } from './words.js';

const LINE = { border: { paint: '@frame-30', width: 6 }, stitch: { paint: '@paper', width: 4, inset: 24, dash: 'dots' }, edge: { paint: '@ribbon+38', width: 3, inset: 12 }, outline: { paint: '@ink', width: 4 } };
const DASHES = ['solid', 'dots', 'dashes', 'long'];
const FAR = [-1024, 2048];

const at = (object, path) => path.split('.').reduce((inner, key) => inner?.[key], object);

function put(object, path, value) {
  const [key, ...rest] = path.split('.');
  if (!rest.length) return { ...object, [key]: value };
  return { ...object, [key]: put(object[key] ?? {}, rest.join('.'), value) };
}

export class Properties {
  constructor(root, summary, { store, actions, resources, brand, pickIcon }) {
    Object.assign(this, { root, summary, store, actions, resources, brand, pickIcon });
    this.shown = [];
    this.key = null;
  }

  /** Show the selection; `live` are layers in the middle of a gesture, not yet in the document. */
  sync(live = null) {
    const layers = live ?? this.store.chosen;
    const key = `${[...this.store.selected].join()}|${this.formOf(layers)}`;
    this.summary.textContent = this.say(layers);
    if (key !== this.key) this.build(layers, key);
    else if (layers.length === 1) for (const [read, show] of this.shown) show(read(layers[0]));
  }

  say(layers) {
    if (!layers.length) return t('selected.none');
    return layers.length === 1 ? t('selected.one', { name: nameOf(layers[0]) }) : t('selected.many', { count: layers.length });
  }

  /** What decides which fields there are: values alone do not. */
  formOf(layers) {
    if (layers.length !== 1) return layers.length;
    const [layer] = layers;
    const paints = ['fill', 'tone', 'border', 'stitch', 'edge', 'shadow', 'outline', 'tailFill', 'foldFill', 'stripe'];
    const form = (value) => (value && typeof value === 'object' ? (value.stops ? value.kind + value.stops.map(([, colour]) => this.source(colour)) : form(value.paint ?? 'on')) : typeof value === 'string' ? this.source(value) : '-');
    const words = layer.lettering ? form(layer.lettering.fill) + form(layer.lettering.outline) + layer.lettering.font : '';
    return [layer.kind, layer.shape, layer.path, layer.font, layer.mask, ...paints.map((name) => form(layer[name])), words].join();
  }

  source(colour) {
    return colour.startsWith('@') ? colour.slice(1).replace(/[+-].*/, '') : '#';
  }

  rebuild() {
    this.key = null;
    this.sync();
  }

  build(layers, key) {
    const focused = document.activeElement;
    const label = this.root.contains(focused) ? focused.getAttribute('aria-label') || focused.labels?.[0]?.textContent : null;
    this.shown = [];
    this.key = key;
    this.root.replaceChildren();
    if (layers.length) this.root.append(this.arrange(layers));
    if (layers.length === 1) this.root.append(...this.sections(layers[0]));
    if (label) this.refocus(label, focused.type);
  }

  refocus(label, type) {
    const same = [...this.root.querySelectorAll('input, select, textarea')].find(
      (input) => (input.getAttribute('aria-label') || input.labels?.[0]?.textContent) === label && input.type === type,
    );
    same?.focus();
  }

  set(path, value, gesture = true) {
    const [layer] = this.store.chosen;
    if (!layer) return;
    const options = gesture ? { gesture: `${layer.id} ${path}` } : {};
    this.store.edit([layer.id], (item) => put(item, path, value), t('what.change', { name: nameOf(layer) }), options);
  }

  end = () => this.store.endGesture();

  number(label, path, least, most, step = 1, first = 0) {
    const read = (layer) => at(layer, path) ?? first;
    const made = numberField(t(label), { least, most, step, value: read(this.now()), change: (value) => this.set(path, value), end: this.end });
    this.shown.push([read, made.show]);
    return made.field;
  }

  choice(label, path, options, map = (value) => value) {
    const read = (layer) => String(at(layer, path) ?? 'none');
    const made = choiceField(t(label), { value: read(this.now()), options, change: (value) => this.set(path, map(value), false) });
    this.shown.push([read, made.show]);
    return made.field;
  }

  paint(label, path, none = true) {
    return paintField(t(label), {
      value: at(this.now(), path) ?? null, none, slots: this.store.document.colours, brand: this.brand,
      change: (value) => this.set(path, value), end: this.end, rebuild: () => this.rebuild(),
    });
  }

  now() {
    return this.store.chosen[0];
  }

  /** A line round something (border, stitches, edges): on or off, colour, width, style. */
  line(label, path, { inset = false, dash = true } = {}) {
    const name = path.split('.').at(-1);
    const value = at(this.now(), path);
    const fields = value
      ? [
          this.paint('field.fill', `${path}.paint`, false),
          this.number('field.lineWidth', `${path}.width`, 0, 60, 0.5),
          inset ? this.number('field.inset', `${path}.inset`, 0, 200) : null,
          dash ? this.choice('field.dash', `${path}.dash`, DASHES.map((key) => [key, t(`choice.${key}`)])) : null,
        ]
      : [];
    return this.optional(label, path, value, LINE[name], fields);
  }

  shadow(path = 'shadow') {
    const value = at(this.now(), path);
    const fields = value
      ? [this.number('field.blur', `${path}.blur`, 0, 80), this.number('field.shadowY', `${path}.y`, -60, 60), this.number('field.strength', `${path}.strength`, 0, 100, 1, 30)]
      : [];
    return this.optional('field.shadow', path, value, { blur: 16, y: 6, strength: 30 }, fields);
  }

  optional(label, path, value, first, fields) {
    return optionalPart(t(label), {
      on: Boolean(value), fields,
      toggle: (on) => {
        this.set(path, on ? first : null, false);
        this.rebuild();
      },
    }).field;
  }

  sections(layer) {
    const own = { shape: this.shape, row: this.row, ribbon: this.ribbon, tails: this.tails, text: this.text, icon: this.icon, image: this.image }[layer.kind];
    return [...own.call(this, layer), this.placeSection(layer)];
  }

  shapes(label, path, none = false) {
    const options = Object.keys(SHAPES).map((key) => [key, t(`shape.${key}`)]);
    return this.choice(label, path, none ? [['none', t('choice.none')], ...options] : options, (value) => (value === 'none' ? null : value));
  }

  shapeNumbers(shape) {
    return (SHAPES[shape]?.numbers ?? []).map(({ name, least, most, first }) => this.number(`field.${name}`, `numbers.${name}`, least, most, most <= 50 ? 0.5 : 1, first));
  }

  shape(layer) {
    return [
      section(t('section.shape'), this.shapes('field.shape', 'shape'), this.shapeNumbers(layer.shape)),
      section(t('section.colour'), this.paint('field.fill', 'fill')),
      section(t('section.finish'), this.line('field.border', 'border'), this.line('field.stitch', 'stitch', { inset: true }), this.number('field.bevel', 'bevel', 0, 40), this.shadow()),
    ];
  }

  row(layer) {
    return [
      section(t('section.shape'), this.shapes('field.shape', 'shape'), this.shapeNumbers(layer.shape), this.number('field.count', 'count', 1, 12), this.number('field.size', 'size', 4, 400), this.number('field.gap', 'gap', -100, 400), this.number('field.bend', 'bend', -200, 200)),
      section(t('section.colour'), this.paint('field.fill', 'fill', false)),
      section(t('section.finish'), this.line('field.border', 'border'), this.shadow()),
    ];
  }

  words(prefix = '') {
    const path = (name) => `${prefix}${name}`;
    const read = (layer) => at(layer, path('text'));
    const missing = el('p', { class: 'field-note', role: 'status' });
    const note = (layer) => {
      const style = prefix ? layer.lettering : layer;
      const lacks = this.resources.missingLetters(style.font, style.text);
      missing.textContent = lacks.length ? t('contrast.missing', { font: style.font, letters: lacks.slice(0, 8).join(' ') }) : '';
    };
    const text = textField(t('field.text'), { value: read(this.now()), lines: prefix ? 1 : 2, change: (value) => this.set(path('text'), value), end: this.end, hint: missing });
    this.shown.push([read, text.show], [(layer) => layer, note]);
    note(this.now());
    const font = at(this.now(), path('font'));
    const weights = this.resources.weights(font);
    const fonts = this.choice('field.font', path('font'), (this.resources.families().length ? this.resources.families() : [font]).map((name) => [name, name]));
    return [
      text.field, fonts,
      this.choice('field.weight', path('weight'), (weights.length ? weights : [at(this.now(), path('weight'))]).map((weight) => [String(weight), String(weight)]), Number),
      this.number('field.size', path('size'), 8, 300), this.number('field.tracking', path('tracking'), -10, 60),
      this.switch('field.caps', path('caps')),
    ];
  }

  switch(label, path) {
    const read = (layer) => at(layer, path);
    const made = switchField(t(label), { value: read(this.now()), change: (value) => this.set(path, value, false) });
    this.shown.push([read, made.show]);
    return made.field;
  }

  text(layer) {
    const arc = layer.path !== 'straight';
    const paths = ['straight', 'above', 'below'].map((key) => [key, t(`choice.${key}`)]);
    const line = arc
      ? [this.number('field.radius', 'radius', 20, 700), this.number('field.span', 'span', 10, 350)]
      : [this.number('field.textWidth', 'width', 0, 1024), this.number('field.leading', 'leading', 0.5, 3, 0.05)];
    return [
      section(t('section.words'), this.words()),
      section(t('section.shape'), this.choice('field.path', 'path', paths), line),
      section(t('section.colour'), this.paint('field.fill', 'fill', false)),
      section(t('section.finish'), this.line('field.outline', 'outline', { dash: false }), this.shadow()),
    ];
  }

  ribbon() {
    return [
      section(t('section.words'), this.words('lettering.'), this.paint('field.fill', 'lettering.fill', false), this.line('field.outline', 'lettering.outline', { dash: false })),
      section(t('section.shape'), this.number('field.bend', 'bend', -200, 200), this.number('field.tail', 'tail', 0, 400), this.number('field.drop', 'drop', -150, 150)),
      section(t('section.colour'), this.paint('field.fill', 'fill', false), this.paint('field.tailFill', 'tailFill', false), this.paint('field.foldFill', 'foldFill', false)),
      section(t('section.finish'), this.line('field.border', 'border'), this.line('field.edge', 'edge', { inset: true }), this.shadow()),
    ];
  }

  tails() {
    return [
      section(t('section.shape'), this.number('field.spread', 'spread', -80, 80), this.number('field.notch', 'notch', -80, 120)),
      section(t('section.colour'), this.paint('field.fill', 'fill', false), this.paint('field.stripe', 'stripe')),
      section(t('section.finish'), this.shadow()),
    ];
  }

  iconWords(name) {
    return t('field.changeIcon', { name: name.replace(/-/g, ' ') });
  }

  icon(layer) {
    const pick = el('button', { type: 'button', class: 'btn', onclick: () => this.pickIcon((name) => this.set('icon', name, false)) }, this.iconWords(layer.icon));
    this.shown.push([(item) => item.icon, (name) => (pick.textContent = this.iconWords(name))]);
    return [
      section(t('section.shape'), pick),
      section(t('section.colour'), this.paint('field.fill', 'fill', false), this.paint('field.tone', 'tone', false), this.number('field.toneStrength', 'toneStrength', 0, 100)),
      section(t('section.finish'), this.shadow()),
    ];
  }

  image(layer) {
    return [
      section(t('section.shape'), this.shapes('field.mask', 'mask', true), this.shapeNumbers(layer.mask)),
      section(t('section.finish'), this.line('field.border', 'border'), this.shadow()),
    ];
  }

  placeSection(layer) {
    const name = textField(t('field.name'), { value: layer.name, most: 80, change: (value) => this.set('name', value), end: this.end });
    this.shown.push([(item) => item.name, name.show]);
    const size = 'width' in layer && layer.kind !== 'text' ? [this.number('field.width', 'width', 4, 1400), this.number('field.height', 'height', 4, 1400)] : [];
    return section(t('section.place'), this.number('field.x', 'x', ...FAR, 0.5), this.number('field.y', 'y', ...FAR, 0.5), size, this.number('field.rotation', 'rotation', -360, 360), this.number('field.opacity', 'opacity', 0, 100), name.field);
  }

  /** Buttons for what is otherwise dragged: lining up, spreading, restacking, grouping. */
  arrange(layers) {
    const button = (key, run, off = false) => el('button', { type: 'button', class: 'btn btn-sm', disabled: off, onclick: run }, t(`arrange.${key}`));
    const { actions } = this;
    return section(
      t('section.arrange'),
      el('div', { class: 'prop-buttons' },
        ['left', 'centre', 'right', 'top', 'middle', 'bottom'].map((where) => button(where, () => actions.align(where))),
        button('front', () => actions.restack(Infinity)), button('back', () => actions.restack(-Infinity)),
        layers.length > 2 ? [button('across', () => actions.distribute('x')), button('down', () => actions.distribute('y'))] : [],
        layers.length > 1 ? button('group', () => actions.group()) : null,
        layers.some((layer) => layer.group) ? button('ungroup', () => actions.ungroup()) : null),
    );
  }
}

