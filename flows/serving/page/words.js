// Numbers and answers in words.
import { served } from "./about.js";

export const some = value => value !== null && value !== undefined;
export const capital = text => text.charAt(0).toUpperCase() + text.slice(1);
export const dot = text => (/[.!?]$/.test(text) ? text : `${text}.`);
export const asText = value => (some(value) ? String(value) : "");
export const brieflyText = value => asText(value).replace(/^(.{60}).+/s, "$1…"); // of a text its beginning
export const plain = value => asText(value).replace(/^-/, "−");

const formats = new Map();

export function written(value, most, least = 0, kind = "FractionDigits") {
 const key = `${kind}${least}-${most}`;
 if (!formats.has(key)) {
  const smallest = kind === "FractionDigits" ? { [`minimum${kind}`]: least } : {};
  formats.set(key, new Intl.NumberFormat("en", { [`maximum${kind}`]: most, ...smallest }));
 }
 return formats.get(key).format(value).replace("-", "−");
}

const significant = (value, digits) => written(value, digits, 0, "SignificantDigits");

export const count = (number, word) => `${written(number, 0)} ${word}${number === 1 ? "" : "s"}`;
export const amount = value => (Math.abs(value) >= 1000 ? written(value, 0) : significant(value, 4));
export const brief = value => (value >= 100 ? written(value, 0) : significant(value, 2));
export const score = value => written(value, 3, 3);
export const share = value => `${written(100 * value, 1)}\u00a0%`;
export const money = value => `${written(value, 2, 2)}\u00a0${served.costs?.currency ?? ""}`.trim();

// A probability in percent, with as many digits as distinguish it from 0 and from 1.
export function percent(probability) {
 const value = 100 * probability;
 const edge = Math.min(value, 100 - value);
 if (edge <= 0) return `${written(value, 0)}\u00a0%`;
 const digits = edge >= 10 ? 1 : Math.min(Math.max(2, 1 - Math.floor(Math.log10(edge))), 8);
 return `${written(value, digits, Math.min(digits, 2))}\u00a0%`;
}

export const signed = (value, text) => `${value < 0 ? "−" : "+"}${text(Math.abs(value))}`;
const points = value => `${significant(100 * value, Math.abs(value) < 0.1 ? 2 : 3)}\u00a0points`;
const united = text => `${text}\u00a0${served.unit ?? ""}`.trim();

export const isClass = result => some(result.probabilities);
export const valueText = value => (served.event ? percent(value) : united(amount(value)));
export const answerText = result => (isClass(result) ? result.prediction : valueText(result.prediction));
export const differenceText = value => signed(value, served.event ? points : one => united(amount(one)));
export const rangeText = ({ low, high }) => `${amount(low)} to ${amount(high)}`;

export const decisionText = ({ decision }) => (decision ? (decision.act ? "Yes, this one" : "No, not this one") : "");

const COLUMNS = [
 ["Group", "number", ({ group }) => asText(group?.number)],
 ["Answer", "number", result => (result.error ? "no answer" : answerText(result))],
 ["Acts", "", ({ decision }) => (decision ? (decision.act ? "yes" : "no") : "")],
 ["Interval", "number more", ({ interval }) => (interval ? rangeText(interval) : "")],
 ["Expected cost", "number more", ({ expected_cost: cost }) => (some(cost) ? money(cost) : "")],
];

// The columns of a table of results, others after them: those that say something.
export const columnsOf = (results, ...more) => [...COLUMNS, ...more].filter(([, , words]) => results.some(one => !one.error && words(one)));

// What is wrong: found, allowed, and what to do.
export const sentences = ({ found, allowed, do: todo }) =>
 [capital(found), allowed && `Allowed: ${allowed}`, todo && capital(todo)].filter(Boolean).map(dot);

export function meaning(result) {
 if (result.group && isClass(result)) return "the row's group";
 if (isClass(result)) return `the likeliest class, probability ${percent(result.probabilities[result.prediction])}`;
 if (served.event) return `probability: ${served.title}`;
 const { interval } = result;
 return `${served.title}${interval ? `, ${share(interval.level)} interval ${united(rangeText(interval))}` : ""}`;
}

// What follows from an answer: what it costs to act and not to act, and whether such intervals hold what they promise.
export function consequence({ prediction, decision, expected_cost: cost, interval, group }) {
 const said = [];
 if (group) {
  const { number, of, sure, next } = group;
  said.push(`Group ${number} of ${of}, ${percent(sure)} sure${next ? `; the next likeliest is group ${next}` : ""}.`);
 }
 if (decision) said.push(`The model acts from ${percent(decision.threshold)} on.`);
 if (decision && some(cost)) {
  const { false_negative: miss, false_positive: alarm } = served.costs;
  const other = decision.act ? prediction * miss : (1 - prediction) * alarm;
  said.push(`Expected cost ${money(cost)}; ${decision.act ? "not acting" : "acting"} would cost ${money(other)}.`);
 }
 if (interval) {
  const { level, coverage, coverage_ci: [low, high], promise } = interval;
  const kept = { held: "as promised", broken: "fewer than promised", exceeded: "more than promised" }[promise];
  said.push(`Such intervals should hold ${share(level)} of the values; on the test rows they held ${share(coverage)} ` +
   `(${share(low)} to ${share(high)}), ${kept}.`);
 }
 return said.join(" ");
}
