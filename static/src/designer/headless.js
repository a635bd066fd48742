/** The renderer alone, for the tools that draw badges without the editor. */

import { pictureOf, pngOf } from './draw/picture.js';
import { Resources } from './draw/resources.js';
import { TEMPLATES } from './templates/list.js';

globalThis.laurelDesigner = { pictureOf, pngOf, Resources, TEMPLATES };
