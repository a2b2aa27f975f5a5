// The answer to one row: asked for as the row changes, by all models, and shown beside the answer before.
import { fieldOf, served, tidy } from "./about.js";
import { ask, tell } from "./api.js";
import { at, cells, draw, head, make, mark } from "./elements.js";
import { exampleRow, heldRow, markMoved, markWrong, putExample, same } from "./form.js";
import { drawBars, drawCurve, drawLanes, drawWaterfall } from "./pictures.js";
import {
 answerText, brief, brieflyText, capital, columnsOf, consequence, decisionText, differenceText, dot, isClass, meaning, percent, score,
 sentences, signed,
} from "./words.js";

const TRIAL = "predict?trial=true"; // rows that are tried out count for no drift
const STEPS = 33; // answers along the curve of one field
const PAUSE = 250; // milliseconds that fields rest before more is asked for
const SPOKEN = 900; // and before a screen reader is told the answer

const state = { model: "", now: null, before: null, field: null }; // now and before: the row, and results by model

export const chosen = () => state.model;
export const currentRow = () => state.now?.row ?? exampleRow();

let asking = false;
let stale = false; // a field moved while an answer was on its way

// Ask for the answer to what the form holds, now or as soon as the answer before has come.
export async function follow() {
 stale = true;
 if (asking) return;
 asking = true;
 at("answers").ariaBusy = "true";
 try {
  while (stale) {
   stale = false;
   await refresh();
  }
 } catch (error) {
  tell(error, showNothing);
 } finally {
  asking = false;
  at("answers").ariaBusy = "false";
 }
 lookSoon();
}

async function refresh() {
 const row = heldRow();
 const replies = await Promise.all(served.models.map(model => ask(TRIAL, { rows: [row], model })));
 state.now = { row, results: Object.fromEntries(served.models.map((model, i) => [model, replies[i].results[0]])) };
 if (!state.now.results[state.model].error) state.before ??= state.now;
 show();
}

export function visit(field) {
 state.field = field;
 lookSoon();
}

export function choose(model) {
 state.model = model;
 if (state.now) show();
 lookSoon();
}

export function compareFromHere() {
 state.before = state.now;
 show();
 lookSoon();
}

export function startAgain() {
 putExample();
 state.before = null;
 follow();
}

function show() {
 const { row, results } = state.now;
 const result = results[state.model];
 const earlier = state.before && !same(state.before.row, row) ? state.before : null;
 markWrong(result.error, row);
 markMoved(row, earlier?.row);
 at("reset").disabled = same(exampleRow(), row);
 at("keep").disabled = !earlier || Boolean(result.error);
 if (result.error) {
  const { field } = result.error;
  showNothing(`${fieldOf(field)?.title ?? field}: ${sentences(result.error)[0]}`);
  return;
 }
 const change = changeOf(result, earlier?.results[state.model]);
 at("answers").classList.remove("old");
 at("value").textContent = answerText(result);
 at("meaning").textContent = meaning(result);
 at("decided").replaceChildren(make("b", "", decisionText(result) && `${decisionText(result)}. `), consequence(result));
 at("change").replaceChildren(...(change ? [make("b", "", `${change}. `), moves(row, earlier.row)] : []));
 at("bar").hidden = false;
 at("bar").replaceChildren(make("b", "", answerText(result)), make("span", "", change || decisionText(result)));
 at("notes").replaceChildren(...notes(result).map(note => make("li", "", note)));
 if (isClass(result)) draw("lanes", drawBars, Object.entries(result.probabilities).map(([name, value]) => [name, value, percent(value)]));
 else draw("lanes", drawLanes, results, earlier?.results, state.model);
 showModels(results);
 at("why").classList.add("old");
 speak([`${capital(state.model)} model: ${answerText(result)}`, decisionText(result), change].filter(Boolean).map(dot).join(" "));
}

// What stood there before stays in sight, faded.
function showNothing(words) {
 at("answers").classList.add("old");
 at("decided").replaceChildren(make("b", "", "No answer. "), words);
 at("change").textContent = "";
 at("bar").textContent = "No answer";
 speak(`No answer. ${words}`);
}

function changeOf(result, before) {
 if (!before || before.error) return "";
 const change = isClass(result) ? "" : `, ${differenceText(result.prediction - before.prediction)}`;
 return `Before ${answerText(before)}${change}`;
}

