/** The windows to choose from: templates, and icons searched by name and tag. */

import { emptyDocument } from '../document/model.js';
import { pictureOf } from '../draw/picture.js';
import { el, t } from './words.js';

export class Templates {
  constructor(dialog, { resources, take }) {
    Object.assign(this, { dialog, resources, take });
    this.list = dialog.querySelector('#templates');
  }

  /** `title` is put into the templates, so that the choice looks like the badge to come. */
  async open(title) {
    const { TEMPLATES } = await import('../templates/list.js');
    const words = (icon) => ({ title: title || t('sample.title'), ribbon: t('sample.ribbon'), foot: t('sample.foot'), icon });
    const blank = el('button', { type: 'button', class: 'template', onclick: () => this.choose(emptyDocument(title), 'blank') }, el('span', { class: 'template-blank' }), el('span', {}, t('template.blank')));
    const made = TEMPLATES.map(({ key, icon, make }) => ({ key, design: make(words(icon)) }));
    const buttons = made.map(({ key, design }) => {
      const canvas = el('canvas', { width: 280, height: 280, 'aria-hidden': 'true' });
      return { design, canvas, button: el('button', { type: 'button', class: 'template', onclick: () => this.choose(design, key) }, canvas, el('span', {}, t(`template.${key}`))) };
    });
    this.list.replaceChildren(blank, ...buttons.map(({ button }) => button));
    if (!this.dialog.open) this.dialog.showModal();
    await this.resources.ready({ layers: made.flatMap(({ design }) => design.layers) });
    for (const { design, canvas } of buttons) canvas.getContext('2d').drawImage(pictureOf(design, this.resources, 280), 0, 0);
  }

  choose(design, key) {
    this.dialog.close();
    this.take(design, t(`template.${key}`));
  }
}

const MOST_SHOWN = 500;

export class Icons {
  constructor(dialog, { resources }) {
    Object.assign(this, { dialog, resources });
    this.search = dialog.querySelector('#icon-search');
    this.grid = dialog.querySelector('#icons');
    this.count = dialog.querySelector('#icon-count');
    this.search.addEventListener('input', () => this.show());
    this.search.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      this.grid.querySelector('button:not([hidden])')?.click();
    });
  }

  async open(take) {
    this.take = take;
    this.list ??= await this.resources.iconList();
    this.search.value = '';
    if (!this.grid.childElementCount) this.grid.replaceChildren(...this.list.map(([name, tags]) => this.button(name, tags)));
    this.show();
    this.dialog.showModal();
    this.search.focus();
  }

  button(name, tags) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 256 256');
    this.resources.icons.get(name).paths.forEach((d, index) => {
      const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      path.setAttribute('d', d);
      if (!index) path.setAttribute('opacity', '0.25');
      svg.append(path);
    });
    svg.setAttribute('aria-hidden', 'true');
    const words = name.replace(/-/g, ' ');
    return el('button', { type: 'button', class: 'icon-choice', 'aria-label': words, title: words, 'data-words': `${words} ${tags}`.toLowerCase(), onclick: () => this.choose(name) }, svg);
  }

  show() {
    const asked = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const button of this.grid.children) {
      const fits = asked.every((word) => button.dataset.words.includes(word)) && shown < MOST_SHOWN;
      button.hidden = !fits;
      shown += Number(fits);
    }
    this.count.textContent = t('done.icons', { count: shown });
  }

  choose(name) {
    this.dialog.close();
    this.take(name);
  }
}
