/** The stage: Konva nodes for the layers of the document, moved, stretched and turned by mouse and touch. */

import { Konva } from 'konva/lib/_CoreInternals.js';
import { Rect } from 'konva/lib/shapes/Rect.js';
import { Transformer } from 'konva/lib/shapes/Transformer.js';

import { outline } from '../draw/outlines.js';
import { paintLayer } from '../draw/paint.js';
import { drawDocument, UNITS } from '../draw/picture.js';
import { boundsOf, boundsOfAll, boxOf, stretched } from './boxes.js';
import { snap, targets } from './snapping.js';
import { announce, nameOf, t } from './words.js';

const tenth = (value) => Math.round(value * 10) / 10;
const SAFE = 64;
const GRID = 64;
const BRIM = 160;
const PROPORTIONAL = new Set(['text', 'icon', 'row', 'image']);

export class Stage {
  constructor(container, store, resources, { onLive }) {
    this.container = container;
    this.store = store;
    this.resources = resources;
    this.onLive = onLive;
    this.nodes = new Map();
    this.zoom = 1;
    this.options = { grid: false, safe: false, snap: true };
    this.stage = new Konva.Stage({ container, width: 100, height: 100 });
    this.ground = new Konva.Layer({ listening: false });
    this.art = new Konva.Layer();
    this.over = new Konva.Layer();
    this.stage.add(this.ground, this.art, this.over);
    this.guides = new Konva.Shape({ listening: false, sceneFunc: (context) => this.drawGuides(context._context) });
    this.transformer = new Transformer({
      rotationSnaps: [0, 45, 90, 135, 180, 225, 270, 315], rotationSnapTolerance: 4, anchorSize: 12, anchorCornerRadius: 3,
      anchorStroke: '#1f6b4c', borderStroke: '#1f6b4c', rotateAnchorOffset: 28, ignoreStroke: true,
      boundBoxFunc: (before, after) => (Math.abs(after.width) < 6 || Math.abs(after.height) < 6 ? before : after),
    });
    this.band = new Rect({ visible: false, listening: false, fill: 'rgba(31, 107, 76, 0.12)', stroke: '#1f6b4c', strokeWidth: 1, strokeScaleEnabled: false });
    this.over.add(this.guides, this.transformer, this.band);
    this.touched = { x: null, y: null };
    this.listen();
    this.resize();
  }

  /** Fit the stage into its frame, times the zoom. */
  resize() {
    const frame = this.container.parentElement;
    const side = Math.max(120, Math.floor(Math.min(frame.clientWidth, frame.clientHeight || frame.clientWidth)) - 2);
    const size = Math.round(side * this.zoom);
    this.stage.size({ width: size, height: size });
    this.stage.scale({ x: size / UNITS, y: size / UNITS });
    this.transformer.anchorSize(matchMedia('(pointer: coarse)').matches ? 22 : 12);
    this.stage.batchDraw();
  }

  setZoom(zoom) {
    this.zoom = Math.max(0.5, Math.min(4, zoom));
    this.resize();
  }

  setOption(name, on) {
    this.options[name] = on;
    this.over.batchDraw();
  }

  get pixels() {
    return this.stage.scaleX() * (this.art.getCanvas().getPixelRatio() || 1);
  }

  /** Bring the nodes into line with the document; a layer that did not change keeps its node untouched. */
  sync() {
    const { document: design } = this.store;
    const recoloured = this.colours !== design.colours;
    this.colours = design.colours;
    const there = new Set();
    design.layers.forEach((layer, index) => {
      there.add(layer.id);
      let node = this.nodes.get(layer.id);
      if (!node) {
        node = this.makeNode(layer);
        this.nodes.set(layer.id, node);
        this.art.add(node);
      }
      if (node.attrs.layer !== layer || recoloured) this.place(node, layer);
      if (node.zIndex() !== index) node.zIndex(index);
    });
    for (const [id, node] of this.nodes) {
      if (there.has(id)) continue;
      node.destroy();
      this.nodes.delete(id);
    }
    this.syncSelection();
    this.art.batchDraw();
  }

