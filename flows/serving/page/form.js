// The form of one row, made from the contract: what a field holds is what is sent, and the API says what is wrong with it.
import { served, tidy } from "./about.js";
import { at, make } from "./elements.js";
import { asText, brieflyText, capital, dot, plain, some } from "./words.js";

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const KEYS = { ArrowUp: 1, ArrowDown: -1 }; // steps that a key moves a number

// Make the fields; `changed(field)` is called when one moves, `visited(field)` when the keyboard or the mouse comes to it.
export function buildForm(changed, visited) {
 at("fields").replaceChildren(...served.fields.map((field, place) => build(field, `field-${place}`, changed)));
 for (const field of served.fields) {
  field.control.addEventListener("input", () => { slide(field); changed(field); });
  field.control.addEventListener("focus", () => visited(field));
 }
 putExample();
}

export function putExample() {
 for (const field of served.fields) put(field, field.example);
}

export const exampleRow = () => rowOf(field => field.example);
export const heldRow = () => rowOf(held);
export const same = (one, other) => served.fields.every(({ name }) => one[name] === other[name]);

export function markMoved(row, before) {
 for (const { box, name } of served.fields) box.classList.toggle("moved", Boolean(before) && before[name] !== row[name]);
}

// Show what is wrong at its field; nothing where `error` is undefined.
export function markWrong(error, row) {
 for (const { name, control, wrong } of served.fields) {
  const here = error?.field === name;
  control.setAttribute("aria-invalid", String(here));
  wrong.hidden = !here;
  if (!here) continue;
  const found = some(row[name]) ? `“${brieflyText(row[name])}”: ${error.found}` : error.found;
  wrong.replaceChildren(...[`Found ${found}`, `Allowed: ${error.allowed}`, capital(error.do)].map((words, i) =>
   make(i ? "span" : "b", "", dot(words))));
 }
}

const rowOf = value => Object.fromEntries(served.fields.map(field => [field.name, value(field)]));

function build(field, id, changed) {
 const control = controlOf(field);
 Object.assign(control, { id, name: field.name, className: "control" });
 control.setAttribute("aria-describedby", `${id}-bounds ${id}-wrong`);
 field.control = control;
 field.wrong = make("p", { className: "wrong", id: `${id}-wrong`, hidden: true });
 const entry = make("div", field.numeric ? "entry" : "entry alone", control);
 if (field.numeric) entry.append(slider(field, changed));
 if (field.levels && !field.values) {
  control.setAttribute("list", `${id}-levels`);
  entry.append(make("datalist", { id: `${id}-levels` }, ...field.levels.map(value => make("option", { value }))));
 }
 field.box = make("div", "field",
  make("label", { htmlFor: id }, field.title), " ",
  make("span", { className: "bounds", id: `${id}-bounds` }, bounds(field)), entry, field.wrong);
 return field.box;
}

function controlOf(field) {
 if (field.values) return select(field);
 return field.most ? make("textarea", { rows: 6, maxLength: field.most }) : make("input", { type: "text", spellcheck: false });
}

function bounds({ numeric, low, high, unit, format, levels, missing }) {
 const range = some(high) ? (some(low) ? `${plain(low)} to ${plain(high)}` : `${plain(high)} or less`) : some(low) && `${plain(low)} or more`;
 const known = levels && `one of ${levels.length} known`;
 return [numeric && range, unit, format, known, missing && "may be empty"].filter(Boolean).join(", ");
}

function select({ values, missing, example }) {
 const none = missing || !some(example) ? [make("option", { value: "" }, "no value")] : [];
 const words = { true: "yes", false: "no" };
 return make("select", "", ...none, ...values.map(value =>
  make("option", { value }, words[value] ?? value)));
}

// A slider for the mouse and the finger; keys move the value in the field itself, so the Tab key need not stop twice.
function slider(field, changed) {
 const { control, from, to, step } = field;
 const move = value => {
  control.value = String(tidy(value, step));
  changed(field);
 };
 field.slider = make("input", { type: "range", min: from, max: to, step, tabIndex: -1 });
 field.slider.setAttribute("aria-hidden", "true");
 field.slider.addEventListener("input", () => move(Number(field.slider.value)));
 control.inputMode = field.low >= 0 ? "decimal" : "text";
 control.addEventListener("keydown", event => {
  if (!(event.key in KEYS) || event.altKey || event.ctrlKey || event.metaKey || !NUMBER.test(control.value)) return;
  event.preventDefault();
  const value = Number(control.value) + KEYS[event.key] * step;
  move(Math.min(Math.max(value, field.low ?? -Infinity), field.high ?? Infinity));
  slide(field);
 });
 return field.slider;
}

function put(field, value) {
 field.control.value = asText(value);
 slide(field);
}

function slide({ slider, control }) {
 if (slider && NUMBER.test(control.value)) slider.value = control.value;
}

function held({ control, values, numeric, most }) {
 const words = control.value.trim();
 if (words === "") return null;
 if (most) return control.value; // a text, as it was written
 if (values) return values.find(value => String(value) === words);
 return numeric && NUMBER.test(words) ? Number(words) : words;
}
