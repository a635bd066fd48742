/** The box each layer covers round its own origin, and what becomes of a layer that is stretched. */

import { textBox } from '../draw/lettering.js';

const scratch = document.createElement('canvas').getContext('2d');
const centred = (width, height) => ({ x: -width / 2, y: -height / 2, width, height });

function ribbonBox(layer) {
  const under = Math.min(layer.width / 4, layer.tail * 0.55);
  const reach = layer.width + Math.max(0, layer.tail - under) * 2;
  const half = layer.height / 2;
  const swing = Math.abs(layer.bend) / 2;
  const low = layer.tail > 0 ? Math.max(half + swing, -layer.bend / 2 + half + layer.drop) : half + swing;
  return { x: -reach / 2, y: -half - swing, width: reach, height: low + half + swing };
}

function tailsBox(layer) {
  const angle = (Math.abs(layer.spread) * Math.PI) / 180;
  const half = Math.sin(angle) * layer.height + layer.width * 0.7;
  return { x: -half, y: 0, width: half * 2, height: Math.cos(angle) * layer.height + Math.sin(angle) * layer.width * 0.3 };
}

function rowBox(layer) {
  const run = (layer.count - 1) * (layer.size + layer.gap);
  const width = Math.max(layer.size, run + layer.size);
  const height = layer.size + Math.abs(layer.bend);
  return centred(width, height);
}

/** The box of a layer before its rotation, round its origin. */
export function boxOf(layer) {
  if (layer.kind === 'text') return textBox(scratch, layer);
  if (layer.kind === 'ribbon') return ribbonBox(layer);
  if (layer.kind === 'tails') return tailsBox(layer);
  if (layer.kind === 'row') return rowBox(layer);
  return centred(layer.width, layer.height);
}

/** The upright box of a layer on the badge, its rotation counted in. */
export function boundsOf(layer) {
  const box = boxOf(layer);
  const angle = (layer.rotation * Math.PI) / 180;
  const corners = [[box.x, box.y], [box.x + box.width, box.y], [box.x, box.y + box.height], [box.x + box.width, box.y + box.height]].map(([x, y]) => [
    layer.x + x * Math.cos(angle) - y * Math.sin(angle),
    layer.y + x * Math.sin(angle) + y * Math.cos(angle),
  ]);
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/** The upright box round several layers. */
export function boundsOfAll(layers) {
  const boxes = layers.map(boundsOf);
  const left = Math.min(...boxes.map((box) => box.x));
  const top = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

const tenth = (value) => Math.round(value * 10) / 10;
const within = (value, least, most) => Math.max(least, Math.min(most, tenth(value)));
const side = (value) => within(value, 4, 4096);

/** The layer stretched by `sx` and `sy`, every length it is made of included. */
export function stretched(layer, sx, sy) {
  const both = Math.sqrt(Math.abs(sx * sy));
  if (layer.kind === 'text') {
    return { ...layer, size: within(layer.size * both, 8, 600), radius: within(layer.radius * both, 20, 2048), width: tenth(Math.min(4096, layer.width * sx)) };
  }
  if (layer.kind === 'row') {
    return { ...layer, size: within(layer.size * both, 4, 1024), gap: within(layer.gap * both, -500, 2000), bend: within(layer.bend * both, -800, 800) };
  }
  const sized = { ...layer, width: side(layer.width * sx), height: side(layer.height * sy) };
  if (layer.kind === 'ribbon') {
    sized.bend = within(layer.bend * sy, -400, 400);
    sized.tail = within(layer.tail * sx, 0, 600);
    sized.drop = within(layer.drop * sy, -400, 400);
    sized.lettering = { ...layer.lettering, size: within(layer.lettering.size * sy, 8, 600) };
  }
  return sized;
}
