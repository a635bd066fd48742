/** Form fields of the properties: numbers with a slider, choices, switches, words. Each knows how to show a new value. */

import { el, t } from './words.js';

let count = 0;
// “Fill: Direction” stands below “Fill”: what is seen is short, what is read out is whole.
const short = (label) => label.split(': ').at(-1);
const whole = (label) => (short(label) === label ? null : label);
const freshId = () => `f${(count += 1)}`;

/** A number: a slider for the hand and a box for the exact value; `change(value)` while moving, `end()` after. */
export function numberField(label, { least, most, step = 1, value, change, end = () => {} }) {
  const id = freshId();
  const box = el('input', { id, class: 'form-control number-box', type: 'number', inputmode: 'decimal', min: String(least), max: String(most), step: String(step), 'aria-label': whole(label) });
  const slider = el('input', { class: 'form-range', type: 'range', min: String(least), max: String(most), step: String(step), 'aria-label': label });
  const take = (text, bounded) => {
    const number = Number(text);
    if (text === '' || !Number.isFinite(number)) return;
    if (!bounded && (number < least || number > most)) return;
    change(Math.max(least, Math.min(most, number)));
  };
  slider.addEventListener('input', () => take(slider.value, true));
  slider.addEventListener('change', end);
  box.addEventListener('input', () => take(box.value, false));
  box.addEventListener('change', () => {
    take(box.value, true);
    end();
  });
  const show = (next) => {
    const text = String(Math.round(next * 100) / 100);
    if (document.activeElement !== box || Number(box.value) !== Number(text)) box.value = text;
    slider.value = text;
  };
  show(value);
  const field = el('div', { class: 'prop prop-number' }, el('label', { class: 'prop-label', for: id }, short(label)), slider, box);
  return { field, show };
}

export function textField(label, { value, most = 200, lines = 1, change, end = () => {}, hint = null }) {
  const id = freshId();
  const attributes = { id, class: 'form-control', maxlength: String(most), autocomplete: 'off', oninput: () => change(input.value), onchange: end };
  const input = lines > 1 ? el('textarea', { ...attributes, rows: String(lines) }) : el('input', { ...attributes, type: 'text' });
  input.value = value;
  const show = (next) => {
    if (input.value !== next) input.value = next;
  };
  return { field: el('div', { class: 'prop' }, el('label', { class: 'prop-label', for: id }, short(label)), input, hint), show, input };
}

export function choiceField(label, { value, options, change }) {
  const id = freshId();
  const select = el('select', { id, class: 'form-select', 'aria-label': whole(label), onchange: () => change(select.value) });
  const fill = (list) => select.replaceChildren(...list.map(([key, text]) => el('option', { value: key }, text)));
  fill(options);
  const show = (next) => (select.value = String(next));
  show(value);
  return { field: el('div', { class: 'prop' }, el('label', { class: 'prop-label', for: id }, short(label)), select), show, fill };
}

export function switchField(label, { value, change }) {
  const id = freshId();
  const box = el('input', { id, type: 'checkbox', class: 'form-check-input', onchange: () => change(box.checked) });
  const show = (next) => (box.checked = Boolean(next));
  show(value);
  return { field: el('div', { class: 'prop prop-switch' }, box, el('label', { for: id }, label)), show };
}

/** A part that can be switched on and off, such as a border: its fields stand below while it is on. */
export function optionalPart(label, { on, toggle, fields }) {
  const part = switchField(t('on', { name: label }), { value: on, change: toggle });
  const body = el('div', { class: 'prop-part-body', hidden: !on }, fields);
  return { field: el('fieldset', { class: 'prop-part' }, el('legend', { class: 'prop-legend' }, label), part.field, body), show: part.show };
}

export const section = (title, ...fields) => el('section', { class: 'prop-section' }, el('h3', {}, title), fields);
