/** What a drawing needs before it can be drawn: fonts, icons and pictures, loaded once and only when used. */

import { shown } from './lettering.js';

const decoded = (source) =>
  new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => failed(new Error('picture'));
    image.src = source;
  });

/** `U+0000-00FF,U+0131` as pairs of numbers. */
function ranges(text) {
  return text.split(',').map((part) => {
    const [from, to] = part.trim().slice(2).split('-');
    const low = parseInt(from.replace(/\?/g, '0'), 16);
    return [low, parseInt((to || from).replace(/\?/g, 'F'), 16)];
  });
}

export class Resources {
  /** `urls` is `{icons, fonts}`: the addresses of the two lists. */
  constructor(urls) {
    this.urls = urls;
    this.icons = new Map();
    this.images = new Map();
    this.faces = [];
    this.waiting = new Map();
  }

  async json(name) {
    if (!this.waiting.has(name)) {
      const asked = fetch(this.urls[name]).then((answer) => {
        if (!answer.ok) throw new Error(name);
        return answer.json();
      });
      asked.catch(() => this.waiting.delete(name));
      this.waiting.set(name, asked);
    }
    return this.waiting.get(name);
  }

  /** The icons as `[name, tags]`, in the list's own order. */
  async iconList() {
    const list = await this.json('icons');
    for (const [name, [, tone, line]] of Object.entries(list)) {
      if (!this.icons.has(name)) this.icons.set(name, { tone: new Path2D(tone), line: new Path2D(line), paths: [tone, line] });
    }
    return Object.entries(list).map(([name, [tags]]) => [name, tags]);
  }

  /** Tell the browser which fonts there are; it fetches a file only when a letter of it is asked for. */
  async fontFaces() {
    if (this.faces.length) return;
    const list = await this.json('fonts');
    if (this.faces.length) return;
    const base = new URL(this.urls.fonts, document.baseURI);
    for (const { family, weight, range, url } of list) {
      const face = new FontFace(family, `url("${new URL(url, base).href}")`, { weight: String(weight), unicodeRange: range });
      document.fonts.add(face);
      this.faces.push({ family, weight, ranges: ranges(range) });
    }
  }

  /** The weights a family has, lightest first. */
  weights(family) {
    const found = new Set(this.faces.filter((face) => face.family === family).map((face) => face.weight));
    return [...found].sort((one, other) => one - other);
  }

  families() {
    return [...new Set(this.faces.map((face) => face.family))];
  }

  /** The letters that a family cannot show: another browser might draw them differently. */
  missingLetters(family, text) {
    const own = this.faces.filter((face) => face.family === family).flatMap((face) => face.ranges);
    const lacks = (letter) => !own.some(([low, high]) => letter.codePointAt(0) >= low && letter.codePointAt(0) <= high);
    return [...new Set(text)].filter((letter) => letter.trim() && lacks(letter));
  }

  /** Wait for everything the document draws with. What cannot be had is named in the answer, the rest is ready. */
  async ready(design) {
    const missing = [];
    const words = [];
    let icons = false;
    for (const layer of design.layers) {
      if (layer.kind === 'icon') icons = true;
      const lettering = layer.kind === 'text' ? layer : layer.lettering;
      if (lettering) words.push(lettering);
    }
    const waits = [];
    if (icons && !this.icons.size) waits.push(this.iconList().catch(() => missing.push('icons')));
    if (words.length) waits.push(this.fontsFor(words).catch(() => missing.push('fonts')));
    for (const [key, source] of Object.entries(design.images || {})) {
      if (this.images.has(key)) continue;
      waits.push(decoded(source).then((image) => this.images.set(key, image)).catch(() => missing.push('images')));
    }
    await Promise.all(waits);
    return missing;
  }

  async fontsFor(words) {
    await this.fontFaces();
    await Promise.all(words.map((style) => document.fonts.load(`${style.weight || 400} 40px "${style.font}"`, shown(style) || 'A')));
  }
}