  makeNode(layer) {
    const node = new Konva.Shape({
      id: layer.id,
      sceneFunc: (context, shape) => this.paint(context._context, shape.attrs.layer),
      hitFunc: (context, shape) => this.hit(context, shape),
    });
    node.getSelfRect = () => boxOf(node.attrs.layer);
    return node;
  }

  /** Paint a layer; during a gesture each run of layers that keep their look comes from one picture, painted by its first. */
  paint(native, layer) {
    if (!this.plates || this.plates.painted.has(layer.id)) {
      paintLayer(native, layer, this.kit());
      return;
    }
    const plate = this.plates.runs.get(layer.id);
    if (!plate) return;
    const by = plate.carried ? this.carriedBy() : { x: 0, y: 0 };
    native.save();
    native.setTransform(1, 0, 0, 1, 0, 0);
    native.globalAlpha = 1;
    native.drawImage(plate.canvas, plate.x + Math.round(by.x * this.pixels), plate.y + Math.round(by.y * this.pixels));
    native.restore();
  }

  /** How far the drag has come, in units. */
  carriedBy() {
    if (!this.gripped) return { x: 0, y: 0 };
    const { lead } = this.gripped;
    return { x: lead.x() - lead.attrs.layer.x, y: lead.y() - lead.attrs.layer.y };
  }

  /**
   * Draw once what keeps its look, so that each frame of a gesture paints little: what stands still, and several layers that
   * are `carried` together. What is stretched or turned is painted each time.
   */
  layPlates(nodes, { carried = false } = {}) {
    const moving = new Set(nodes.map((node) => node.id()));
    const runs = new Map();
    let run = [];
    const end = () => {
      if (run.length) runs.set(run[0].id, this.plateOf(run, moving.has(run[0].id)));
      run = [];
    };
    for (const layer of this.store.layers) {
      if (layer.hidden) continue;
      const moves = moving.has(layer.id);
      if (run.length && moves !== moving.has(run[0].id)) end();
      if (!moves || carried) run.push(layer);
    }
    end();
    this.plates = { painted: carried ? new Set() : moving, runs };
  }

  /** One picture of a run of layers: of the badge's square, or of all they cover where they are carried. */
  plateOf(layers, carried) {
    const box = carried ? this.covered(layers) : { x: 0, y: 0, width: UNITS, height: UNITS };
    const canvas = document.createElement('canvas');
    const [x, y] = [Math.floor(box.x * this.pixels), Math.floor(box.y * this.pixels)];
    canvas.width = Math.ceil(box.width * this.pixels);
    canvas.height = Math.ceil(box.height * this.pixels);
    const context = canvas.getContext('2d');
    context.translate(-x, -y);
    drawDocument(context, { ...this.store.document, layers }, this.resources, this.pixels * UNITS);
    return { canvas, x, y, carried };
  }

  /** The box round layers with room for borders and shadows, at most three badges wide and high. */
  covered(layers) {
    const box = boundsOfAll(layers);
    const [left, top] = [box.x, box.y].map((value) => Math.max(-UNITS, value - BRIM));
    const [right, bottom] = [box.x + box.width, box.y + box.height].map((value) => Math.min(2 * UNITS, value + BRIM));
    return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
  }

  kit() {
    return { slots: this.store.document.colours, icons: this.resources.icons, images: this.resources.images, scale: this.pixels };
  }

  place(node, layer) {
    node.setAttrs({
      layer, x: layer.x, y: layer.y, rotation: layer.rotation, scaleX: 1, scaleY: 1, opacity: layer.opacity / 100,
      visible: !layer.hidden, draggable: !layer.locked, listening: !layer.locked,
    });
  }

