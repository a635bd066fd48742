/** Palettes of the six slots, colours by chance that keep their contrast, and the metals of a level family. */

import { contrast, darker, fromOklch, lighter } from '../draw/colours.js';
import { SLOTS } from './model.js';

const palette = (key, ...colours) => ({ key, colours: Object.fromEntries(SLOTS.map((slot, index) => [slot, colours[index]])) });

export const PALETTES = [
  palette('harbour', '#f0b02a', '#1f56c3', '#d62b45', '#eeb53a', '#0d2b6b', '#fdf3d9'),
  palette('forest', '#97c93d', '#2c7022', '#b3541e', '#8dc63f', '#1c4a14', '#fdf6dc'),
  palette('plum', '#9273f0', '#42218f', '#0d7f82', '#9a7ff5', '#2b1363', '#f4efff'),
  palette('ember', '#f18c6a', '#9c2449', '#2a4470', '#f3835f', '#6b1432', '#fff1e6'),
  palette('night', '#d7a93c', '#17324f', '#8a5a14', '#e3b84e', '#0d2136', '#f5ead0'),
  palette('rose', '#f3a6c0', '#8e1f5a', '#5b2a86', '#f7c0d3', '#4d0f31', '#fff0f5'),
  palette('lagoon', '#2aa7c9', '#0b5c86', '#a8442a', '#8fd9ec', '#073b57', '#effaff'),
  palette('stone', '#9aa5b1', '#39434f', '#8a5a2b', '#c3ccd5', '#1d242c', '#f4f6f8'),
];

export const LEVELS = [
  { key: 'bronze', frame: '#b9733a', accent: '#d59a63', stars: 1 },
  { key: 'silver', frame: '#aeb9c4', accent: '#c9d2da', stars: 2 },
  { key: 'gold', frame: '#e7ae2b', accent: '#f1c654', stars: 3 },
];

/** Darken a colour until white words on it (and on its lighter end) can be read. */
function underWhite(colour) {
  let made = colour;
  for (let step = 0; step < 12 && contrast(lighter(made, 0.16), '#ffffff') < 4.6; step += 1) made = darker(made, 0.1);
  return made;
}

const RELATIONS = [[0, 150, 210], [0, 180, 30], [0, 120, 240], [0, 35, 180], [0, 200, 165]];

/** Six colours from one random hue and its relatives; `random()` gives 0 to 1. */
export function surprise(random = Math.random) {
  const hue = random() * 360;
  const [field, frame, ribbon] = RELATIONS[Math.floor(random() * RELATIONS.length)].map((turn) => (hue + turn) % 360);
  return {
    frame: fromOklch(0.78, 0.14, frame),
    field: underWhite(fromOklch(0.42, 0.14, field)),
    ribbon: underWhite(fromOklch(0.5, 0.17, ribbon)),
    accent: fromOklch(0.82, 0.13, frame),
    ink: fromOklch(0.27, 0.09, field),
    paper: fromOklch(0.97, 0.018, field),
  };
}

export const FRAMES = ['circle', 'hexagon', 'octagon', 'scallop', 'flower', 'starburst', 'wave', 'gear', 'shield', 'quatrefoil'];
