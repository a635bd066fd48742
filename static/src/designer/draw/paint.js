/** Painting one layer of a document on a 2D context whose origin is the layer's own. */

import { resolve } from './colours.js';
import { outline } from './outlines.js';
import { drawLetters, onRibbon, place } from './lettering.js';
import { bannerEnd, edgeLine, hangingTails, strip } from './ribbons.js';

/** A fill or stroke style for a box centred on 0,0. */
export function style(context, paint, slots, width, height) {
  if (!paint) return null;
  if (typeof paint === 'string') return resolve(paint, slots);
  let gradient;
  if (paint.kind === 'radial') {
    gradient = context.createRadialGradient(0, 0, 0, 0, 0, Math.max(width, height) / 2);
  } else {
    const angle = ((paint.angle ?? 90) * Math.PI) / 180;
    const reach = (Math.abs(Math.cos(angle)) * width + Math.abs(Math.sin(angle)) * height) / 2;
    const x = Math.cos(angle) * reach;
    const y = Math.sin(angle) * reach;
    gradient = context.createLinearGradient(-x, -y, x, y);
  }
  for (const [at, colour] of paint.stops) gradient.addColorStop(at, resolve(colour, slots));
  return gradient;
}

const DASHES = { dots: (width) => [0, width * 2.6], dashes: (width) => [width * 4, width * 3], long: (width) => [width * 9, width * 4] };

function stroke(context, path, line, slots, width, height) {
  if (!line || !line.paint || !line.width) return;
  context.save();
  context.strokeStyle = style(context, line.paint, slots, width, height);
  context.lineWidth = line.width;
  context.lineJoin = 'round';
  const dash = DASHES[line.dash];
  if (dash) {
    context.lineCap = line.dash === 'dots' ? 'round' : 'butt';
    context.setLineDash(dash(line.width));
  }
  context.stroke(path);
  context.restore();
}

/** A shadow of the document's units; canvas shadows ignore the transform, so the scale is put in by hand. */
function castShadow(context, shadow, scale) {
  if (!shadow) return;
  context.shadowColor = `rgba(0, 0, 0, ${(shadow.strength ?? 30) / 100})`;
  context.shadowBlur = shadow.blur * scale;
  context.shadowOffsetY = (shadow.y ?? 0) * scale;
}

const noShadow = (context) => {
  context.shadowColor = 'transparent';
  context.shadowBlur = 0;
  context.shadowOffsetY = 0;
};

/** Light from above along the inner edge. */
function bevel(context, path, layer) {
  if (!layer.bevel) return;
  const { width, height } = layer;
  context.save();
  context.clip(path, 'evenodd');
  const light = context.createLinearGradient(0, -height / 2, 0, height / 2);
  light.addColorStop(0, 'rgba(255, 255, 255, 0.75)');
  light.addColorStop(0.45, 'rgba(255, 255, 255, 0.12)');
  light.addColorStop(0.6, 'rgba(0, 0, 0, 0.06)');
  light.addColorStop(1, 'rgba(0, 0, 0, 0.34)');
  context.strokeStyle = light;
  context.lineWidth = layer.bevel * 2;
  context.lineJoin = 'round';
  context.stroke(path);
  context.restore();
}

function paintShape(context, layer, kit) {
  const { width, height } = layer;
  const path = outline(layer.shape, width, height, layer.numbers);
  context.save();
  castShadow(context, layer.shadow, kit.scale);
  if (layer.fill) {
    context.fillStyle = style(context, layer.fill, kit.slots, width, height);
    context.fill(path);
    noShadow(context);
  }
  bevel(context, path, layer);
  stroke(context, path, layer.border, kit.slots, width, height);
  noShadow(context);
  if (layer.stitch) {
    const inset = layer.stitch.inset * 2;
    const inner = outline(layer.shape, Math.max(8, width - inset), Math.max(8, height - inset), layer.numbers);
    stroke(context, inner, layer.stitch, kit.slots, width, height);
  }
  context.restore();
}

function paintRow(context, layer, kit) {
  const { count, size, gap, bend } = layer;
  const run = (count - 1) * (size + gap);
  const path = outline(layer.shape, size, size, layer.numbers);
  context.save();
  for (let index = 0; index < count; index += 1) {
    const x = index * (size + gap) - run / 2;
    const share = run ? (2 * x) / run : 0;
    context.save();
    context.translate(x, bend / 2 - bend * share * share);
    context.rotate(run ? Math.atan((-4 * bend * share) / run) : 0);
    castShadow(context, layer.shadow, kit.scale);
    context.fillStyle = style(context, layer.fill, kit.slots, size, size);
    context.fill(path);
    noShadow(context);
    stroke(context, path, layer.border, kit.slots, size, size);
    context.restore();
  }
  context.restore();
}

