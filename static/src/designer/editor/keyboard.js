/** Keys of the whole editor; while a field is being filled in, the keys belong to the field. */

const TYPING = 'input:not([type="checkbox"]):not([type="range"]):not([type="color"]), textarea, select, [contenteditable]';
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** `run` is `(name) => void` for the commands that also have buttons. */
export function listenToKeys(root, { actions, store, run, stage }) {
  root.ownerDocument.addEventListener('keydown', (event) => {
    if (root.ownerDocument.querySelector('dialog[open]')) return;
    const typing = event.target.matches?.(TYPING);
    const inside = root.contains(event.target) || event.target === root.ownerDocument.body;
    if (!inside) return;
    const command = event.ctrlKey || event.metaKey;
    if (command && commandKey(event, { actions, store, run, typing })) event.preventDefault();
    else if (!command && !typing && plainKey(event, { actions, store, run, stage })) event.preventDefault();
  });
}

function commandKey(event, { actions, store, run, typing }) {
  const key = event.key.toLowerCase();
  if (key === 's') run('save');
  else if (typing) return false;
  else if (key === 'z') event.shiftKey ? actions.redo() : actions.undo();
  else if (key === 'y') actions.redo();
  else if (key === 'd') actions.duplicate();
  else if (key === 'c') actions.copy();
  else if (key === 'x') actions.cut();
  else if (key === 'v') actions.paste();
  else if (key === 'a') store.select(store.layers.filter((layer) => !layer.locked && !layer.hidden).map((layer) => layer.id));
  else if (key === 'g') event.shiftKey ? actions.ungroup() : actions.group();
  else return false;
  return true;
}

function plainKey(event, { actions, store, run, stage }) {
  const arrow = ARROWS[event.key];
  if (arrow && event.altKey) {
    if (arrow[1]) actions.restack(-arrow[1]);
    return Boolean(arrow[1]);
  }
  if (arrow && event.target.type !== 'range' && event.target === stage) {
    const far = event.shiftKey ? 10 : 1;
    actions.nudge(arrow[0] * far, arrow[1] * far);
    return true;
  }
  if (event.key === 'Delete' || event.key === 'Backspace') actions.remove();
  else if (event.key === 'Escape') store.select([]);
  else if (event.key === '+' || event.key === '=') run('zoom-in');
  else if (event.key === '-') run('zoom-out');
  else return false;
  return true;
}
