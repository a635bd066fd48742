/** The alternative text drafted from what the badge shows. */

/** `say(key, values)` gives the words of the reader's language. */
export function describe(design, say) {
  const seen = design.layers.filter((layer) => !layer.hidden && layer.opacity > 0);
  const words = seen
    .map((layer) => (layer.kind === 'text' ? layer.text : layer.kind === 'ribbon' ? layer.lettering.text : ''))
    .map((text) => text.replace(/\s+/g, ' ').trim())
    .filter(Boolean);
  const body = seen.find((layer) => layer.kind === 'shape' && layer.fill);
  const icons = seen.filter((layer) => layer.kind === 'icon').map((layer) => layer.icon.replace(/-/g, ' '));
  const shape = body ? say(`shape.${body.shape}`) : say('alt.badge');
  let text = words.length ? say('alt.reading', { shape, words: words.map((word) => `“${word}”`).join(', ') }) : body ? shape : '';
  if (icons.length) text = say('alt.with', { start: text || say('alt.badge'), icons: [...new Set(icons)].join(', ') });
  return text ? `${text}.`.slice(0, 500) : '';
}
