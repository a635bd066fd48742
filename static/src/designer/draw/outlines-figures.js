/** Figures that are not regular: shields, gears, wreaths, hearts and their like, each centred on 0,0. */

const TURN = Math.PI * 2;

export function shield(width, height, { peak = 9, waist = 50 }) {
  const path = new Path2D();
  const x = width / 2;
  const top = -height / 2;
  const shoulder = top + (peak / 100) * height;
  const side = top + (waist / 100) * height;
  path.moveTo(0, top);
  path.bezierCurveTo(-x * 0.28, top + (shoulder - top) * 0.75, -x * 0.62, shoulder, -x, shoulder);
  path.lineTo(-x, side);
  path.bezierCurveTo(-x, side + (height / 2 - side) * 0.55, -x * 0.42, height / 2 - height * 0.085, 0, height / 2);
  path.bezierCurveTo(x * 0.42, height / 2 - height * 0.085, x, side + (height / 2 - side) * 0.55, x, side);
  path.lineTo(x, shoulder);
  path.bezierCurveTo(x * 0.62, shoulder, x * 0.28, top + (shoulder - top) * 0.75, 0, top);
  path.closePath();
  return path;
}

export function crest(width, height, { notch = 10, waist = 52 }) {
  const path = new Path2D();
  const x = width / 2;
  const top = -height / 2;
  const dip = top + (notch / 100) * height;
  const side = top + (waist / 100) * height;
  path.moveTo(0, dip * 0.4 + top * 0.6);
  path.quadraticCurveTo(-x * 0.4, dip, -x * 0.66, top);
  path.quadraticCurveTo(-x * 0.78, dip, -x, dip * 0.75 + top * 0.25);
  path.bezierCurveTo(-x * 0.9, top + (side - top) * 0.55, -x, side * 0.9 + top * 0.1, -x * 0.97, side);
  path.bezierCurveTo(-x * 0.92, side + (height / 2 - side) * 0.62, -x * 0.36, height / 2 - height * 0.09, 0, height / 2);
  path.bezierCurveTo(x * 0.36, height / 2 - height * 0.09, x * 0.92, side + (height / 2 - side) * 0.62, x * 0.97, side);
  path.bezierCurveTo(x, side * 0.9 + top * 0.1, x * 0.9, top + (side - top) * 0.55, x, dip * 0.75 + top * 0.25);
  path.quadraticCurveTo(x * 0.78, dip, x * 0.66, top);
  path.quadraticCurveTo(x * 0.4, dip, 0, dip * 0.4 + top * 0.6);
  path.closePath();
  return path;
}

export function gear(width, height, { points = 14, depth = 14 }) {
  const path = new Path2D();
  const inner = 1 - depth / 100;
  const slice = TURN / points;
  const edges = [
    [-0.3, inner],
    [-0.2, 1],
    [0.2, 1],
    [0.3, inner],
  ];
  for (let index = 0; index < points; index += 1) {
    for (const [turn, reach] of edges) {
      const angle = (index + turn) * slice;
      const at = [Math.sin(angle) * reach * (width / 2), -Math.cos(angle) * reach * (height / 2)];
      path[index || turn !== -0.3 ? 'lineTo' : 'moveTo'](...at);
    }
  }
  path.closePath();
  return path;
}

export function rays(width, height, { points = 20, share = 50 }) {
  const path = new Path2D();
  const slice = TURN / points;
  for (let index = 0; index < points; index += 1) {
    const from = (index - share / 200) * slice - TURN / 4;
    path.moveTo(0, 0);
    path.ellipse(0, 0, width / 2, height / 2, 0, from, from + slice * (share / 100));
    path.closePath();
  }
  return path;
}

/** A pointed leaf from its foot, along `angle` (0 is up), bent a little to one side. */
function leaf(path, x, y, angle, length, breadth) {
  const ux = Math.sin(angle);
  const uy = -Math.cos(angle);
  const point = (along, across) => [x + ux * along * length + -uy * across * breadth, y + uy * along * length + ux * across * breadth];
  path.moveTo(...point(0, 0));
  path.bezierCurveTo(...point(0.25, 0.75), ...point(0.7, 0.6), ...point(1, 0));
  path.bezierCurveTo(...point(0.75, -0.55), ...point(0.28, -0.6), ...point(0, 0));
  path.closePath();
}

/** Two laurel branches. `opening` is the gap at the top in degrees either side. */
export function wreath(width, height, { points = 11, opening = 22, leaf: size = 100 }) {
  const path = new Path2D();
  const rx = width / 2;
  const ry = height / 2;
  const first = 9;
  const last = 180 - opening;
  const scale = (size / 100) * Math.min(rx, ry);
  for (const side of [-1, 1]) {
    for (let index = 0; index < points; index += 1) {
      const share = index / (points - 1);
      const degrees = 180 - first - share * (last - first);
      const angle = (degrees * Math.PI) / 180;
      const x = side * Math.sin(angle) * rx * 0.87;
      const y = -Math.cos(angle) * ry * 0.87;
      const length = scale * (0.27 - share * 0.07);
      const along = side * (angle - Math.PI / 2);
      leaf(path, x, y, along + side * 0.62, length, length * 0.36 * side);
      leaf(path, x, y, along - side * 0.5, length * 0.92, length * 0.34 * side);
    }
    const tip = ((180 - last) * Math.PI) / 180;
    leaf(path, side * Math.sin(tip) * rx * 0.87, -Math.cos(tip) * ry * 0.87, side * (tip - Math.PI / 2), scale * 0.2, scale * 0.065 * side);
    stem(path, side, rx * 0.87, ry * 0.87, first, last, scale * 0.012);
  }
  return path;
}

