/** The templates: complete badges that only want their words and picture changed. */

import { layer } from '../document/model.js';
import { above, below, design, disc, down, down3, field, frame, icon, line, ribbon, round, stars, stitches, tails } from './parts.js';

const classic = (words) => [
  field(),
  stitches(702),
  stitches(506),
  disc(),
  above(words.title),
  below(words.foot),
  stars(),
  icon(words.icon),
  ribbon(words.ribbon, words.ribbonStyle),
];

/** Each is `{key, tags, make(words)}`; `words` is `{title, ribbon, foot, icon}`, in the reader's language. */
export const TEMPLATES = [
  {
    key: 'rosette', icon: 'chart-line-up',
    make: (words) => design(words.title, '', ['#f0b02a', '#1f56c3', '#d62b45', '#eeb53a', '#0d2b6b', '#fdf3d9'], [
      tails({ y: 766, spread: 19, height: 262 }), frame('scallop', { width: 910, height: 910, y: 470, numbers: { points: 16, depth: 9 } }),
      classic(words).map((item) => ({ ...item, y: item.y - 42 })),
    ]),
  },
  {
    key: 'guard', icon: 'shield-check',
    make: (words) => design(words.title, '', ['#b9cfc2', '#12714f', '#e39a26', '#9ec4b1', '#0c3f2d', '#fdf3d9'], [
      tails({ y: 762, spread: 27, height: 268, width: 112 }),
      frame('shield', { width: 880, height: 930, y: 482, numbers: { peak: 8, waist: 52 }, stitch: { paint: '#ffffff', width: 4, inset: 30, dash: 'dashes' } }),
      classic({ ...words, ribbonStyle: { lettering: { fill: '#33200a' } } }).map((item) => ({ ...item, y: item.y - 40 })),
    ]),
  },
  {
    key: 'honeycomb', icon: 'code',
    make: (words) => design(words.title, '', ['#9273f0', '#42218f', '#12999c', '#9a7ff5', '#2b1363', '#f4efff'], [
      tails({ y: 766, spread: 24, height: 262 }), frame('hexagon', { width: 850, height: 920, y: 474, numbers: { corner: 9 } }),
      classic(words).map((item) => ({ ...item, y: item.y - 42 })),
    ]),
  },
  {
    key: 'blossom', icon: 'leaf',
    make: (words) => design(words.title, '', ['#97c93d', '#2c7022', '#f3d27a', '#8dc63f', '#1c4a14', '#fdf6dc'], [
      tails({ y: 766, spread: 19, height: 262, fill: '@ribbon-8', stripe: '@ribbon+40' }),
      frame('flower', { width: 910, height: 910, y: 470, numbers: { points: 8, depth: 17 } }),
      classic({ ...words, ribbonStyle: { tailFill: '@ribbon-18', lettering: { fill: '#3b2a05' } } }).map((item) => ({ ...item, y: item.y - 42 })),
    ]),
  },
  {
    key: 'octagon', icon: 'users-three',
    make: (words) => design(words.title, '', ['#f18c6a', '#9c2449', '#2a4470', '#f3835f', '#6b1432', '#fff1e6'], [
      tails({ y: 752, spread: 20, height: 274 }), frame('octagon', { width: 880, height: 880, y: 466, numbers: { corner: 7 }, stitch: { paint: '@frame+60', width: 4, inset: 26, dash: 'dashes' } }),
      classic(words).map((item) => ({ ...item, y: item.y - 42 })),
    ]),
  },
  {
    key: 'sunburst', icon: 'lightbulb',
    make: (words) => design(words.title, '', ['#f7c325', '#2b303b', '#4a57e8', '#f5b916', '#191c24', '#fff6d6'], [
      tails({ y: 766, spread: 19, height: 262 }), frame('starburst', { width: 926, height: 926, y: 474, numbers: { points: 24, depth: 8, corner: 1.4 } }),
      classic(words).map((item) => ({ ...item, y: item.y - 42 })),
    ]),
  },
  {
    key: 'laurel', icon: 'medal',
    make: (words) => design(words.title, '', ['#d7a93c', '#17324f', '#b8862b', '#e3b84e', '#0d2136', '#f5ead0'], [
      layer('shape', { shape: 'wreath', width: 1000, height: 960, y: 505, numbers: { points: 12, opening: 26, leaf: 96 }, fill: down3('@frame+30', '@frame', '@frame-26'), shadow: { blur: 8, y: 5, strength: 30 } }),
      frame('circle', { width: 660, height: 660, y: 480, fill: down3('@frame+45', '@frame', '@frame-30') }),
      field({ width: 600, height: 600, y: 480, border: { paint: '@frame-38', width: 5 } }),
      stitches(560, { y: 480 }),
      icon(words.icon, { y: 404, width: 230, height: 230, fill: '@paper', tone: '@frame', toneStrength: 55 }),
      line(words.title, 566, { font: 'Playfair Display', weight: 900, size: 62, width: 470, fill: '@paper', tracking: 1 }),
      stars({ y: 638, size: 40, gap: 16, bend: 4 }),
      ribbon(words.ribbon, { y: 806, width: 540, height: 104, bend: 20, tail: 120, drop: 36, lettering: { font: 'Playfair Display', weight: 900, size: 54, tracking: 8, fill: '#1d1403' } }),
    ]),
  },
  {
    key: 'tile', icon: 'rocket-launch',
    make: (words) => design(words.title, '', ['#6d5dfc', '#4031c9', '#ff6a55', '#ffd166', '#1c1466', '#ffffff'], [
      frame('square', { width: 880, height: 880, y: 500, numbers: { corner: 24 }, fill: { kind: 'linear', angle: 55, stops: [[0, '@frame+22'], [0.55, '@field'], [1, '@field-42']] }, border: { paint: '@field-45', width: 4 }, bevel: 10 }),
      layer('shape', { shape: 'rays', width: 620, height: 620, y: 372, numbers: { points: 16, share: 46 }, fill: round('#ffffff', '@frame'), opacity: 16 }),
      layer('shape', { shape: 'circle', width: 410, height: 410, y: 372, fill: down('#ffffff', '@frame+78'), shadow: { blur: 26, y: 12, strength: 34 } }),
      icon(words.icon, { y: 372, width: 280, height: 280, fill: '@field-18', tone: '@ribbon', toneStrength: 62 }),
      line(words.title, 694, { font: 'Lexend', weight: 700, size: 88, width: 720, fill: '#ffffff', tracking: 0 }),
      layer('shape', { shape: 'square', width: 420, height: 92, y: 812, numbers: { corner: 50 }, fill: '@ribbon', shadow: { blur: 10, y: 5, strength: 30 } }),
      line(words.ribbon, 812, { font: 'Lexend', weight: 700, size: 46, width: 360, fill: '#2a0a06', tracking: 2 }),
    ]),
  },
  {
    key: 'gear', icon: 'wrench',
    make: (words) => design(words.title, '', ['#7d8ea3', '#0f4c63', '#e8702a', '#f2a65a', '#0b2a38', '#eef5f8'], [
      frame('gear', { width: 960, height: 960, y: 490, numbers: { points: 16, depth: 10 }, fill: down3('@frame+48', '@frame', '@frame-32') }),
      field({ width: 730, height: 730, y: 490, border: { paint: '@frame+70', width: 10 } }),
      stitches(690, { y: 490, border: { paint: '@accent', width: 5, dash: 'dashes' } }),
      disc({ y: 490, width: 462, height: 462 }),
      above(words.title, { y: 490, font: 'Oswald', weight: 700, size: 76, radius: 288, tracking: 9 }),
      below(words.foot, { y: 490, font: 'Oswald', weight: 500, size: 46, radius: 290 }),
      icon(words.icon, { y: 466, width: 250, height: 250, fill: '@field-10', tone: '@ribbon', toneStrength: 50 }),
      ribbon(words.ribbon, { y: 640, bend: 0, drop: 40, lettering: { font: 'Oswald', weight: 700, size: 72, tracking: 10, fill: '#2b1002' } }),
    ]),
  },
  {
    key: 'medal', icon: 'trophy',
    make: (words) => design(words.title, '', ['#eab63a', '#a3262f', '#213a8f', '#f6d372', '#4d2c06', '#fff4d4'], [
      layer('shape', { shape: 'pennant', width: 440, height: 520, y: 276, numbers: { notch: 0, corner: 3 }, fill: { kind: 'linear', angle: 0, stops: [[0, '@ribbon-18'], [0.24, '@ribbon'], [0.245, '#ffffff'], [0.36, '#f1f1f1'], [0.365, '@field'], [0.635, '@field'], [0.64, '#f1f1f1'], [0.755, '#ffffff'], [0.76, '@ribbon'], [1, '@ribbon-18']] }, shadow: { blur: 14, y: 6, strength: 30 } }),
      frame('wave', { width: 700, height: 700, y: 640, numbers: { points: 24, depth: 7 } }),
      layer('shape', { shape: 'circle', width: 580, height: 580, y: 640, fill: down3('@frame-24', '@frame+10', '@frame+45'), border: { paint: '@frame-36', width: 4 } }),
      layer('shape', { shape: 'circle', width: 402, height: 402, y: 640, fill: round('@frame+55', '@frame+5'), border: { paint: '@frame-36', width: 4 }, bevel: 8 }),
      above(words.title, { y: 640, radius: 244, size: 52, span: 160, fill: '#3f2303', weight: 800 }),
      below(words.ribbon, { y: 640, radius: 244, size: 44, span: 120, fill: '#3f2303', weight: 800 }),
      icon(words.icon, { y: 640, width: 280, height: 280, fill: '@ink', tone: '@field', toneStrength: 45 }),
    ]),
  },
  {
    key: 'arch', icon: 'book-open-text',
    make: (words) => design(words.title, '', ['#c8a15a', '#5b1f3a', '#c8a15a', '#e6c889', '#38101f', '#fbf3e4'], [
      frame('arch', { width: 740, height: 940, y: 498, numbers: { corner: 5 }, fill: down3('@frame+40', '@frame', '@frame-28') }),
      layer('shape', { shape: 'arch', width: 682, height: 882, y: 498, numbers: { corner: 3 }, fill: down('@field+12', '@field-36'), border: { paint: '@frame-40', width: 4 }, stitch: { paint: '@accent', width: 3.4, inset: 24, dash: 'solid' } }),
      layer('shape', { shape: 'circle', width: 400, height: 400, y: 372, fill: round('@field+28', '@field'), border: { paint: '@accent', width: 6 } }),
      layer('shape', { shape: 'wreath', width: 400, height: 390, y: 374, numbers: { points: 9, opening: 20, leaf: 92 }, fill: '@accent' }),
      icon(words.icon, { y: 370, width: 190, height: 190, fill: '@paper', tone: '@accent', toneStrength: 55 }),
      line(words.title, 668, { font: 'Playfair Display', weight: 900, size: 84, width: 540, fill: '@paper', tracking: 0 }),
      layer('row', { shape: 'diamond', count: 3, size: 22, gap: 16, bend: 0, y: 752, fill: '@accent', numbers: { corner: 0 } }),
      line(words.ribbon, 832, { font: 'Great Vibes', weight: 400, size: 84, width: 520, fill: '@accent', tracking: 0 }),
    ]),
  },
  {
    key: 'crest', icon: 'graduation-cap',
    make: (words) => design(words.title, '', ['#1f3f7a', '#f4ecd8', '#8f1d2c', '#c9a23f', '#152b57', '#fffaf0'], [
      frame('crest', { width: 800, height: 930, y: 482, numbers: { notch: 9, waist: 55 }, fill: down('@accent+25', '@accent-22'), border: { paint: '@accent-42', width: 5 } }),
      layer('shape', { shape: 'crest', width: 734, height: 856, y: 484, numbers: { notch: 9, waist: 55 }, fill: down('@frame+14', '@frame-34'), border: { paint: '@accent-38', width: 4 }, stitch: { paint: '@accent+20', width: 3.6, inset: 20, dash: 'dots' } }),
      layer('shape', { shape: 'circle', width: 380, height: 380, y: 372, fill: down('#ffffff', '@field'), border: { paint: '@accent', width: 10 }, shadow: { blur: 14, y: 6, strength: 34 } }),
      icon(words.icon, { y: 372, width: 262, height: 262, fill: '@frame-10', tone: '@ribbon', toneStrength: 40 }),
      ribbon(words.title, { y: 616, width: 770, height: 132, bend: 30, tail: 104, drop: 42, lettering: { font: 'Playfair Display', weight: 900, size: 68, tracking: 3, caps: false, fill: '#ffffff' } }),
      line(words.ribbon, 756, { font: 'Playfair Display', weight: 700, size: 50, width: 380, fill: '@field', tracking: 2 }),
      stars({ y: 836, size: 38, gap: 14, bend: 10 }),
    ]),
  },
  {
    key: 'star', icon: 'star-four',
    make: (words) => design(words.title, '', ['#f2b21d', '#b3154f', '#b3154f', '#ffd766', '#57082b', '#fff3d0'], [
      frame('star', { width: 1000, height: 1000, y: 520, numbers: { points: 8, depth: 24, corner: 4 }, fill: down3('@frame+45', '@frame', '@frame-20') }),
      field({ width: 690, height: 690, y: 520, border: { paint: '@paper', width: 10 } }),
      layer('shape', { shape: 'rays', width: 660, height: 660, y: 520, numbers: { points: 24, share: 50 }, fill: '#ffffff', opacity: 9 }),
      icon(words.icon, { y: 446, width: 270, height: 270, fill: '#ffffff', tone: '@frame', toneStrength: 85 }),
      above(words.foot, { y: 520, radius: 292, size: 40, span: 120, weight: 700 }),
      ribbon(words.title, { y: 648, width: 720, height: 136, fill: down('#ffffff', '@paper-8'), tailFill: '@frame-14', foldFill: '@frame-52', edge: { paint: '@field', width: 3, inset: 12 }, lettering: { size: 66, fill: '@ink', weight: 800, tracking: 4 } }),
      below(words.ribbon, { y: 520, radius: 286, size: 46, span: 110, weight: 800, fill: '#ffffff' }),
    ]),
  },
  {
    key: 'care', icon: 'heartbeat',
    make: (words) => design(words.title, '', ['#d8343f', '#ffffff', '#0f6f6c', '#f4b6b9', '#7d0f1c', '#fff5f4'], [
      frame('plus', { width: 900, height: 900, y: 500, numbers: { thickness: 58, corner: 12 } }),
      layer('shape', { shape: 'plus', width: 836, height: 836, y: 500, numbers: { thickness: 56, corner: 10 }, fill: null, border: { paint: '#ffffff', width: 5, dash: 'dots' }, opacity: 85 }),
      layer('shape', { shape: 'circle', width: 640, height: 640, y: 500, fill: down('#ffffff', '@paper-5'), border: { paint: '@frame-30', width: 8 }, shadow: { blur: 18, y: 8, strength: 34 } }),
      layer('shape', { shape: 'circle', width: 586, height: 586, y: 500, fill: null, border: { paint: '@accent', width: 6 } }),
      above(words.title, { y: 500, radius: 236, size: 76, span: 168, fill: '@ink' }),
      icon(words.icon, { y: 500, width: 250, height: 250, fill: '@frame-8', tone: '@frame', toneStrength: 30 }),
      ribbon(words.ribbon, { y: 664, width: 640, height: 118, tail: 136, lettering: { size: 56 } }),
    ]),
  },
  {
    key: 'bubble', icon: 'chats-circle',
    make: (words) => design(words.title, '', ['#2aa7c9', '#0b5c86', '#ffb21a', '#8fd9ec', '#073b57', '#effaff'], [
      frame('quatrefoil', { width: 980, height: 980, y: 500, rotation: 45, numbers: { depth: 19 }, fill: { kind: 'linear', angle: 45, stops: [[0, '@frame+42'], [0.5, '@frame'], [1, '@frame-24']] } }),
      field({ y: 500 }),
      layer('shape', { shape: 'circle', width: 700, height: 700, y: 500, fill: null, border: { paint: '@accent', width: 4 } }),
      disc({ y: 500, width: 468, height: 468 }),
      above(words.title, { y: 500 }),
      below(words.foot, { y: 500 }),
      icon(words.icon, { y: 476, width: 270, height: 270, fill: '@field-6', tone: '@ribbon', toneStrength: 70 }),
      ribbon(words.ribbon, { y: 646, width: 720, lettering: { fill: '#3a2400' } }),
    ]),
  },
  {
    key: 'minimal', icon: 'compass',
    make: (words) => design(words.title, '', ['#14443f', '#14443f', '#e9d9b6', '#e9b44c', '#10302d', '#f6efdf'], [
      layer('shape', { shape: 'circle', width: 920, height: 920, y: 512, fill: down('@field+12', '@field-18'), stitch: { paint: '@accent', width: 5, inset: 34, dash: 'solid' }, shadow: { blur: 20, y: 8, strength: 26 } }),
      layer('shape', { shape: 'circle', width: 612, height: 612, y: 512, fill: '@paper', border: { paint: '@accent', width: 5 } }),
      icon(words.icon, { y: 512, width: 400, height: 400, fill: '@field', tone: '@accent', toneStrength: 70 }),
      above(words.title, { y: 512, radius: 372, size: 74, span: 160, font: 'Lexend', weight: 700, tracking: 6, fill: '@paper' }),
      below(words.ribbon, { y: 512, radius: 372, size: 56, span: 110, font: 'Lexend', weight: 500, tracking: 10, fill: '@accent' }),
      layer('row', { shape: 'circle', count: 2, size: 24, gap: 726, bend: 0, y: 512, fill: '@accent' }),
    ]),
  },
];
