/** The document: what a layer of each kind holds when new, and the few things that are asked of a document. */

export const VERSION = 2;
export const CENTRE = 512;
export const SLOTS = ['frame', 'field', 'ribbon', 'accent', 'ink', 'paper'];

const BASE = { name: '', x: CENTRE, y: CENTRE, rotation: 0, opacity: 100, hidden: false, locked: false };

const LETTERING = { text: 'Badge', font: 'Montserrat', weight: 700, size: 72, tracking: 4, caps: false, fill: '@ink' };

/** First values of each kind of layer; everything a painter reads stands here. */
export const FIRST = {
  shape: { shape: 'circle', width: 560, height: 560, numbers: {}, fill: '@field' },
  row: { shape: 'star', count: 3, size: 54, gap: 18, bend: 10, numbers: {}, fill: '@accent' },
  ribbon: {
    width: 690, height: 130, bend: 26, tail: 150, drop: 46,
    fill: { kind: 'linear', angle: 90, stops: [[0, '@ribbon+12'], [1, '@ribbon-10']] },
    tailFill: '@ribbon-22', foldFill: '@ribbon-55',
    lettering: { ...LETTERING, text: 'Level one', size: 62, tracking: 8, caps: true, fill: '#ffffff' },
  },
  tails: { width: 120, height: 250, spread: 18, notch: 38, fill: '@ribbon-15', stripe: '@ribbon+35' },
  text: { ...LETTERING, path: 'straight', radius: 330, span: 150, width: 0, leading: 1.15 },
  icon: { icon: 'star', width: 260, height: 260, fill: '@field-20', tone: '@field', toneStrength: 24 },
  image: { image: '', width: 420, height: 420, mask: 'circle', numbers: {} },
};

let count = 0;

/** An id that no other layer has; short, since it only has to differ inside documents that meet on a clipboard. */
export function freshId() {
  count += 1;
  const random = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
  return `l${random}${count.toString(36)}`.slice(0, 16);
}

export const layer = (kind, values = {}) => ({ id: freshId(), kind, ...BASE, ...structuredClone(FIRST[kind]), ...values });

export const emptyDocument = (name) => ({
  format: 'laurel-badge',
  version: VERSION,
  name,
  alt: '',
  colours: { frame: '#e8a91c', field: '#1d4ed8', ribbon: '#d23048', accent: '#f2b632', ink: '#0f1f4b', paper: '#f6f8ff' },
  layers: [],
  images: {},
});

/** The words a layer shows, if it shows any. */
export const wordsOf = (item) => (item.kind === 'text' ? item : item.kind === 'ribbon' ? item.lettering : null);

/** Only the pictures that a layer still uses. */
export function withoutUnusedImages(design) {
  const used = new Set(design.layers.filter((item) => item.kind === 'image').map((item) => item.image));
  const images = Object.fromEntries(Object.entries(design.images).filter(([key]) => used.has(key)));
  return { ...design, images };
}
