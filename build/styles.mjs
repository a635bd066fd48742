// Trims the style sheet: Tabler's second spellings of its dark theme, and every rule that no page uses.
import postcss from "postcss";
import { PurgeCSS } from "purgecss";

// Tabler names its dark theme in five ways; the portal writes data-bs-theme on <html> and nothing else.
const UNUSED_THEMES = /\.theme-dark|data-bs-navbar-theme|body\[data-(bs-)?theme|(^|[^-])\[data-theme/;

// Tabler's names that a template or script puts together from parts ("btn-" ~ tone): kept whatever the sources say.
const KEPT = [/^btn-(primary|danger|outline-danger|ghost|sm|lg)$/];
// static/src/styles is never purged; what it says of Tabler's classes counts as a use of them.
const SOURCES = ["templates/**/*.html", "static/src/**/*.js", "static/src/styles/*.css", "portal/**/*.py"];

// Stands in static/src/styles/begin.css, between Tabler and our own rules.
const BEGINS = /\.laurel-begins\{[^}]*\}/;

/** Trim one style sheet; `shared` is the one that carries Tabler. */
export async function trim(root, css, shared) {
  if (!shared) return css;
  const [tabler, ours] = css.split(BEGINS);
  const parsed = postcss.parse(tabler);
  parsed.walkRules((rule) => {
    if (!/theme/.test(rule.selector)) return;
    const kept = rule.selectors.filter((selector) => !UNUSED_THEMES.test(selector));
    if (kept.length === 0) rule.remove();
    else rule.selectors = kept;
  });
  followTheSystem(parsed);
  const [purged] = await new PurgeCSS().purge({
    content: SOURCES.map((glob) => `${root}/${glob}`),
    css: [{ raw: parsed.toString() }],
    // Class names, tag names and ids as they stand in Jinja, Python, JavaScript and our own style sheets.
    defaultExtractor: (content) => content.match(/[A-Za-z][\w-]*/g) ?? [],
    safelist: { standard: ["html", "body", ...KEPT], greedy: [/data-bs-theme/] },
    keyframes: true,
  });
  return withoutUnusedVariables(purged.css + ours);
}

/** data-bs-theme="auto" follows the system: each rule of the dark theme is repeated inside the media query. */
function followTheSystem(parsed) {
  parsed.walkRules((rule) => {
    const dark = rule.selectors.filter((selector) => selector.includes("[data-bs-theme=dark]"));
    if (dark.length === 0 || rule.parent.name === "media") return;
    const copy = rule.clone({ selectors: dark.map((selector) => selector.replaceAll("[data-bs-theme=dark]", "[data-bs-theme=auto]")) });
    const query = postcss.atRule({ name: "media", params: "(prefers-color-scheme:dark)" });
    query.append(copy);
    rule.after(query);
  });
}

/** Take out the custom properties that nothing reads any more, until none is left to take. */
function withoutUnusedVariables(css) {
  const parsed = postcss.parse(css);
  for (;;) {
    const text = parsed.toString();
    const read = new Set([...text.matchAll(/var\(\s*(--[\w-]+)/g)].map(([, name]) => name));
    let gone = 0;
    parsed.walkDecls(/^--tblr-/, (declaration) => {
      if (read.has(declaration.prop)) return;
      declaration.remove();
      gone += 1;
    });
    parsed.walkRules((rule) => { if (rule.nodes.length === 0) rule.remove(); });
    if (gone === 0) return parsed.toString();
  }
}
