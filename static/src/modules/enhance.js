// The list of improvements, applied to the page and to every part of a page that arrives later.
const parts = [];

export function register(part) {
  parts.push(part);
}

export function enhance(root) {
  for (const part of parts) part(root);
}

/** Every element of a part that matches, the part itself included, each only once for each purpose. */
export function fresh(root, selector, purpose) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  return found.filter((element) => {
    const done = (element.laurelDone ??= new Set());
    return done.has(purpose) ? false : done.add(purpose);
  });
}
