/** The outlines of every shape: pure functions from size and parameters to a Path2D centred on 0,0. */

import { wreath, rays, gear, heart, drop, arch, pennant, crest, shield, ticket, plus, moon } from './outlines-figures.js';

const TURN = Math.PI * 2;

/** A polygon whose corners are rounded by up to `radius` pixels. */
export function polygon(points, radius = 0) {
  const path = new Path2D();
  const count = points.length;
  for (let index = 0; index < count; index += 1) {
    const before = points[(index + count - 1) % count];
    const here = points[index];
    const after = points[(index + 1) % count];
    if (radius <= 0) {
      path[index ? 'lineTo' : 'moveTo'](here[0], here[1]);
      continue;
    }
    const one = [before[0] - here[0], before[1] - here[1]];
    const two = [after[0] - here[0], after[1] - here[1]];
    const lengthOne = Math.hypot(...one) || 1;
    const lengthTwo = Math.hypot(...two) || 1;
    const cut = Math.min(radius, lengthOne / 2, lengthTwo / 2);
    path[index ? 'lineTo' : 'moveTo'](here[0] + (one[0] / lengthOne) * cut, here[1] + (one[1] / lengthOne) * cut);
    path.quadraticCurveTo(here[0], here[1], here[0] + (two[0] / lengthTwo) * cut, here[1] + (two[1] / lengthTwo) * cut);
  }
  path.closePath();
  return path;
}

const onEllipse = (angle, rx, ry) => [Math.sin(angle) * rx, -Math.cos(angle) * ry];

function regular(sides, flat) {
  return (width, height, { corner = 8 }) => {
    const start = flat ? TURN / sides / 2 : 0;
    const raw = Array.from({ length: sides }, (_, index) => onEllipse(start + (index / sides) * TURN, 1, 1));
    // Fill the box exactly: a hexagon is narrower than its circle.
    const reachX = Math.max(...raw.map(([x]) => Math.abs(x)));
    const top = Math.min(...raw.map(([, y]) => y));
    const bottom = Math.max(...raw.map(([, y]) => y));
    const points = raw.map(([x, y]) => [(x / reachX) * (width / 2), ((y - top) / (bottom - top) - 0.5) * height]);
    return polygon(points, (corner / 100) * Math.min(width, height));
  };
}

function pointed(width, height, points, depth, corner, turn = 0) {
  const corners = [];
  for (let index = 0; index < points * 2; index += 1) {
    const share = index % 2 ? 1 - depth / 100 : 1;
    corners.push(onEllipse(((index + turn) / (points * 2)) * TURN, (width / 2) * share, (height / 2) * share));
  }
  return polygon(corners, (corner / 100) * Math.min(width, height));
}

/** Petals: round bumps around an inner circle. `depth` is how far a bump stands out, in percent of the radius. */
function petals(width, height, count, depth) {
  const path = new Path2D();
  const inner = 1 - depth / 100;
  const half = TURN / count / 2;
  // The bump is an arc of a circle through two neighbouring notches whose top touches radius 1.
  const chord = inner * Math.sin(half);
  const foot = inner * Math.cos(half);
  const rise = Math.max(1 - foot, 0.0001);
  const radius = (chord * chord + rise * rise) / (2 * rise);
  const centre = 1 - radius;
  const sweep = Math.atan2(chord, foot - centre);
  const sx = width / 2;
  const sy = height / 2;
  for (let index = 0; index < count; index += 1) {
    const axis = (index / count) * TURN;
    for (let step = 0; step <= 16; step += 1) {
      const around = -sweep + (step / 16) * 2 * sweep;
      const across = Math.sin(around) * radius;
      const along = centre + Math.cos(around) * radius;
      const x = Math.sin(axis) * along + Math.cos(axis) * across;
      const y = -Math.cos(axis) * along + Math.sin(axis) * across;
      path[index || step ? 'lineTo' : 'moveTo'](x * sx, y * sy);
    }
  }
  path.closePath();
  return path;
}

function wave(width, height, { points = 18, depth = 8 }) {
  const path = new Path2D();
  const steps = points * 12;
  const swing = depth / 200;
  for (let index = 0; index < steps; index += 1) {
    const angle = (index / steps) * TURN;
    const reach = 1 - swing + swing * Math.cos(angle * points);
    const [x, y] = onEllipse(angle, (width / 2) * reach, (height / 2) * reach);
    path[index ? 'lineTo' : 'moveTo'](x, y);
  }
  path.closePath();
  return path;
}

