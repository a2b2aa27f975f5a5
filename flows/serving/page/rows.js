// Many rows: a pasted table in, a table of answers out.
import { served } from "./about.js";
import { ask, tell } from "./api.js";
import { at, cells, head, make } from "./elements.js";
import { asText, columnsOf, count, sentences } from "./words.js";

const SHOWN = 200; // rows of the table on the page: the file that one downloads has all
const MORE = [
 "request_id", "row", "model", "prediction", "low", "high", "act", "expected_cost", "error_field", "error_found", "error_allowed", "error_do",
];

let answered = null; // names and rows of the last table, and the reply

// Cells of a table as text (RFC 4180), by the separator that its first line has most of.
function parse(content) {
 const signs = content.replace(/^\uFEFF/, "");
 const first = signs.split(/\r?\n/, 1)[0];
 const comma = [",", ";", "\t"].reduce((a, b) => (first.split(b).length > first.split(a).length ? b : a));
 const lines = [];
 let [line, cell, quoted, ended] = [[], "", false, false]; // ended: by a quote; a second one makes it one of the cell
 const endCell = () => {
  line.push(cell);
  cell = "";
 };
 const endLine = () => {
  endCell();
  if (line.length > 1 || line[0] !== "") lines.push(line);
  line = [];
 };
 for (const sign of `${signs}\n`) {
  if (sign === '"') {
   if (ended) cell += sign;
   ended = quoted;
   quoted = !quoted;
   continue;
  }
  ended = false;
  if (quoted) cell += sign;
  else if (sign === comma) endCell();
  else if (sign === "\n") endLine();
  else if (sign !== "\r") cell += sign;
 }
 if (quoted) endLine();
 return lines;
}

const quote = cell => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

export const csvOf = lines => lines.map(line => `${line.map(cell => quote(asText(cell))).join(",")}\n`).join("");

// Answer what was pasted, by a model, and show it.
export async function answerRows(model) {
 const [names, ...rows] = parse(at("csv").value);
 at("table").hidden = at("table-tools").hidden = true;
 if (!rows.length) {
  at("many-said").textContent = "There is no row to answer: paste the names of the columns and rows below them.";
  return;
 }
 at("many-said").textContent = `Answering ${count(rows.length, "row")} …`;
 let reply;
 try {
  reply = await ask(`predict?model=${model}`, csvOf([names, ...rows]));
 } catch (error) {
  tell(error, words => { at("many-said").textContent = words; });
  return;
 }
 const { results } = reply;
 answered = { names, rows, reply };
 const wrong = results.filter(({ error }) => error).length;
 const acts = results.filter(({ decision }) => decision?.act).length;
 at("many-said").textContent = [
  `${count(rows.length - wrong, "answer")} by the ${model} model`,
  results.some(({ decision }) => decision) && `, of which ${acts} above the threshold`,
  wrong > 0 && `; ${count(wrong, "row")} without an answer`, ".",
  reply.ignored.length > 0 && ` Ignored, because the model does not need them: ${reply.ignored.join(", ")}.`,
 ].filter(Boolean).join("");
 at("only").checked = false;
 at("only").parentElement.hidden = wrong === 0;
 at("table").hidden = at("table-tools").hidden = false;
 showTable();
}

export function showTable() {
 const { results } = answered.reply;
 const noted = ({ fallback, notes = [] }) => [fallback, ...notes].filter(Boolean).join("; ");
 const columns = columnsOf(results, ["Note", "", noted]);
 const places = [...results.keys()].filter(place => results[place].error || !at("only").checked);
 const body = places.slice(0, SHOWN).map(place => {
  const { error } = results[place];
  const number = make("th", { scope: "row" }, place + 1);
  if (!error) return make("tr", "", number, ...cells(columns, results[place]));
  const words = make("td", { colSpan: columns.length }, make("b", "", error.field), `: ${sentences(error).join(" ")}`);
  return make("tr", "bad", number, words);
 });
 const caption = make("caption", "hidden", "Answers by row");
 at("table").replaceChildren(
  make("table", "", caption, make("thead", "", head([["Row", ""], ...columns])), make("tbody", "", ...body)),
  make("p", "said", places.length > SHOWN ? `The first ${SHOWN} of ${places.length} rows; the download has all.` : ""));
}

// Give the rows with their answers as a file; by request and row, /feedback takes what became of them.
export function download() {
 const { names, rows, reply } = answered;
 const lines = rows.map((line, row) => {
  const { prediction, interval, decision, expected_cost: cost, error = {}, model = reply.model } = reply.results[row];
  const answer = [model, prediction, interval?.low, interval?.high, decision?.act, cost];
  const wrong = [error.field, error.found, error.allowed, error.do];
  return [...names.map((_, place) => line[place]), reply.request_id, row, ...answer, ...wrong];
 });
 const href = URL.createObjectURL(new Blob([csvOf([[...names, ...MORE], ...lines])], { type: "text/csv" }));
 make("a", { href, download: `${served.project}-answers.csv` }).click();
 setTimeout(() => URL.revokeObjectURL(href), 1000);
}
