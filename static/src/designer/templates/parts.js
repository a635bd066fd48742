/** The parts templates are put together from: each a layer with the finish (light, edge, shadow) that suits it. */

import { layer, SLOTS, VERSION } from '../document/model.js';

export const down = (from, to) => ({ kind: 'linear', angle: 90, stops: [[0, from], [1, to]] });
export const down3 = (from, middle, to) => ({ kind: 'linear', angle: 90, stops: [[0, from], [0.5, middle], [1, to]] });
export const round = (from, to) => ({ kind: 'radial', stops: [[0, from], [1, to]] });

/** The outer body of a badge. */
export const frame = (shape, values = {}) =>
  layer('shape', {
    shape, width: 900, height: 900, fill: down3('@frame+42', '@frame', '@frame-22'),
    border: { paint: '@frame-34', width: 5 }, bevel: 12, shadow: { blur: 22, y: 10, strength: 28 }, ...values,
  });

/** The coloured disc that carries the words on arcs. */
export const field = (values = {}) =>
  layer('shape', {
    shape: 'circle', width: 740, height: 740, fill: round('@field+16', '@field-30'),
    border: { paint: '@paper', width: 11 }, shadow: { blur: 16, y: 6, strength: 30 }, ...values,
  });

/** A ring of stitches. */
export const stitches = (size, values = {}) =>
  layer('shape', {
    shape: 'circle', width: size, height: size, fill: null, border: { paint: '@paper', width: 4.4, dash: 'dots' }, opacity: 80, ...values,
  });

/** The light disc in the middle. */
export const disc = (values = {}) =>
  layer('shape', {
    shape: 'circle', width: 470, height: 470, fill: down('#ffffff', '@paper-6'),
    border: { paint: '@accent', width: 9 }, shadow: { blur: 12, y: 4, strength: 26 }, ...values,
  });

export const above = (text, values = {}) =>
  layer('text', { text, path: 'above', radius: 304, span: 138, size: 66, weight: 800, tracking: 7, caps: true, fill: '#ffffff', ...values });

export const below = (text, values = {}) =>
  layer('text', { text, path: 'below', radius: 304, span: 96, size: 40, weight: 700, tracking: 7, caps: true, fill: '@paper', ...values });

export const line = (text, y, values = {}) => layer('text', { text, y, size: 64, weight: 800, width: 480, ...values });

export const icon = (name, values = {}) => layer('icon', { icon: name, y: 490, width: 236, height: 236, ...values });

export const stars = (values = {}) => layer('row', { y: 344, size: 48, gap: 18, bend: 8, ...values });

export const ribbon = (text, values = {}) => {
  const { lettering, ...rest } = values;
  const made = layer('ribbon', {
    y: 654, shadow: { blur: 12, y: 6, strength: 34 }, edge: { paint: '@ribbon+38', width: 3, inset: 12 }, ...rest,
  });
  return { ...made, lettering: { ...made.lettering, text, weight: 800, ...lettering } };
};

export const tails = (values = {}) => layer('tails', { y: 762, ...values });

/** A document from its colours and layers. */
export const design = (name, alt, colours, layers) => ({
  format: 'laurel-badge',
  version: VERSION,
  name,
  alt,
  colours: Object.fromEntries(SLOTS.map((slot, index) => [slot, colours[index]])),
  layers: layers.flat(),
  images: {},
});
