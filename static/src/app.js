// What every page loads: small improvements of pages that work without them.
import * as autosave from "./modules/autosave.js";
import * as copy from "./modules/copy.js";
import * as dialogs from "./modules/dialogs.js";
import * as dragging from "./modules/dragging.js";
import * as files from "./modules/files.js";
import * as forms from "./modules/forms.js";
import * as menus from "./modules/menus.js";
import * as poll from "./modules/poll.js";
import * as reveals from "./modules/reveals.js";
import * as sortable from "./modules/sortable.js";
import * as theme from "./modules/theme.js";
import { enhance, register } from "./modules/enhance.js";
import { sayCarried } from "./modules/say.js";

document.documentElement.classList.add("js");
for (const part of [forms, reveals, copy, files, menus, theme, dialogs, poll, sortable, dragging, autosave]) register(part.enhance);
enhance(document);
sayCarried();
