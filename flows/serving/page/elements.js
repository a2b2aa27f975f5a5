// Elements of HTML and SVG, made by script: a page without inline styles keeps a strict Content-Security-Policy.

export const at = id => document.getElementById(id);

// An element with children, by its class or by several properties.
export function make(tag, about = "", ...children) {
 const properties = typeof about === "string" ? { className: about } : about;
 const element = Object.assign(document.createElement(tag), properties);
 element.append(...children);
 return element;
}

// The cells of a table whose columns are [title, class, words of a result]: those at the head, and those of a result.
export const head = columns =>
 make("tr", "", ...columns.map(([title, className]) => make("th", { scope: "col", className }, title)));
export const cells = (columns, result) =>
 columns.map(([, look, words]) => make("td", look, words(result)));

export function svg(tag, attributes, ...children) {
 const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
 for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
 element.append(...children);
 return element;
}

export function text(x, y, content, look = "soft", anchor = "start") {
 return svg("text", { x, y, class: look, "text-anchor": anchor, "dominant-baseline": "central" }, content);
}

export const line = (x1, y1, x2, y2, look) => svg("line", { x1, y1, x2, y2, class: look });
export const box = (x, y, width, height, look) => svg("rect", { x, y, width: Math.max(width, 1.5), height, rx: 2, class: look });

// Each model has its shape, as in the reports: a diamond, a circle, a cross.
export function shape(model, x, y, look = "mark", r = 6) {
 if (model === "baseline") return svg("circle", { cx: x, cy: y, r, class: `${model} ${look}` });
 const [long, arm] = [r * 1.2, r / 1.2];
 const cross = `M${x - arm / 2} ${y - r}h${arm}v${r - arm / 2}h${r - arm / 2}v${arm}h${arm / 2 - r}v${r - arm / 2}h${-arm}` +
  `v${arm / 2 - r}h${arm / 2 - r}v${-arm}h${r - arm / 2}z`;
 const diamond = `M${x} ${y - long}l${long} ${long}l${-long} ${long}l${-long} ${-long}z`;
 return svg("path", { d: model === "repaired" ? cross : diamond, class: `${model} ${look}` });
}

export const mark = model =>
 svg("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" }, shape(model, 8, 8));

// A picture, in words for who cannot see it; without them where a table or a sentence beside it says the same.
export function picture(width, height, parts, words) {
 const told = words ? { role: "img", "aria-label": words } : { "aria-hidden": "true" };
 return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, ...told }, ...parts);
}

// Pictures are drawn as wide as their place, so that words keep their size; again where it changes.
const pictures = new Map();

export function draw(id, drawing, ...about) {
 pictures.set(id, () => {
  const place = at(id);
  if (place.clientWidth) place.replaceChildren(drawing(place.clientWidth, ...about));
 });
 pictures.get(id)();
}

let width = 0;
new ResizeObserver(() => {
 if (document.body.clientWidth === width) return;
 width = document.body.clientWidth;
 for (const again of pictures.values()) again();
}).observe(document.body);
