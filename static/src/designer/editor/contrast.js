/** Can the words be read? Measured on the rendered pixels: each text's own pixels against what lies below them. */

import { contrast, darker, lighter, luminance, ratio, resolve, toHex } from '../draw/colours.js';
import { pictureOf } from '../draw/picture.js';
import { wordsOf } from '../document/model.js';

const SIZE = 320;
const NEEDED = 4.5;
// The share of a text's pixels that may be below: letters have soft edges, gradients have ends.
const TOLERATED = 0.12;

const pixelsOf = (canvas) => canvas.getContext('2d').getImageData(0, 0, SIZE, SIZE).data;

/** A pixel on a page of one grey. */
function over(data, at, page) {
  const alpha = data[at + 3] / 255;
  return [0, 1, 2].map((channel) => data[at + channel] * alpha + page * (1 - alpha));
}

/** Measure one text: `{ratio, covered, below}`: below is the mean colour under it. */
function measure(design, resources, layer, whole) {
  const alone = { ...design, layers: [layer] };
  const withWords = pixelsOf(pictureOf(alone, resources, SIZE, { read: true }));
  const bare = pixelsOf(pictureOf(alone, resources, SIZE, { read: true, withoutText: layer.id }));
  const without = pixelsOf(pictureOf(design, resources, SIZE, { read: true, withoutText: layer.id }));
  const found = [];
  const sum = [0, 0, 0];
  let hidden = 0;
  for (let at = 0; at < whole.length; at += 4) {
    const changed = Math.max(Math.abs(withWords[at] - bare[at]), Math.abs(withWords[at + 1] - bare[at + 1]), Math.abs(withWords[at + 2] - bare[at + 2]), Math.abs(withWords[at + 3] - bare[at + 3]));
    if (changed < 12 || withWords[at + 3] < 235) continue;
    // Only the inside of a stroke counts: its right and lower neighbours belong to the word as well.
    const inside = [4, SIZE * 4].every((step) => Math.abs(withWords[at] - withWords[at + step]) + Math.abs(withWords[at + 1] - withWords[at + step + 1]) + Math.abs(withWords[at + 2] - withWords[at + step + 2]) < 24);
    if (!inside) continue;
    const pages = without[at + 3] < 250 ? [255, 24] : [255];
    const shown = Math.min(...pages.map((page) => ratio(luminance(over(whole, at, page)), luminance(over(without, at, page)))));
    if (Math.abs(whole[at] - withWords[at]) + Math.abs(whole[at + 1] - withWords[at + 1]) + Math.abs(whole[at + 2] - withWords[at + 2]) > 60) hidden += 1;
    over(without, at, 255).forEach((value, index) => (sum[index] += value));
    found.push(shown);
  }
  if (!found.length) return { ratio: Infinity, covered: false, below: '#ffffff' };
  found.sort((one, other) => one - other);
  return { ratio: found[Math.floor(found.length * TOLERATED)], covered: hidden > found.length * 0.6, below: toHex(sum.map((value) => value / found.length)) };
}

/** The nearest shade of a colour that stands out from `below`, else black or white. */
export function passing(colour, below) {
  for (let step = 1; step <= 9; step += 1) {
    for (const made of [darker(colour, step / 10), lighter(colour, step / 10)]) {
      if (contrast(made, below) >= NEEDED + 0.4) return made;
    }
  }
  return contrast('#ffffff', below) > contrast('#000000', below) ? '#ffffff' : '#000000';
}

/** One text: null where it is easy to read, else `{layer, text, ratio, covered, colour}`. */
function judge(design, resources, layer, whole) {
  const words = wordsOf(layer);
  if (!words || layer.hidden || !words.text.trim()) return null;
  const measured = measure(design, resources, { ...layer, opacity: 100 }, whole);
  const seen = layer.opacity < 100 ? measure(design, resources, layer, whole) : measured;
  const rate = Math.min(measured.ratio, Number.isFinite(seen.ratio) ? seen.ratio : measured.ratio);
  if (rate >= NEEDED && !measured.covered) return null;
  const plain = typeof words.fill === 'string' ? words.fill : words.fill.stops[0][1];
  return { layer, text: words.text, ratio: rate, covered: measured.covered, colour: passing(resolve(plain, design.colours), measured.below) };
}

const pictured = (design, resources) => pixelsOf(pictureOf(design, resources, SIZE, { read: true }));

/** Every text that is hard to read or covered. */
export function hardToRead(design, resources) {
  const whole = pictured(design, resources);
  return design.layers.map((layer) => judge(design, resources, layer, whole)).filter(Boolean);
}

const idle = () => new Promise((done) => (globalThis.requestIdleCallback ? requestIdleCallback(done, { timeout: 400 }) : setTimeout(done, 30)));

/** The same a text at a time, while nothing else is to be done; null where `stale()` says that the badge has changed. */
export async function hardToReadLater(design, resources, stale) {
  const whole = pictured(design, resources);
  const found = [];
  for (const layer of design.layers) {
    if (!wordsOf(layer)) continue;
    await idle();
    if (stale()) return null;
    const fault = judge(design, resources, layer, whole);
    if (fault) found.push(fault);
  }
  return found;
}