function moves(row, before) {
 const words = served.fields.filter(({ name }) => row[name] !== before[name])
  .map(({ name, title }) => `${title} ${brieflyText(before[name]) || "empty"} → ${brieflyText(row[name]) || "empty"}`);
 return dot(`${words.slice(0, 3).join("; ")}${words.length > 3 ? `; and ${words.length - 3} more` : ""}`);
}

function notes(result) {
 const instead = result.fallback ? [`The ${result.model} answers instead: ${result.fallback}`] : [];
 return [...instead, ...(result.notes ?? [])].map(note => {
  const [name] = note.split(": ", 1);
  return dot((fieldOf(name)?.title ?? name) + note.slice(name.length));
 });
}

let speaking = 0;

function speak(words) {
 clearTimeout(speaking);
 speaking = setTimeout(() => { at("spoken").textContent = words; }, SPOKEN);
}

// The models side by side: the table is also the switch.
function showModels(results) {
 const shown = served.models.map(name => ({ ...results[name], score: served.terms[name].score }));
 const columns = columnsOf(shown, [`Test ${served.metric.label}`, "number more", result => score(result.score)]);
 at("models-head").replaceChildren(head([["Model", ""], ...columns]));
 if (!at("models").children.length) {
  at("models").append(...served.models.map(name => {
   const radio = make("input", { type: "radio", name: "model", value: name, checked: name === state.model });
   radio.addEventListener("change", () => choose(name));
   return make("tr", "", make("th", { scope: "row" }, make("label", "", radio, mark(name), capital(name))));
  }));
 }
 for (const [i, name] of served.models.entries()) {
  const row = at("models").children[i];
  row.classList.toggle("chosen", name === state.model);
  row.replaceChildren(row.firstElementChild, ...cells(columns, shown[i]));
 }
}

function showWhy({ why, prediction, probabilities }) {
 const { causes = [], features = [], words = [], text = "" } = why ?? {};
 const moved = [...features, ...words.map(({ term, ...one }) => ({ ...one, title: `“${term}”` }))];
 at("why").classList.remove("old");
 at("why").hidden = causes.length + moved.length === 0;
 if (at("why").hidden) return;
 at("why-text").textContent = text;
 at("causes").parentElement.hidden = causes.length === 0;
 at("features").parentElement.hidden = moved.length === 0;
 at("moved").textContent = words.length ? "The words of it that moved it most" : "The features that moved it most";
 if (causes.length) draw("causes", drawWaterfall, why, probabilities?.[prediction] ?? prediction, state.model);
 if (moved.length) draw("features", drawBars, moved.map(({ title, effect, unit }) => [title, effect, `${signed(effect, brief)} ${unit}`]));
}

let waiting = 0;
let looks = 0; // how many there were: what comes late is not drawn

// What takes longer than an answer is asked for once the fields rest.
function lookSoon() {
 clearTimeout(waiting);
 if (!state.now) return;
 waiting = setTimeout(() => {
  looks += 1;
  for (const look of [reasons, curve]) look(looks).catch(error => tell(error));
 }, PAUSE);
}

async function reasons(number) {
 const { now, model } = state;
 const reply = await ask(TRIAL, { rows: [now.row], why: true, model });
 if (number === looks) showWhy(reply.results[0]);
}

// Ask what the answer would be along the field that was moved last.
async function curve(number) {
 const field = state.field?.numeric ? state.field : served.fields.find(({ numeric }) => numeric);
 const { row, results } = state.now;
 const result = results[state.model];
 at("sweep").hidden = !field || Boolean(result.error) || isClass(result) || row[field.name] === null;
 if (at("sweep").hidden) return;
 const { from, to, step, name, title } = field;
 const { before, model } = state;
 const stops = Array.from({ length: STEPS }, (_, i) => tidy(Math.round((from + ((to - from) * i) / (STEPS - 1)) / step) * step, step));
 const values = [...new Set(stops)];
 const reply = await ask(TRIAL, { rows: values.map(value => ({ ...row, [name]: value })), model });
 const points = values.map((value, i) => [value, reply.results[i]]).filter(([, answer]) => !answer.error);
 if (number !== looks || points.length < 2) return;
 at("sweep-title").textContent = `${title}, moved alone`;
 const alone = before && same(before.row, { ...row, [name]: before.row[name] }); // then the answer before is on the curve
 draw("curve", drawCurve, field, model, points, [row[name], result], alone && [before.row[name], before.results[model]]);
}