  hit(context, node) {
    const { layer } = node.attrs;
    const native = context._context;
    if (layer.kind === 'shape') {
      const path = outline(layer.shape, layer.width, layer.height, layer.numbers);
      native.fillStyle = node.colorKey;
      native.strokeStyle = node.colorKey;
      native.lineWidth = Math.max(26, layer.border?.width || 0);
      if (layer.fill) native.fill(path);
      native.stroke(path);
      return;
    }
    const box = boxOf(layer);
    native.fillStyle = node.colorKey;
    if (layer.kind !== 'text' || layer.path === 'straight') {
      native.fillRect(box.x, box.y, box.width, box.height);
      return;
    }
    // Of a text on an arc only the arc's band is taken, so that what lies inside it stays in reach.
    native.strokeStyle = node.colorKey;
    native.lineWidth = layer.size * 1.3;
    const middle = layer.path === 'above' ? -Math.PI / 2 : Math.PI / 2;
    const half = Math.min(Math.PI, Math.asin(Math.min(1, box.width / 2 / layer.radius)) + 0.05);
    native.beginPath();
    native.arc(0, 0, layer.radius, middle - half, middle + half);
    native.stroke();
  }

  syncSelection() {
    const nodes = this.store.chosen.filter((layer) => !layer.locked && !layer.hidden).map((layer) => this.nodes.get(layer.id)).filter(Boolean);
    const proportional = nodes.length > 1 || nodes.some((node) => PROPORTIONAL.has(node.attrs.layer.kind));
    this.transformer.setAttrs({
      enabledAnchors: proportional ? ['top-left', 'top-right', 'bottom-left', 'bottom-right'] : undefined,
      keepRatio: true,
    });
    if (!proportional) {
      this.transformer.enabledAnchors(['top-left', 'top-center', 'top-right', 'middle-right', 'middle-left', 'bottom-left', 'bottom-center', 'bottom-right']);
    }
    this.transformer.nodes(nodes);
    this.over.batchDraw();
  }

  listen() {
    this.stage.on('mousedown touchstart', (event) => {
      const node = event.target;
      if (node === this.stage) this.startBand(event);
      else if (node.attrs.layer) this.press(node, event.evt);
    });
    this.stage.on('mousemove touchmove', () => this.growBand());
    this.stage.on('mouseup touchend', () => this.endBand());
    this.art.on('dragstart', (event) => this.grip(event.target));
    this.transformer.on('transformstart', () => this.layPlates(this.transformer.nodes()));
    this.art.on('dragmove', (event) => this.drag(event.target));
    this.art.on('dragend', () => this.settle('done.moved'));
    this.transformer.on('transform', () => this.stretch());
    this.transformer.on('transformend', () => this.settle('done.sized'));
  }

  press(node, event) {
    const { id } = node.attrs.layer;
    const more = event.shiftKey || event.ctrlKey || event.metaKey;
    if (more) {
      const next = new Set(this.store.selected);
      if (next.has(id)) next.delete(id);
      else next.add(id);
      this.store.select(next);
    } else if (!this.store.selected.has(id)) this.store.select([id]);
    this.container.focus({ preventScroll: true });
  }

  /**
   * The start of a drag. Konva's transformer drags the other selected nodes along and tells of each of them: the node under
   * the pointer leads, and the box round all that move is taken once, from where the lead stands.
   */
  grip(lead) {
    if (this.gripped?.lead.isDragging()) return;
    const chosen = this.transformer.nodes();
    const moving = chosen.includes(lead) ? [...chosen] : [lead];
    const { layer } = lead.attrs;
    const box = boundsOfAll(moving.map((node) => node.attrs.layer));
    this.gripped = {
      lead,
      moving,
      box: { ...box, x: box.x - layer.x, y: box.y - layer.y },
      lines: targets(this.store.layers, new Set(moving.map((node) => node.id()))),
    };
    this.layPlates(moving, { carried: moving.length > 1 });
  }

  /** Move with snapping: everything that moves snaps as one box. */
  drag(node) {
    this.grip(node);
    const { lead, moving, box, lines } = this.gripped;
    if (node !== lead) return;
    if (this.options.snap) {
      const found = snap({ ...box, x: box.x + lead.x(), y: box.y + lead.y() }, lines, this.stage.scaleX());
      for (const each of moving) each.position({ x: each.x() + found.dx, y: each.y() + found.dy });
      this.touched = { x: found.x, y: found.y };
      this.over.batchDraw();
    }
    this.onLive(moving.map((each) => ({ ...each.attrs.layer, x: tenth(each.x()), y: tenth(each.y()) })));
  }

