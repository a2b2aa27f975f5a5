// The API that the page asks, and nothing else; and what is said when it does not answer.
import { at } from "./elements.js";
import { sentences } from "./words.js";

const AGAIN = 3000; // milliseconds between looks whether the server is ready
const NOT_READY = 503;

class Refused extends Error {} // no answer: why, in words

let away = 0; // the timer of the next look
let comeBack = async () => {};

export function onReturn(action) {
 comeBack = action;
}

// Return what the API answers, in JSON; throw where that is no answer. A body is posted: text as CSV, else as JSON.
export async function ask(path, body) {
 const text = typeof body === "string";
 const headers = { "Content-Type": text ? "text/csv" : "application/json" };
 const post = body && { method: "POST", headers, body: text ? body : JSON.stringify(body) };
 const response = await fetch(path, post).catch(() => null);
 const content = await response?.json().catch(() => null);
 if (response?.ok && content) {
  back();
  return content;
 }
 const refused = content?.error ? sentences(content.error).join(" ") : `The server failed (HTTP ${response?.status}).`;
 const words = response ? refused : "The server does not answer.";
 if (!response || response.status === NOT_READY) gone(words);
 throw new Refused(words);
}

// Hand on why there was no answer; an error of the page itself is thrown again.
export function tell(error, hear = () => {}) {
 if (!(error instanceof Refused)) throw error;
 hear(error.message);
}

function gone(words) {
 at("banner").textContent = `${words} What stands here is from before; the page goes on as soon as answers come again.`;
 at("banner").hidden = false;
 away ||= setTimeout(look, AGAIN);
}

async function look() {
 const ready = await fetch("ready").catch(() => null);
 if (ready?.ok) back();
 else away = setTimeout(look, AGAIN);
}

function back() {
 if (!away) return;
 clearTimeout(away);
 away = 0;
 at("banner").hidden = true;
 comeBack().catch(error => tell(error));
}
