/** Colours: reading `#rrggbb` and `@slot±n`, mixing in OKLab (hues stay clean), contrast as WCAG counts it. */

const HEX = /^#[0-9a-f]{6}$/i;
const SLOT = /^@([a-z]+)([+-]\d{1,2})?$/;

const channel = (hex, at) => parseInt(hex.slice(at, at + 2), 16);

export const toRgb = (hex) => [channel(hex, 1), channel(hex, 3), channel(hex, 5)];

export const toHex = (rgb) =>
  '#' + rgb.map((value) => Math.max(0, Math.min(255, Math.round(value))).toString(16).padStart(2, '0')).join('');

export const isHex = (text) => HEX.test(text);

const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const encoded = (value) => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);

function toOklab(hex) {
  const [r, g, b] = toRgb(hex).map((value) => linear(value / 255));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return toHex(
    [
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
    ].map((value) => encoded(Math.max(0, value)) * 255),
  );
}

/** The colour `share` (0 to 1) of the way from one colour to another. */
export function mix(from, to, share) {
  const a = toOklab(from);
  const b = toOklab(to);
  return fromOklab(a.map((value, index) => value + (b[index] - value) * share));
}

export const lighter = (hex, share) => mix(hex, '#ffffff', share);

/** Darker by lowering lightness and a little chroma: mixing with black alone goes muddy. */
export function darker(hex, share) {
  const [lightness, a, b] = toOklab(hex);
  const chroma = 1 - share * 0.45;
  return fromOklab([lightness * (1 - share), a * chroma, b * chroma]);
}

/** A colour of the document as `#rrggbb`: `@frame`, `@frame+20` (lighter), `@frame-20` (darker) follow the slot. */
export function resolve(colour, slots) {
  const match = SLOT.exec(colour);
  if (!match) return colour;
  const base = slots[match[1]] || '#888888';
  const step = Number(match[2] || 0) / 100;
  if (step === 0) return base;
  return step > 0 ? lighter(base, step) : darker(base, -step);
}

export function luminance([r, g, b]) {
  return 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
}

/** WCAG 2.2 contrast ratio of two luminances. */
export function ratio(one, other) {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

export const contrast = (one, other) => ratio(luminance(toRgb(one)), luminance(toRgb(other)));

/** A colour from hue (degrees), chroma and lightness in OKLCH, pulled into sRGB by lowering chroma. */
export function fromOklch(lightness, chroma, hue) {
  const angle = (hue * Math.PI) / 180;
  return fromOklab([lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)]);
}