function paintRibbon(context, layer, kit) {
  const { width, height, bend } = layer;
  context.save();
  if (layer.tail > 0) {
    for (const side of [-1, 1]) {
      const { end, fold } = bannerEnd(side, width, height, bend, layer.tail, layer.drop);
      castShadow(context, layer.shadow, kit.scale);
      context.fillStyle = style(context, layer.tailFill || layer.fill, kit.slots, width, height);
      context.fill(end);
      noShadow(context);
      stroke(context, end, layer.border, kit.slots, width, height);
      context.fillStyle = style(context, layer.foldFill || '#333333', kit.slots, width, height);
      context.fill(fold);
    }
  }
  const path = strip(width, height, bend);
  castShadow(context, layer.shadow, kit.scale);
  context.fillStyle = style(context, layer.fill, kit.slots, width, height + bend);
  context.fill(path);
  noShadow(context);
  stroke(context, path, layer.border, kit.slots, width, height);
  if (layer.edge) {
    for (const way of [-1, 1]) {
      stroke(context, edgeLine(width, bend, way * (height / 2 - layer.edge.inset)), layer.edge, kit.slots, width, height);
    }
  }
  context.restore();
  if (!kit.withoutText) letter(context, layer.lettering, onRibbon(context, layer.lettering, width, bend), kit, width, height);
}

function letter(context, lettering, placed, kit, width, height) {
  context.save();
  context.fillStyle = style(context, lettering.fill, kit.slots, width, height);
  const edge = lettering.outline;
  if (edge && edge.width) {
    context.strokeStyle = style(context, edge.paint, kit.slots, width, height);
    context.lineWidth = edge.width * 2;
  }
  castShadow(context, lettering.shadow, kit.scale);
  drawLetters(context, lettering, placed, edge && edge.width ? edge : null);
  context.restore();
}

function paintTails(context, layer, kit) {
  context.save();
  castShadow(context, layer.shadow, kit.scale);
  for (const { tail, stripes } of hangingTails(layer.width, layer.height, layer.spread, layer.notch)) {
    context.fillStyle = style(context, layer.fill, kit.slots, layer.width * 2, layer.height * 2);
    context.fill(tail);
    if (layer.stripe) {
      context.save();
      noShadow(context);
      context.clip(tail);
      context.fillStyle = style(context, layer.stripe, kit.slots, layer.width, layer.height);
      for (const stripe of stripes) context.fill(stripe);
      context.restore();
    }
  }
  context.restore();
}

function paintText(context, layer, kit) {
  if (kit.withoutText) return;
  const placed = place(context, layer);
  const reach = layer.path === 'straight' ? placed.size * 1.4 : layer.radius * 2;
  letter(context, layer, placed, kit, reach, reach);
}

function paintIcon(context, layer, kit) {
  const icon = kit.icons.get(layer.icon);
  if (!icon) return;
  context.save();
  castShadow(context, layer.shadow, kit.scale);
  context.scale(layer.width / 256, layer.height / 256);
  // The gradient of an icon runs over its own square.
  context.save();
  context.translate(-128, -128);
  context.globalAlpha *= (layer.toneStrength ?? 25) / 100;
  context.translate(128, 128);
  context.fillStyle = style(context, layer.tone || layer.fill, kit.slots, 256, 256);
  context.translate(-128, -128);
  context.fill(icon.tone);
  context.restore();
  context.fillStyle = style(context, layer.fill, kit.slots, 256, 256);
  context.translate(-128, -128);
  context.fill(icon.line);
  context.restore();
}

function paintImage(context, layer, kit) {
  const picture = kit.images.get(layer.image);
  if (!picture) return;
  const { width, height } = layer;
  context.save();
  const mask = layer.mask ? outline(layer.mask, width, height, layer.numbers) : null;
  if (layer.shadow && mask) {
    castShadow(context, layer.shadow, kit.scale);
    context.fillStyle = '#ffffff';
    context.fill(mask);
    noShadow(context);
  } else castShadow(context, layer.shadow, kit.scale);
  context.save();
  if (mask) context.clip(mask);
  // Cover the box as a photograph in a frame does, never stretched.
  const share = (mask ? Math.max : Math.min)(width / picture.width, height / picture.height);
  const drawn = [picture.width * share, picture.height * share];
  context.drawImage(picture, -drawn[0] / 2, -drawn[1] / 2, drawn[0], drawn[1]);
  context.restore();
  noShadow(context);
  if (mask) stroke(context, mask, layer.border, kit.slots, width, height);
  context.restore();
}

const PAINTERS = { shape: paintShape, row: paintRow, ribbon: paintRibbon, tails: paintTails, text: paintText, icon: paintIcon, image: paintImage };

/**
 * Paint a layer round the context's origin; position, rotation and opacity are the caller's.
 * `kit` is `{slots, icons, images, scale, withoutText}`: colours, loaded resources, device pixels per unit.
 */
export function paintLayer(context, layer, kit) {
  const painter = PAINTERS[layer.kind];
  if (painter) painter(context, layer, kit);
}
