/** Where a dragged box snaps: the badge's middle and edges, and the edges and middles of the other layers. */

import { boundsOf } from './boxes.js';
import { UNITS } from '../draw/picture.js';

const REACH = 7;

const lines = (box) => ({ x: [box.x, box.x + box.width / 2, box.x + box.width], y: [box.y, box.y + box.height / 2, box.y + box.height] });

/** The lines that layers other than `moving` (ids) offer. */
export function targets(layers, moving) {
  const found = { x: [0, UNITS / 2, UNITS], y: [0, UNITS / 2, UNITS] };
  for (const layer of layers) {
    if (moving.has(layer.id) || layer.hidden) continue;
    const own = lines(boundsOf(layer));
    found.x.push(...own.x);
    found.y.push(...own.y);
  }
  return found;
}

/** How far to shift a box so that it snaps, and the lines it then touches. */
export function snap(box, to, scale) {
  const reach = REACH / scale;
  const own = lines(box);
  const result = { dx: 0, dy: 0, x: null, y: null };
  for (const axis of ['x', 'y']) {
    let best = reach;
    for (const target of to[axis]) {
      for (const line of own[axis]) {
        const off = target - line;
        if (Math.abs(off) < best) {
          best = Math.abs(off);
          result[`d${axis}`] = off;
          result[axis] = target;
        }
      }
    }
  }
  return result;
}