function ellipse(width, height) {
  const path = new Path2D();
  path.ellipse(0, 0, width / 2, height / 2, 0, 0, TURN);
  return path;
}

function square(width, height, { corner = 12 }) {
  const path = new Path2D();
  path.roundRect(-width / 2, -height / 2, width, height, (corner / 100) * Math.min(width, height));
  return path;
}

function ring(width, height, { thickness = 24 }) {
  const path = ellipse(width, height);
  const share = 1 - thickness / 100;
  path.moveTo((width / 2) * share, 0);
  path.ellipse(0, 0, (width / 2) * share, (height / 2) * share, 0, 0, TURN, true);
  return path;
}

const NUMBER = (name, least, most, first) => ({ name, least, most, first });
const CORNER = (first) => NUMBER('corner', 0, 50, first);

/** Every shape: how it is drawn, and the numbers an instructor may change (name, least, most, first value). */
export const SHAPES = {
  circle: { draw: ellipse, numbers: [] },
  ring: { draw: ring, numbers: [NUMBER('thickness', 2, 95, 24)] },
  square: { draw: square, numbers: [CORNER(12)] },
  triangle: { draw: regular(3), numbers: [CORNER(8)] },
  diamond: { draw: regular(4), numbers: [CORNER(8)] },
  pentagon: { draw: regular(5), numbers: [CORNER(8)] },
  hexagon: { draw: regular(6), numbers: [CORNER(8)] },
  octagon: { draw: regular(8, true), numbers: [CORNER(6)] },
  shield: { draw: shield, numbers: [NUMBER('peak', 0, 20, 9), NUMBER('waist', 20, 80, 50)] },
  crest: { draw: crest, numbers: [NUMBER('notch', 0, 25, 10), NUMBER('waist', 20, 80, 52)] },
  scallop: {
    draw: (w, h, p) => petals(w, h, p.points ?? 16, p.depth ?? 10),
    numbers: [NUMBER('points', 5, 48, 16), NUMBER('depth', 2, 40, 10)],
  },
  flower: {
    draw: (w, h, p) => petals(w, h, p.points ?? 8, p.depth ?? 28),
    numbers: [NUMBER('points', 3, 16, 8), NUMBER('depth', 10, 60, 28)],
  },
  quatrefoil: { draw: (w, h, p) => petals(w, h, 4, p.depth ?? 38), numbers: [NUMBER('depth', 15, 60, 38)] },
  starburst: {
    draw: (w, h, p) => pointed(w, h, p.points ?? 24, p.depth ?? 9, p.corner ?? 1),
    numbers: [NUMBER('points', 8, 72, 24), NUMBER('depth', 2, 50, 9), CORNER(1)],
  },
  star: {
    draw: (w, h, p) => pointed(w, h, p.points ?? 5, p.depth ?? 52, p.corner ?? 3),
    numbers: [NUMBER('points', 3, 16, 5), NUMBER('depth', 5, 80, 52), CORNER(3)],
  },
  wave: { draw: wave, numbers: [NUMBER('points', 5, 48, 18), NUMBER('depth', 2, 40, 8)] },
  gear: { draw: gear, numbers: [NUMBER('points', 6, 36, 14), NUMBER('depth', 4, 40, 14)] },
  rays: { draw: rays, numbers: [NUMBER('points', 6, 48, 20), NUMBER('share', 10, 90, 50)] },
  wreath: { draw: wreath, numbers: [NUMBER('points', 5, 18, 11), NUMBER('opening', 5, 60, 22), NUMBER('leaf', 40, 160, 100)] },
  heart: { draw: heart, numbers: [] },
  drop: { draw: drop, numbers: [] },
  arch: { draw: arch, numbers: [CORNER(4)] },
  pennant: { draw: pennant, numbers: [NUMBER('notch', 0, 45, 18), CORNER(3)] },
  ticket: { draw: ticket, numbers: [NUMBER('notch', 4, 40, 14)] },
  plus: { draw: plus, numbers: [NUMBER('thickness', 15, 80, 38), CORNER(6)] },
  moon: { draw: moon, numbers: [NUMBER('thickness', 15, 80, 45)] },
};

/** The outline of a shape layer, centred on 0,0; an unknown shape is a circle. */
export function outline(shape, width, height, parameters = {}) {
  const known = SHAPES[shape] || SHAPES.circle;
  return known.draw(width, height, parameters);
}