function stem(path, side, rx, ry, first, last, half) {
  const at = (degrees, off) => {
    const angle = ((180 - degrees) * Math.PI) / 180;
    return [side * Math.sin(angle) * (rx + off), -Math.cos(angle) * (ry + off)];
  };
  const steps = 40;
  for (let index = 0; index <= steps; index += 1) path[index ? 'lineTo' : 'moveTo'](...at(first - 14 + (index / steps) * (last - first + 14), half * side));
  for (let index = steps; index >= 0; index -= 1) path.lineTo(...at(first - 14 + (index / steps) * (last - first + 14), -half * side));
  path.closePath();
}

export function heart(width, height) {
  const path = new Path2D();
  const x = width / 2;
  const y = height / 2;
  path.moveTo(0, y);
  path.bezierCurveTo(-x * 0.55, y * 0.5, -x, y * 0.12, -x, -y * 0.36);
  path.bezierCurveTo(-x, -y * 0.86, -x * 0.66, -y, -x * 0.5, -y);
  path.bezierCurveTo(-x * 0.24, -y, -x * 0.06, -y * 0.84, 0, -y * 0.62);
  path.bezierCurveTo(x * 0.06, -y * 0.84, x * 0.24, -y, x * 0.5, -y);
  path.bezierCurveTo(x * 0.66, -y, x, -y * 0.86, x, -y * 0.36);
  path.bezierCurveTo(x, y * 0.12, x * 0.55, y * 0.5, 0, y);
  path.closePath();
  return path;
}

export function drop(width, height) {
  const path = new Path2D();
  const x = width / 2;
  const y = height / 2;
  path.moveTo(0, -y);
  path.bezierCurveTo(x * 0.2, -y * 0.55, x, -y * 0.1, x, y * 0.35);
  path.bezierCurveTo(x, y * 0.75, x * 0.55, y, 0, y);
  path.bezierCurveTo(-x * 0.55, y, -x, y * 0.75, -x, y * 0.35);
  path.bezierCurveTo(-x, -y * 0.1, -x * 0.2, -y * 0.55, 0, -y);
  path.closePath();
  return path;
}

export function arch(width, height, { corner = 4 }) {
  const path = new Path2D();
  const x = width / 2;
  const y = height / 2;
  const radius = (corner / 100) * Math.min(width, height);
  const rise = Math.min(x, height * 0.7);
  path.moveTo(-x, -y + rise);
  path.ellipse(0, -y + rise, x, rise, 0, Math.PI, TURN);
  path.lineTo(x, y - radius);
  path.quadraticCurveTo(x, y, x - radius, y);
  path.lineTo(-x + radius, y);
  path.quadraticCurveTo(-x, y, -x, y - radius);
  path.closePath();
  return path;
}

export function pennant(width, height, { notch = 18, corner = 3 }) {
  const path = new Path2D();
  const x = width / 2;
  const y = height / 2;
  const radius = (corner / 100) * Math.min(width, height);
  path.moveTo(-x + radius, -y);
  path.lineTo(x - radius, -y);
  path.quadraticCurveTo(x, -y, x, -y + radius);
  path.lineTo(x, y);
  path.lineTo(0, y - (notch / 100) * height);
  path.lineTo(-x, y);
  path.lineTo(-x, -y + radius);
  path.quadraticCurveTo(-x, -y, -x + radius, -y);
  path.closePath();
  return path;
}

export function ticket(width, height, { notch = 14 }) {
  const path = new Path2D();
  const x = width / 2;
  const y = height / 2;
  const radius = (notch / 100) * Math.min(width, height);
  path.moveTo(-x + radius, -y);
  path.lineTo(x - radius, -y);
  path.arc(x, -y, radius, Math.PI, Math.PI / 2, true);
  path.lineTo(x, y - radius);
  path.arc(x, y, radius, -Math.PI / 2, Math.PI, true);
  path.lineTo(-x + radius, y);
  path.arc(-x, y, radius, 0, -Math.PI / 2, true);
  path.lineTo(-x, -y + radius);
  path.arc(-x, -y, radius, Math.PI / 2, 0, true);
  path.closePath();
  return path;
}

export function plus(width, height, { thickness = 38, corner = 6 }) {
  const path = new Path2D();
  const x = width / 2;
  const y = height / 2;
  const armX = (thickness / 100) * x;
  const armY = (thickness / 100) * y;
  const radius = Math.min((corner / 100) * Math.min(width, height), armX, armY, (x - armX) / 2, (y - armY) / 2);
  const corners = [[-armX, -y], [armX, -y], [armX, -armY], [x, -armY], [x, armY], [armX, armY], [armX, y], [-armX, y], [-armX, armY], [-x, armY], [-x, -armY], [-armX, -armY]];
  path.moveTo(0, -y);
  corners.slice(1).concat(corners.slice(0, 1)).forEach((here, index, all) => {
    const after = all[(index + 1) % all.length];
    path.arcTo(here[0], here[1], after[0], after[1], radius);
  });
  path.closePath();
  return path;
}

export function moon(width, height, { thickness = 45 }) {
  const path = new Path2D();
  const x = width / 2;
  const y = height / 2;
  const bite = 1 - (thickness / 100) * 2;
  path.moveTo(0, -y);
  path.ellipse(0, 0, x, y, 0, -Math.PI / 2, Math.PI / 2, true);
  path.bezierCurveTo(-x * 1.33 * bite, y * 0.98, -x * 1.33 * bite, -y * 0.98, 0, -y);
  path.closePath();
  return path;
}
