// The pictures: each gets its width in pixels and returns SVG; nothing but places is computed here.
import { round, served, tidy } from "./about.js";
import { box, line, picture, shape, svg, text } from "./elements.js";
import { amount, capital, differenceText, plain, score, some, valueText } from "./words.js";

const LETTER = 6.8; // pixels of a letter, about
const ROUNDING = 1e-9;
const TICKS = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999];
const short = (name, width) => (name.length * LETTER > width ? `${name.slice(0, Math.floor(width / LETTER) - 1)}…` : name);

// An axis of probabilities, by their log-odds: rare events have room on it.
function oddsAxis(values, from, to) {
 const odds = value => Math.log(value / (1 - value));
 const low = Math.max(Math.min(0.001, ...values.filter(one => one > 0).map(one => 10 ** Math.floor(Math.log10(one)))), 1e-8);
 const high = 0.9993;
 const place = value => {
  const kept = Math.min(Math.max(value, low), high);
  return from + ((odds(kept) - odds(low)) / (odds(high) - odds(low))) * (to - from);
 };
 return { place, ticks: TICKS.filter(one => one >= low), word: one => `${plain(tidy(100 * one, 1e-8))} %` };
}

function evenAxis(values, from, to) {
 const [low, high] = [Math.min(...values), Math.max(...values)];
 const pad = (high - low || Math.abs(high) || 1) * 0.06;
 const step = round((high - low + 2 * pad) / Math.max((to - from) / 60, 1));
 const first = Math.floor((low - pad) / step) * step;
 const steps = Math.ceil((high + pad - first) / step);
 const ticks = Array.from({ length: steps + 1 }, (_, i) => tidy(first + i * step, step));
 return { place: value => from + ((value - first) / (steps * step)) * (to - from), ticks, word: amount };
}

// Where each model's answer lies: its interval, from where on it acts, and its answer before.
export function drawLanes(width, now, before, chosen) {
 const models = served.models.filter(name => !now[name].error);
 const [left, right, row, top] = [76, width - 14, 30, 20];
 const foot = top + row * models.length;
 const values = models.flatMap(name => [now[name], before?.[name] ?? now[name]])
  .flatMap(({ prediction, interval }) => [prediction, ...(interval ? [interval.low, interval.high] : [])]);
 const axis = (served.event ? oddsAxis : evenAxis)(values, left, right);
 const parts = models.flatMap((name, i) => {
  const cut = now[name].decision && axis.place(now[name].decision.threshold);
  return some(cut) ? [box(cut, top + row * i + 3, right - cut, row - 6, "acts")] : [];
 });
 let free = -Infinity;
 for (const tick of axis.ticks) {
  const [x, half] = [axis.place(tick), axis.word(tick).length * LETTER / 2];
  parts.push(line(x, top, x, foot, "rule"));
  if (x - half < free || x + half > width) continue;
  parts.push(text(x, foot + 13, axis.word(tick), "soft", "middle"));
  free = x + half + 8;
 }
 for (const [i, name] of models.entries()) {
  const { prediction, decision, interval } = now[name];
  const [x, y] = [axis.place(prediction), top + row * (i + 0.5)];
  parts.push(text(0, y, capital(name), name === chosen ? "ink bold" : "soft"));
  if (decision) {
   const cut = axis.place(decision.threshold);
   const flip = cut > width - 140;
   parts.push(line(cut, y - row / 2 + 3, cut, y + row / 2 - 3, "cut"));
   if (i === 0) parts.push(text(flip ? right : cut, top - 9, "acts from here on →", "soft", flip ? "end" : "start"));
  }
  if (interval) parts.push(line(axis.place(interval.low), y, axis.place(interval.high), y, `${name} span`));
  if (before) {
   const start = axis.place(before[name].prediction);
   parts.push(line(start, y, x, y, `${name} trail`), shape(name, start, y, "hollow", 5));
  }
  parts.push(shape(name, x, y, "mark", name === chosen ? 7.5 : 6));
 }
 return picture(width, foot + 24, parts);
}

// From the baseline's answer to the model's: a bar for what each cause moved.
export function drawWaterfall(width, why, end, model) {
 const steps = [...why.causes, { cause: "the rest", moved: why.rest }]
  .filter(({ moved }) => Math.abs(moved) > ROUNDING * (Math.abs(end) + Math.abs(why.from)));
 const reached = [why.from];
 for (const { moved } of steps) reached.push(reached.at(-1) + moved);
 const [low, high] = [Math.min(...reached, end), Math.max(...reached, end)];
 const left = 84;
 const place = value => left + ((value - low) / (high - low || 1)) * (width - 92 - left);
 const row = 26;
 const parts = [
  text(0, 13, "Baseline"), shape("baseline", place(why.from), 13), text(place(why.from) + 12, 13, valueText(why.from), "ink"),
 ];
 for (const [i, { cause, moved }] of steps.entries()) {
  const y = 13 + row * (i + 1);
  const [from, to] = [place(reached[i]), place(reached[i + 1])];
  parts.push(text(0, y, short(capital(cause), left), "ink"), line(from, y - row + 7, from, y + 7, "axis"),
   box(Math.min(from, to), y - 7, Math.abs(to - from), 14, moved > 0 ? "bar-up" : "bar-down"),
   text(Math.max(from, to) + 8, y, differenceText(moved), "ink"));
 }
 const [x, y] = [place(end), 13 + row * (steps.length + 1)];
 parts.push(text(0, y, capital(model), "ink bold"), line(x, y - row + 7, x, y - 7, "axis"), shape(model, x, y),
  text(x + 12, y, valueText(end), "ink bold"));
 const words = steps.map(({ cause, moved }) => `${cause} ${differenceText(moved)}`);
 return picture(width, y + 14, parts, `From ${valueText(why.from)} to ${valueText(end)}: ${words.join(", ")}`);
}

