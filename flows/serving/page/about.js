// What is served: as /about and /openapi.json say it, read once.
import { capital, some } from "./words.js";

const MODELS = ["strong", "baseline", "repaired"]; // in the order in which they are shown
const FAR = 50; // times the example's distance from the lowest value: where a slider would be all tail
const NEAR = 20; // of those distances, which it then has
const STOPS = 200; // steps of a slider, about

export const served = { models: [], fields: [] };
export const fieldOf = column => served.fields.find(({ name }) => name === column);

// Add `models`, names in their order; `terms`, what is known of each; `event`, whether numbers are probabilities; `fields`.
export function describe(about, openapi) {
 const models = MODELS.filter(name => name in about.models);
 const schema = openapi.components.schemas.Row;
 const fields = Object.entries(schema.properties).map(([name, one]) => readField(name, one, schema.required));
 Object.assign(served, about, { models, terms: about.models, event: some(about.positive) || about.task === "multiclass", fields });
}

function readField(name, schema, required) {
 const types = [schema.type].flat();
 const type = types.find(one => one !== "null") ?? "string";
 const known = schema["x-training"] ?? {};
 let [example] = schema.examples ?? [null];
 if (type === "boolean" && some(example)) example = /^(true|t|yes|y|1)$/i.test(example); // as files write them
 const values = type === "boolean" ? [true, false] : schema.enum?.filter(some);
 const field = {
  name, type, values, example,
  title: capital(schema.title ?? name),
  unit: schema["x-unit"] ?? "",
  missing: types.includes("null") || !required.includes(name),
  low: schema.minimum, high: schema.maximum,
  levels: known.levels,
  format: schema.format,
  most: schema.maxLength, // characters of a text
  numeric: ["integer", "number"].includes(type) && typeof example !== "string" && !values,
 };
 return field.numeric ? { ...field, ...slope(field, known) } : field;
}

// From where to where a slider goes, and by which steps. A value beyond its ends can be typed.
function slope({ type, low, high, example }, known) {
 const start = example ?? known.low ?? low ?? 0;
 const least = known.low ?? low ?? start;
 let most = known.high ?? high ?? start + 1;
 const near = Math.max(Math.abs(start - least), type === "integer" ? 1 : (most - least) / 1e6);
 if (most - least > FAR * near) most = least + NEAR * near;
 const rough = round((most - least || 1) / STOPS);
 const step = type === "integer" ? Math.max(1, rough) : rough;
 return { step, from: tidy(Math.floor(least / step) * step, step), to: tidy(Math.ceil(most / step) * step, step) };
}

// The next of 1, 2, 5, 10, 20 ...: steps that one can read.
export function round(rough) {
 const power = 10 ** Math.floor(Math.log10(rough));
 return [1, 2, 5, 10].map(one => one * power).find(one => one >= rough * 0.999);
}

// A multiple of a step, without what binary fractions add to it.
export const tidy = (value, step) => Number(value.toFixed(Math.min(Math.max(0, -Math.floor(Math.log10(step))), 12)));
