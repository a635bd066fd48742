/** The field for a colour: none, one colour, a gradient; each colour from the badge's slots or its own. */

import { isHex, resolve } from '../draw/colours.js';
import { SLOTS } from '../document/model.js';
import { choiceField, numberField } from './fields.js';
import { el, t } from './words.js';

const parts = (colour) => /^@([a-z]+)([+-]\d+)?$/.exec(colour);

/** One colour: where it comes from, then a colour box or how much lighter or darker. */
export function colourField(label, { value, slots, brand, change, end }) {
  const found = parts(value);
  const options = [...SLOTS.map((slot) => [slot, t(`slot.${slot}`)]), ['own', t('paint.own')], ...brand.map((colour) => [colour, `${t('paint.brand')} ${colour}`])];
  const source = choiceField(`${label}: ${t('paint.source')}`, {
    value: found ? found[1] : 'own',
    options,
    change: (next) => {
      change(isHex(next) ? next : next === 'own' ? resolve(value, slots) : `@${next}`, true);
      end();
    },
  });
  const second = found ? shade(label, found, change, end) : own(label, value, change, end);
  return el('div', { class: 'prop-colour' }, el('span', { class: 'swatch', 'aria-hidden': 'true' }, dot(resolve(value, slots))), source.field, second);
}

/** A patch of the colour; drawn, since the page's policy allows no style attributes. */
export function dot(colour) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  const patch = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, given] of [['width', '20'], ['height', '20'], ['rx', '4'], ['fill', colour]]) patch.setAttribute(name, given);
  svg.append(patch);
  return svg;
}

function shade(label, found, change, end) {
  return numberField(`${label}: ${t('paint.shade')}`, {
    least: -90, most: 90, value: Number(found[2] || 0), end,
    change: (step) => change(`@${found[1]}${step === 0 ? '' : (step > 0 ? '+' : '-') + Math.abs(Math.round(step))}`),
  }).field;
}

function own(label, value, change, end) {
  const picker = el('input', { type: 'color', class: 'form-control form-control-color', value, 'aria-label': `${label}: ${t('paint.colour')}` });
  const text = el('input', { type: 'text', class: 'form-control hex-box', value, maxlength: '7', spellcheck: 'false', 'aria-label': `${label}: #rrggbb` });
  picker.addEventListener('input', () => {
    text.value = picker.value;
    change(picker.value);
  });
  text.addEventListener('input', () => {
    if (!isHex(text.value)) return;
    picker.value = text.value;
    change(text.value.toLowerCase());
  });
  for (const input of [picker, text]) input.addEventListener('change', end);
  return el('div', { class: 'own-colour' }, picker, text);
}

const kindOf = (paint) => (!paint ? 'none' : typeof paint === 'string' ? 'plain' : paint.kind);
const firstColour = (paint) => (!paint ? '@field' : typeof paint === 'string' ? paint : paint.stops[0][1]);
const lastColour = (paint) => (!paint ? '@field-20' : typeof paint === 'string' ? paint : paint.stops.at(-1)[1]);

function asKind(paint, kind) {
  if (kind === 'none') return null;
  if (kind === 'plain') return firstColour(paint);
  const stops = paint && typeof paint !== 'string' ? paint.stops : [[0, firstColour(paint)], [1, lastColour(paint)]];
  return kind === 'linear' ? { kind, angle: paint?.angle ?? 90, stops } : { kind, stops };
}

/** The whole field; `rebuild()` is asked for where the fields themselves change. */
export function paintField(label, { value, slots, brand, none = true, change, end, rebuild }) {
  const kinds = ['none', 'plain', 'linear', 'radial'].filter((kind) => none || kind !== 'none').map((kind) => [kind, t(`paint.${kind}`)]);
  const kind = choiceField(`${label}: ${t('paint.kind')}`, {
    value: kindOf(value), options: kinds,
    change: (next) => {
      change(asKind(value, next));
      end();
      rebuild();
    },
  });
  const fields = [kind.field];
  const colour = (name, now, put) =>
    colourField(`${label}: ${name}`, {
      value: now, slots, brand, end,
      change: (next, redo) => {
        put(next);
        if (redo) rebuild();
      },
    });
  if (typeof value === 'string') fields.push(colour(t('paint.colour'), value, change));
  else if (value) fields.push(...gradient(label, value, colour, change, end));
  return el('fieldset', { class: 'prop-part' }, el('legend', { class: 'prop-legend' }, label), fields);
}

function gradient(label, value, colour, change, end) {
  // Reads the present value each time: a slider may have moved another stop meanwhile.
  let present = value;
  const put = (next) => change((present = next));
  const fields = value.stops.map(([, now], index) => {
    const name = value.stops.length === 2 ? t(index ? 'paint.to' : 'paint.from') : t('paint.stop', { number: index + 1 });
    return colour(name, now, (next) => put({ ...present, stops: present.stops.map((stop, at) => (at === index ? [stop[0], next] : stop)) }));
  });
  if (value.kind === 'linear') {
    fields.push(numberField(`${label}: ${t('paint.angle')}`, { least: 0, most: 360, value: value.angle ?? 90, end, change: (angle) => put({ ...present, angle }) }).field);
  }
  return fields;
}
