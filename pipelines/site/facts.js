// The fact behind each number of a page: shown where the mouse rests on a number or the keyboard comes to it, kept open
// by a click, a tap, Enter or Space, closed by Escape. Without this script the page reads the same.
"use strict";
(() => {
  const element = document.getElementById("facts");
  const numbers = [...document.querySelectorAll("article .fact")];
  if (!element || !numbers.length) return;
  const { facts, steps } = JSON.parse(element.textContent);
  const REST = 120; // milliseconds a mouse rests before it asks, and that it may take from the number to its fact

  const panel = document.createElement("div");
  panel.className = "fact-panel";
  panel.id = "fact-panel";
  panel.hidden = true;
  panel.setAttribute("role", "status"); // a screen reader reads what comes into it
  let shown = null; // the number whose fact is open
  let kept = false; // open until it is closed, not only while the mouse or the keyboard is there
  let returning = false; // the keyboard comes back from a fact that it closed
  let timer = 0;

  // A page has hundreds of numbers: the Tab key stops once in each paragraph, list or table, arrows go on from there.
  const groups = new Map();
  for (const number of numbers) {
    if (number.closest("a, summary")) continue; // those take clicks and keys themselves
    const group = number.closest("p, ul, ol, table, h1, h2, h3, h4, h5, h6, details") || number;
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(number);
    number.setAttribute("role", "button");
    number.setAttribute("aria-expanded", "false");
    number.tabIndex = groups.get(group).length === 1 ? 0 : -1;
    number.group = groups.get(group);
  }

  function line(name, value, tag = "dd") {
    const term = document.createElement("dt");
    const said = document.createElement(tag);
    term.textContent = name;
    said.append(value);
    return [term, said];
  }

  function code(text) {
    const span = document.createElement("code");
    span.textContent = text;
    return span;
  }

  function fill(number) {
    const [stepName, pointer, value] = facts[number.dataset.fact];
    const step = steps[stepName];
    let where = code(pointer);
    if (step.file) {
      const link = document.createElement("a");
      link.href = step.file;
      link.append(where);
      where = link;
    }
    const list = document.createElement("dl");
    list.append(...line("Fact", where), ...line("Value", code(value)), ...line("Made by", step.made), ...line("Run again", code(step.again)));
    panel.replaceChildren(list);
    if (number.group && number.group.length > 1 && number.matches(":focus-visible")) {
      const hint = document.createElement("p");
      hint.textContent = `← → number ${number.group.indexOf(number) + 1} of ${number.group.length} here · Esc closes`;
      panel.append(hint);
    }
  }

  function place(number) {
    if (matchMedia("(max-width: 44.9em)").matches) {
      panel.style.cssText = ""; // a sheet at the foot of a phone: see facts.css
      return;
    }
    const at = number.getClientRects()[0] || number.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = panel;
    const below = at.bottom + height + 8 < innerHeight || at.top < height + 8;
    panel.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8))}px`;
    panel.style.top = `${below ? at.bottom + 4 : at.top - height - 4}px`;
  }

  function open(number, keep) {
    clearTimeout(timer);
    if (shown !== number) close();
    kept = kept || keep;
    if (shown === number) return;
    shown = number;
    if (number.group) number.after(panel); // so that the Tab key goes from the number into its fact
    else document.body.append(panel); // no link may stand in a link
    fill(number);
    panel.hidden = false;
    number.classList.add("fact--open");
    if (number.group) {
      number.setAttribute("aria-expanded", "true");
      number.setAttribute("aria-controls", panel.id);
    }
    place(number);
  }

  function close() {
    clearTimeout(timer);
    if (!shown) return;
    const inside = panel.contains(document.activeElement);
    const number = shown;
    shown = null;
    kept = false;
    panel.hidden = true;
    number.classList.remove("fact--open");
    if (number.group) {
      number.setAttribute("aria-expanded", "false");
      number.removeAttribute("aria-controls");
    }
    if (inside && number.group) {
      returning = true;
      number.focus();
      returning = false;
    }
  }

  function toggle(number) {
    if (shown === number && kept) close();
    else open(number, true);
  }

  function factOf(target) {
    return target instanceof Element ? target.closest("article .fact") : null;
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse" || kept) return;
    clearTimeout(timer);
    const number = factOf(event.target);
    if (number) timer = setTimeout(() => open(number, false), REST);
    else if (shown && !panel.contains(event.target)) timer = setTimeout(close, REST);
  });

  document.addEventListener("click", (event) => {
    if (panel.contains(event.target)) return;
    const number = factOf(event.target);
    if (number && number.group) {
      number.focus({ preventScroll: true });
      toggle(number);
    } else close();
  });

  document.addEventListener("focusin", (event) => {
    const number = factOf(event.target) || event.target.querySelector?.(":scope > .fact, :scope > * > .fact");
    if (panel.contains(event.target)) return;
    if (!number || !event.target.matches(".fact, article a, article summary")) {
      close();
      return;
    }
    if (number.group) {
      for (const other of number.group) other.tabIndex = other === number ? 0 : -1;
    }
    if (event.target.matches(":focus-visible") && !returning) open(number, false);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) {
      close();
      event.stopPropagation();
      return;
    }
    const number = event.target.matches?.("article .fact") ? event.target : null;
    if (!number || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" || event.key === " ") toggle(number);
    else if (step && number.group.length > 1) {
      const next = number.group.indexOf(number) + step;
      number.group[(next + number.group.length) % number.group.length].focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  addEventListener("scroll", () => shown && place(shown), { passive: true });
  addEventListener("resize", () => shown && place(shown));

  const hint = document.createElement("p");
  hint.className = "fact-hint";
  hint.textContent = "Underlined numbers show the fact behind them: point at one, tap it, or press Tab.";
  document.querySelector("article h1")?.after(hint);
})();
