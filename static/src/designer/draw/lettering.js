/** Lettering: words placed letter by letter on a line, on a circle or along a bent ribbon. */

const JOINED = /[\u0600-\u06ff\u0700-\u074f\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]/;
const graphemes = typeof Intl !== 'undefined' && Intl.Segmenter ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : null;

/** What is set as one piece: a letter with its marks, or a whole word where letters join (Arabic, Devanagari, Thai). */
export function pieces(text) {
  if (JOINED.test(text)) return text.split(/(\s+)/).filter(Boolean);
  return graphemes ? Array.from(graphemes.segment(text), (part) => part.segment) : Array.from(text);
}

export const shown = (style) => (style.caps ? style.text.toLocaleUpperCase() : style.text);

const family = (style) => `"${style.font}", "Liberation Sans", Arial, sans-serif`;
export const fontOf = (style, size) => `${style.weight || 400} ${size}px ${family(style)}`;

/** Where each piece stands on a line of its own: `{text, at, width}` with `at` its middle, and the whole width. */
function measure(context, text, style, size) {
  context.font = fontOf(style, size);
  const tracking = ((style.tracking || 0) / 100) * size;
  const letters = [];
  let before = '';
  let edge = 0;
  pieces(text).forEach((piece, index) => {
    const whole = context.measureText(before + piece).width;
    const width = context.measureText(piece).width;
    const end = whole + index * tracking;
    letters.push({ text: piece, at: end - width / 2, width });
    before += piece;
    edge = end;
  });
  return { letters, width: edge };
}

const CAP_HEIGHT = 0.36;

function fitted(context, text, style, room) {
  const measured = measure(context, text, style, style.size);
  if (!room || measured.width <= room) return { ...measured, size: style.size };
  const size = Math.max(8, style.size * (room / measured.width));
  return { ...measure(context, text, style, size), size };
}

/**
 * The letters of a text on a circle: angle 0 is the top (or the bottom for `below`), in drawing order.
 * The middle of the capitals runs on the circle, so that words above and below mirror each other.
 */
function onCircle(context, style) {
  const text = shown(style).replace(/\n/g, ' ');
  const radius = Math.max(20, style.radius);
  const below = style.path === 'below';
  const room = ((style.span || 300) * Math.PI) / 180 * radius;
  const { letters, width, size } = fitted(context, text, style, room);
  return {
    size,
    sweep: width / radius,
    letters: letters.map((letter) => {
      const angle = (letter.at - width / 2) / radius;
      const y = below ? Math.cos(angle) * radius : -Math.cos(angle) * radius;
      return { text: letter.text, x: Math.sin(angle) * radius, y, turn: below ? -angle : angle };
    }),
  };
}

function onLines(context, style) {
  const lines = shown(style).split('\n').slice(0, 12);
  const widest = Math.max(...lines.map((line) => measure(context, line, style, style.size).width), 1);
  const size = style.width && widest > style.width ? Math.max(8, style.size * (style.width / widest)) : style.size;
  const leading = size * (style.leading || 1.15);
  const letters = [];
  let width = 0;
  lines.forEach((line, row) => {
    const measured = measure(context, line, style, size);
    width = Math.max(width, measured.width);
    const y = (row - (lines.length - 1) / 2) * leading;
    for (const letter of measured.letters) {
      letters.push({ text: letter.text, x: letter.at - measured.width / 2, y, turn: 0 });
    }
  });
  return { letters, size, width, height: leading * lines.length };
}

/** Letters along a ribbon of `width` whose middle stands `bend` lower than its ends. */
export function onRibbon(context, style, width, bend) {
  const { letters, width: run, size } = fitted(context, shown(style).replace(/\n/g, ' '), style, width * 0.86);
  return {
    size,
    letters: letters.map((letter) => {
      const x = letter.at - run / 2;
      const slope = (-8 * bend * x) / (width * width);
      return { text: letter.text, x, y: ribbonY(x, width, bend), turn: Math.atan(slope) };
    }),
  };
}

/** The height of a bent ribbon's middle line at `x`. */
export const ribbonY = (x, width, bend) => bend / 2 - bend * (2 * x / width) ** 2;

/** The letters of a text layer round its own origin. */
export function place(context, style) {
  return style.path === 'straight' ? onLines(context, style) : onCircle(context, style);
}

/** Draw placed letters with the current fill; `outline` is `{width}` with the stroke style already set. */
export function drawLetters(context, style, placed, outline) {
  context.font = fontOf(style, placed.size);
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.lineJoin = 'round';
  const drop = placed.size * CAP_HEIGHT;
  for (const letter of placed.letters) {
    context.save();
    context.translate(letter.x, letter.y);
    context.rotate(letter.turn);
    if (outline) context.strokeText(letter.text, 0, drop);
    context.fillText(letter.text, 0, drop);
    context.restore();
  }
}

/** The box a text layer covers round its own origin: `{x, y, width, height}`. */
export function textBox(context, style) {
  const placed = place(context, style);
  const half = placed.size * 0.55;
  if (style.path === 'straight') {
    const width = Math.max(placed.width, placed.size * 0.5);
    return { x: -width / 2, y: -placed.height / 2, width, height: placed.height };
  }
  const xs = placed.letters.map((letter) => letter.x);
  const ys = placed.letters.map((letter) => letter.y);
  if (!xs.length) return { x: -half, y: -style.radius - half, width: half * 2, height: half * 2 };
  const left = Math.min(...xs) - half;
  const top = Math.min(...ys) - half;
  return { x: left, y: top, width: Math.max(...xs) + half - left, height: Math.max(...ys) + half - top };
}
