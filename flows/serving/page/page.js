// The page of a served model. It shows what the API says: it checks no value and answers nothing itself.
import { describe, served } from "./about.js";
import { choose, chosen, compareFromHere, currentRow, follow, startAgain, visit } from "./answer.js";
import { ask, onReturn, tell } from "./api.js";
import { at, draw, make } from "./elements.js";
import { buildForm, exampleRow } from "./form.js";
import { drawScores } from "./pictures.js";
import { answerRows, csvOf, download, showTable } from "./rows.js";
import { capital, count, score, some, written } from "./words.js";

const SOON = 2000; // milliseconds until rows that were answered are counted
const UNJUDGED = { words: ["Not judged yet: no row has been served. Rows that are tried out in the form do not count."] };

async function start() {
 try {
  describe(...(await Promise.all([ask("about"), ask("openapi.json")])));
 } catch (error) {
  tell(error, words => at("fields").replaceChildren(make("p", "wrong", words)));
  return;
 }
 choose(served.models.includes(served.model) ? served.model : served.models[0]);
 document.title = `${served.project} · served`;
 at("project").replaceChildren(make("b", "", served.project), " · a served model");
 at("question").textContent = served.question;
 at("lede").textContent = lede();
 at("facts").textContent = facts();
 buildForm(field => { visit(field); follow(); }, visit);
 at("csv").placeholder = examples(exampleRow());
 follow();
 later();
}

const later = () => showKept().catch(error => tell(error));

function lede() {
 const { decision } = served;
 const { label, test_rows: rows } = served.metric;
 const { strong, baseline } = served.terms;
 return [
  decision && `What depends on it: ${decision.charAt(0).toLowerCase()}${decision.slice(1)}.`,
  served.groups?.words,
  `On ${written(rows, 0)} test rows the strong model has ${label} ${score(strong.score)} ` +
   `(${score(strong.ci[0])} to ${score(strong.ci[1])}), the baseline ${score(baseline.score)}.`,
 ].filter(Boolean).join(" ");
}

function facts() {
 const { training, archive, commit, mismatch } = served;
 return [
  `Trained on ${count(training.rows, "row")}`, `archive ${archive.sha256.slice(0, 12)}`, commit && `commit ${commit.slice(0, 12)}`,
  mismatch.length > 0 && `libraries unlike those of the build: ${mismatch.join(", ")}`,
 ].filter(Boolean).join(" · ");
}

const examples = (...rows) => csvOf([served.fields, ...rows].map((row, i) => served.fields.map(({ name }) => (i ? row[name] : name))));

async function showKept() {
 const [kept, { drift }] = await Promise.all([ask("promise"), ask("about")]);
 panel("promise", kept, [["Promised", "strong", kept.promised, kept.promised_ci], ["So far", "baseline", kept.score, kept.ci]]);
 panel("drift", drift ?? UNJUDGED, [["Test rows", "strong", drift?.test], ["Expected", "baseline", drift?.expected, drift?.expected_ci]]);
}

// The verdict, with which the first sentence begins, the scores that it compares, and the rest in sentences.
function panel(id, { verdict, words }, rows) {
 const known = rows.filter(([, , value]) => some(value));
 const [title, first] = words[0].split(/: (.*)/s);
 at(id).replaceChildren(
  make("p", `verdict ${verdict}`, title),
  make("div", { id: `${id}-scores`, className: "figure", hidden: known.length === 0 }),
  ...[capital(first), ...words.slice(1)].map(sentence => make("p", "said", sentence)));
 if (known.length) draw(`${id}-scores`, drawScores, known);
}

at("form").addEventListener("submit", event => { event.preventDefault(); follow(); });
at("reset").addEventListener("click", () => { at("field-0").focus(); startAgain(); });
at("keep").addEventListener("click", () => { at("answer").focus(); compareFromHere(); });
at("paste").addEventListener("submit", event => { event.preventDefault(); answerRows(chosen()); setTimeout(later, SOON); });
at("sample").addEventListener("click", () => { at("csv").value = examples(exampleRow(), currentRow()); at("csv").focus(); });
at("file").addEventListener("change", async () => {
 at("csv").value = await at("file").files[0].text();
});
at("only").addEventListener("change", showTable);
at("download").addEventListener("click", download);
onReturn(async () => {
 if (!served.fields.length) return start();
 const { archive } = await ask("about");
 return archive.sha256 === served.archive.sha256 ? follow() : location.reload();
});
start();
