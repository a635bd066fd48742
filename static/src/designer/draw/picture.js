/** The whole document as a picture: the same painting as on the stage, at any size, with nothing round it. */

import { paintLayer } from './paint.js';

export const UNITS = 1024;

/** Draw every visible layer; `options.skip(layer)` leaves layers out, `options.withoutText` takes one layer's words away. */
export function drawDocument(context, design, resources, size, options = {}) {
  const scale = size / UNITS;
  context.save();
  context.scale(scale, scale);
  for (const layer of design.layers) {
    if (layer.hidden || (options.skip && options.skip(layer))) continue;
    context.save();
    context.translate(layer.x, layer.y);
    context.rotate(((layer.rotation || 0) * Math.PI) / 180);
    context.globalAlpha = (layer.opacity ?? 100) / 100;
    paintLayer(context, layer, {
      slots: design.colours,
      icons: resources.icons,
      images: resources.images,
      scale,
      withoutText: options.withoutText === layer.id,
    });
    context.restore();
  }
  context.restore();
}

/** A canvas of `size` by `size` pixels with the document drawn on transparent ground. */
export function pictureOf(design, resources, size = UNITS, options = {}) {
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  drawDocument(canvas.getContext('2d', options.read ? { willReadFrequently: true } : undefined), design, resources, size, options);
  return canvas;
}

/** The document as PNG: a Blob. */
export function pngOf(design, resources, size = UNITS) {
  const canvas = pictureOf(design, resources, size);
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('The browser could not write the picture.'))), 'image/png');
  });
}