// Bars of [title, size, words], to the left of the middle where a size is negative.
export function drawBars(width, bars) {
 const most = Math.max(...bars.map(([, size]) => Math.abs(size))) || 1;
 const row = 44;
 const middle = bars.some(([, size]) => size < 0) ? width / 2 : 0;
 const reach = width - middle - Math.max(...bars.map(([, , words]) => words.length)) * LETTER - 10;
 const parts = bars.flatMap(([title, size, words], i) => {
  const y = row * i + 30;
  const long = (Math.abs(size) / most) * reach;
  const up = size > 0;
  return [
   text(0, row * i + 9, short(capital(title), width), "ink"), line(middle, y - 10, middle, y + 10, "axis"),
   box(up ? middle : middle - long, y - 7, long, 14, up ? "bar-up" : "bar-down"),
   text(middle + (up ? long + 8 : -long - 8), y, words, "ink", up ? "start" : "end"),
  ];
 });
 return picture(width, row * bars.length, parts, bars.map(([title, , words]) => `${title} ${words}`).join("; "));
}

// The answer along one field, all others as they are. Points are [value, answer]; `here` is the row's, `was` that before.
export function drawCurve(width, field, model, points, here, was) {
 const [left, right, top, foot] = [8, width - 84, 14, 140];
 const answers = [...points, here, ...(was ? [was] : [])].map(([, answer]) => answer.prediction);
 const threshold = here[1].decision?.threshold;
 const acts = some(threshold) && threshold < 3 * Math.max(...answers);
 const [low, high] = [Math.min(...answers), Math.max(...answers, acts ? threshold : -Infinity)];
 const spread = high - low || Math.abs(high) || 1;
 const yOf = value => foot - ((value - low) / spread) * (foot - top - 12) - 8;
 const [first, last] = [points[0][0], points.at(-1)[0]];
 const xOf = value => left + ((Math.min(Math.max(value, first), last) - first) / (last - first)) * (right - left);
 const parts = [line(left, foot, right, foot, "axis")];
 const used = [];
 const gutter = (value, word) => {
  const y = yOf(value);
  if (used.some(other => Math.abs(other - y) < 15)) return;
  used.push(y);
  parts.push(line(left, y, right, y, "rule"), text(right + 8, y, word));
 };
 if (acts && threshold >= low) {
  parts.push(box(left, top - 6, right - left, yOf(threshold) - top + 6, "acts"));
  gutter(threshold, "acts above");
 }
 gutter(Math.max(...answers), valueText(Math.max(...answers)));
 gutter(low, valueText(low));
 const path = points.map(([value, answer], i) => `${i ? "L" : "M"}${xOf(value).toFixed(1)} ${yOf(answer.prediction).toFixed(1)}`);
 parts.push(svg("path", { class: `${model} path`, d: path.join("") }));
 if (was && some(was[0])) parts.push(shape(model, xOf(was[0]), yOf(was[1].prediction), "hollow", 5));
 const [x, y] = [xOf(here[0]), yOf(here[1].prediction)];
 const flip = x > right - 90;
 parts.push(line(x, y, x, foot, `${model} trail`), shape(model, x, y, "mark", 7),
  text(x + (flip ? -13 : 13), Math.max(y - 12, 8), valueText(here[1].prediction), "ink bold halo", flip ? "end" : "start"),
  text(left, foot + 14, plain(first)), text(right, foot + 14, plain(last), "soft", "end"),
  text((left + right) / 2, foot + 14, short(field.unit || field.name, right - left - 100), "soft", "middle"));
 const [least, most] = [Math.min, Math.max].map(of => valueText(of(...answers)));
 return picture(width, foot + 26, parts, `${field.title} from ${first} to ${last}: answers from ${least} to ${most}`);
}

// Scores with their intervals, one below the other: [name, look, value, interval].
export function drawScores(width, rows) {
 const values = rows.flatMap(([, , value, ci]) => [value, ...(ci ?? [])]);
 const pad = (Math.max(...values) - Math.min(...values) || 0.01) * 0.08;
 const [low, high] = [Math.min(...values) - pad, Math.max(...values) + pad];
 const place = value => 84 + ((value - low) / (high - low)) * (width - 140);
 const parts = rows.flatMap(([name, look, value, ci], i) => {
  const y = 16 + 28 * i;
  return [
   text(0, y, name), ...(ci ? [line(place(ci[0]), y, place(ci[1]), y, `${look} span`)] : []),
   shape(look, place(value), y), text(width, y, score(value), "ink", "end"),
  ];
 });
 return picture(width, 28 * rows.length + 6, parts);
}
