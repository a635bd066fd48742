/** Ribbons: the banner across a badge with its folded ends, and the tails that hang below it. */

import { ribbonY } from './lettering.js';

/** The strip of a banner: both edges follow the bend. */
export function strip(width, height, bend, inset = 0) {
  const path = new Path2D();
  const half = width / 2;
  const steps = 24;
  const edge = (index) => -half + (index / steps) * width;
  for (let index = 0; index <= steps; index += 1) {
    const x = edge(index);
    path[index ? 'lineTo' : 'moveTo'](x, ribbonY(x, width, bend) - height / 2 + inset);
  }
  for (let index = steps; index >= 0; index -= 1) {
    const x = edge(index);
    path.lineTo(x, ribbonY(x, width, bend) + height / 2 - inset);
  }
  path.closePath();
  return path;
}

/** One long edge of the banner, `off` pixels from its middle line. */
export function edgeLine(width, bend, off) {
  const path = new Path2D();
  for (let index = 0; index <= 24; index += 1) {
    const x = -width / 2 + (index / 24) * width;
    path[index ? 'lineTo' : 'moveTo'](x, ribbonY(x, width, bend) + off);
  }
  return path;
}

/** The end that comes out behind the strip, on `side` -1 or 1: `{tail, fold}`. */
export function bannerEnd(side, width, height, bend, tail, drop) {
  const half = width / 2;
  const under = Math.min(half * 0.5, tail * 0.55);
  const top = ribbonY(half, width, bend) - height / 2 + drop;
  const bottom = top + height;
  const out = half + tail - under;
  const dip = Math.min(tail * 0.4, height * 0.42);
  const rise = bend * 0.12;
  const end = new Path2D();
  end.moveTo(side * (half - under), top);
  end.lineTo(side * out, top - rise);
  end.lineTo(side * (out - dip), (top + bottom) / 2 - rise);
  end.lineTo(side * out, bottom - rise);
  end.lineTo(side * (half - under), bottom);
  end.closePath();
  const fold = new Path2D();
  const stripBottom = ribbonY(half, width, bend) + height / 2;
  const inner = ribbonY(half - under, width, bend) + height / 2;
  fold.moveTo(side * half, stripBottom);
  fold.lineTo(side * (half - under), bottom);
  fold.lineTo(side * (half - under), Math.min(inner, bottom));
  fold.closePath();
  return { end, fold };
}

/** Two tails hanging from the origin, each `{tail, stripes}`; `spread` in degrees from straight down. */
export function hangingTails(width, height, spread, notch) {
  return [-1, 1].map((side) => {
    const angle = (side * spread * Math.PI) / 180;
    const at = (across, down) => {
      const x = across + (side * width) / 5;
      return [x * Math.cos(angle) + down * Math.sin(angle), -x * Math.sin(angle) + down * Math.cos(angle)];
    };
    const half = width / 2;
    const cut = (notch / 100) * width;
    const tail = new Path2D();
    tail.moveTo(...at(-half, 0));
    tail.lineTo(...at(half, 0));
    tail.lineTo(...at(half, height));
    tail.lineTo(...at(0, height - cut));
    tail.lineTo(...at(-half, height));
    tail.closePath();
    const stripes = [-0.3, 0.3].map((share) => {
      const stripe = new Path2D();
      const thin = width * 0.035;
      const x = share * width;
      const low = height - cut * (1 - Math.abs(share) * 2);
      stripe.moveTo(...at(x - thin, 0));
      stripe.lineTo(...at(x + thin, 0));
      stripe.lineTo(...at(x + thin, low));
      stripe.lineTo(...at(x - thin, low));
      stripe.closePath();
      return stripe;
    });
    return { tail, stripes };
  });
}