  /** Stretching becomes the layer's own lengths at once, so that borders and letters keep their form. */
  stretch() {
    const live = [];
    for (const node of this.transformer.nodes()) {
      const next = stretched(node.attrs.layer, node.scaleX(), node.scaleY());
      node.setAttrs({ layer: next, scaleX: 1, scaleY: 1 });
      live.push({ ...next, x: tenth(node.x()), y: tenth(node.y()), rotation: tenth(node.rotation()) });
    }
    this.art.batchDraw();
    this.onLive(live);
  }

  /** The end of a gesture: one step of the document. */
  settle(told) {
    this.touched = { x: null, y: null };
    this.gripped = null;
    this.plates = null;
    this.art.batchDraw();
    const moved = new Map();
    for (const node of this.nodes.values()) {
      const { layer } = node.attrs;
      if (!this.store.layer(layer.id)) continue;
      const now = { ...layer, x: tenth(node.x()), y: tenth(node.y()), rotation: tenth(node.rotation()) };
      const kept = this.store.layer(layer.id);
      if (layer !== kept || now.x !== kept.x || now.y !== kept.y || now.rotation !== kept.rotation) moved.set(layer.id, now);
    }
    if (!moved.size) return;
    const [first] = moved.values();
    const name = moved.size > 1 ? t('selected.many', { count: moved.size }) : nameOf(first);
    this.store.edit(moved.keys(), (layer) => moved.get(layer.id), t('what.move', { name }));
    const box = boxOf(first);
    const numbers = { name, x: Math.round(first.x), y: Math.round(first.y), width: Math.round(box.width), height: Math.round(box.height) };
    announce(t(told, numbers));
  }

  startBand(event) {
    this.from = this.stage.getRelativePointerPosition();
    this.keep = event.evt.shiftKey ? [...this.store.selected] : [];
    this.container.focus({ preventScroll: true });
  }

  growBand() {
    if (!this.from) return;
    const to = this.stage.getRelativePointerPosition();
    if (!to) return;
    const box = { x: Math.min(this.from.x, to.x), y: Math.min(this.from.y, to.y), width: Math.abs(to.x - this.from.x), height: Math.abs(to.y - this.from.y) };
    this.band.setAttrs({ ...box, visible: box.width + box.height > 12 });
    this.over.batchDraw();
  }

  endBand() {
    if (!this.from) return;
    this.from = null;
    const caught = this.band.visible() ? this.inside(this.band.attrs) : [];
    this.band.visible(false);
    this.store.select([...this.keep, ...caught]);
  }

  inside(box) {
    return this.store.layers
      .filter((layer) => !layer.locked && !layer.hidden)
      .filter((layer) => {
        const own = boundsOf(layer);
        return own.x >= box.x && own.y >= box.y && own.x + own.width <= box.x + box.width && own.y + own.height <= box.y + box.height;
      })
      .map((layer) => layer.id);
  }

  drawGuides(context) {
    const thin = 1 / this.stage.scaleX();
    context.lineWidth = thin;
    if (this.options.grid) {
      context.strokeStyle = 'rgba(90, 110, 100, 0.35)';
      context.beginPath();
      for (let at = GRID; at < UNITS; at += GRID) {
        context.moveTo(at, 0);
        context.lineTo(at, UNITS);
        context.moveTo(0, at);
        context.lineTo(UNITS, at);
      }
      context.stroke();
    }
    if (this.options.safe) {
      context.strokeStyle = '#0b66c3';
      context.setLineDash([10 * thin, 6 * thin]);
      context.strokeRect(SAFE, SAFE, UNITS - SAFE * 2, UNITS - SAFE * 2);
      context.setLineDash([]);
    }
    context.strokeStyle = '#d6249f';
    context.lineWidth = 1.5 * thin;
    context.beginPath();
    if (this.touched.x !== null) {
      context.moveTo(this.touched.x, 0);
      context.lineTo(this.touched.x, UNITS);
    }
    if (this.touched.y !== null) {
      context.moveTo(0, this.touched.y);
      context.lineTo(UNITS, this.touched.y);
    }
    context.stroke();
  }
}
