/** Words of the page in the reader's language, and telling a screen reader what happened. */

let words = {};
let live = null;

export function useWords(given, liveRegion) {
  words = given;
  live = liveRegion;
}

/** The word for a key, with its {places} filled; an unknown key comes back as it is, so that it is noticed. */
export function t(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

let clearing;

/** Tell it once, politely. */
export function announce(text) {
  if (!live) return;
  clearTimeout(clearing);
  live.textContent = live.textContent === text ? `${text}\u00a0` : text;
  clearing = setTimeout(() => (live.textContent = ''), 6000);
}

/** An element with attributes, `on…` listeners and children. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name === 'class') made.className = value;
    else if (name in made && name !== 'list' && typeof value !== 'string') made[name] = value;
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

let sprite = '';
export const useSprite = (address) => (sprite = address);

/** A drawing of the interface's sprite, as decoration. */
export function symbol(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [key, value] of [['class', `icon icon-${name}`], ['width', '20'], ['height', '20'], ['aria-hidden', 'true']]) svg.setAttribute(key, value);
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** What a layer is called: its own name, else what it shows. */
export function nameOf(layer) {
  if (layer.name) return layer.name;
  const kind = t(`kind.${layer.kind}`);
  if (layer.kind === 'text') return `${kind}: ${layer.text.replace(/\s+/g, ' ').slice(0, 40)}`;
  if (layer.kind === 'ribbon') return `${kind}: ${layer.lettering.text.slice(0, 40)}`;
  if (layer.kind === 'icon') return `${kind}: ${layer.icon.replace(/-/g, ' ')}`;
  if (layer.kind === 'shape') return layer.fill ? t(`shape.${layer.shape}`) : `${t(`shape.${layer.shape}`)}: ${t(`choice.${layer.border?.dash ?? 'solid'}`)}`;
  if (layer.kind === 'row') return `${layer.count} × ${t(`shape.${layer.shape}`)}`;
  return kind;
}
