/** Files in and out: pictures as layers, design files, exported PNGs. */

import { freshId, layer, withoutUnusedImages } from '../document/model.js';
import { pngOf } from '../draw/picture.js';
import { announce, t } from './words.js';

const LONGEST = 900;
const MOST_CHARACTERS = 850_000;
const MOST_IMAGES = 12;

export function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const fileName = (design) => design.name.normalize('NFKD').replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').toLowerCase() || 'badge';

export async function exportPng(design, resources, size) {
  download(await pngOf(design, resources, size), `${fileName(design)}-${size}.png`);
}

export function saveDesignFile(design) {
  download(new Blob([JSON.stringify(withoutUnusedImages(design))], { type: 'application/json' }), `${fileName(design)}.laurel-badge.json`);
}

/** A chosen picture as `{source, width, height}`: made small enough, and drawn anew, so that nothing else comes with it. */
async function taken(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  for (let longest = LONGEST; longest > 120; longest *= 0.75) {
    const share = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * share));
    canvas.height = Math.max(1, Math.round(bitmap.height * share));
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    let source = canvas.toDataURL('image/webp', 0.9);
    if (!source.startsWith('data:image/webp')) source = canvas.toDataURL('image/png');
    if (source.length <= MOST_CHARACTERS) return { source, width: canvas.width, height: canvas.height };
  }
  throw new Error('large');
}

/** Put a picture on the badge as a layer. */
export async function addPicture(file, { store, resources, actions }) {
  if (Object.keys(withoutUnusedImages(store.document).images).length >= MOST_IMAGES) {
    announce(t('image.tooLarge', { reason: t('image.full') }));
    return t('image.tooLarge', { reason: t('image.full') });
  }
  try {
    const { source, width, height } = await taken(file);
    const key = freshId();
    const share = 460 / Math.max(width, height);
    store.document = { ...store.document, images: { ...store.document.images, [key]: source } };
    await resources.ready(store.document);
    actions.insert([layer('image', { image: key, width: Math.round(width * share), height: Math.round(height * share), mask: null })]);
    return null;
  } catch {
    return t('image.tooLarge', { reason: t('image.unreadable') });
  }
}
