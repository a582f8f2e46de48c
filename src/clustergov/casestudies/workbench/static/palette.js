// The palette of codes: type to narrow it down, arrows to choose, Enter to code; definitions on demand.

import { announce } from "./talk.js";

const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export class Palette {
  /** @param chosen called with the index of a code; @param left called when the reader goes back to the text. */
  constructor(codes, words, { chosen, left }) {
    this.codes = codes;
    this.words = words;
    this.chosen = chosen;
    this.left = left;
    this.panel = document.getElementById("palette");
    this.input = document.getElementById("find-code");
    this.list = document.getElementById("codes");
    this.about = document.getElementById("about-code");
    this.active = -1;
    this.options = codes.map((code, index) => this.option(code, index));
    this.list.replaceChildren(...this.options);
    this.input.addEventListener("input", () => this.narrow());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => this.click(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection in the text stays
    this.list.addEventListener("pointerover", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.describe(Number(option.dataset.code));
    });
    document.getElementById("define").addEventListener("click", () => this.define());
    this.activate(-1);
  }

  option(code, index) {
    const option = document.createElement("div");
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.id = `code-${index}`;
    option.dataset.code = index;
    option.style.setProperty("--level", code.level);
    option.style.setProperty("--colour", code.colour);
    if (!code.codable) option.setAttribute("aria-disabled", "true");
    const above = document.createElement("span");
    above.className = "hidden"; // what the indentation shows
    above.textContent = code.path.slice(0, code.path.length - code.name.length);
    const name = document.createElement("span");
    name.textContent = code.name;
    const count = document.createElement("span");
    count.className = "count";
    count.setAttribute("aria-hidden", "true");
    option.append(above, name, count);
    return option;
  }

  count(byId) {
    const counts = new Array(this.codes.length).fill(0);
    for (const coding of byId.values()) counts[coding.code] += 1;
    this.options.forEach((option, index) => {
      option.lastChild.textContent = counts[index] || "";
    });
  }

  open() {
    this.panel.classList.add("open");
    this.input.focus();
    this.input.select();
    this.narrow();
  }

  close() {
    this.panel.classList.remove("open");
  }

  visible() {
    return this.options.map((option, index) => [option, index]).filter(([option]) => !option.hidden);
  }

  /** Keep what holds every word that was typed, and the folders around it. */
  narrow() {
    const typed = plain(this.input.value.trim()).split(/\s+/).filter(Boolean);
    const fits = this.codes.map((code) => code.codable && typed.every((word) => plain(`${code.path} ${code.code}`).includes(word)));
    const kept = new Set();
    fits.forEach((fit, index) => {
      if (fit) for (const line of this.codes[index].line) kept.add(line);
    });
    this.options.forEach((option, index) => {
      option.hidden = typed.length > 0 && !kept.has(this.codes[index].code);
    });
    const start = typed[0] ?? "";
    const best = (test) => this.codes.findIndex((code, index) => fits[index] && test(code));
    const named = typed.length ? best((code) => plain(code.name).startsWith(start)) : this.last ?? -1;
    this.activate(named >= 0 ? named : best(() => true));
    const found = fits.filter(Boolean).length;
    document.getElementById("codes-found").textContent = this.words.say("codes_found", { n: found });
  }

  activate(index) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = this.options[index];
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", option.id);
    if (this.list.scrollHeight > this.list.clientHeight) {
      const [top, bottom] = [option.offsetTop, option.offsetTop + option.offsetHeight];
      if (top < this.list.scrollTop) this.list.scrollTop = top;
      else if (bottom > this.list.scrollTop + this.list.clientHeight) this.list.scrollTop = bottom - this.list.clientHeight;
    }
    this.describe(index);
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) {
      const all = this.visible().filter(([, index]) => this.codes[index].codable).map(([, index]) => index);
      const at = all.indexOf(this.active);
      if (all.length) this.activate(all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))]);
    } else if (event.key === "Enter") {
      if (this.active >= 0) this.take(this.active);
    } else if (event.key === "Escape") {
      this.input.value = "";
      this.left();
    } else if (event.key === "F2") {
      this.define(true);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  click(event) {
    const option = event.target.closest("[role=option]");
    if (!option || option.getAttribute("aria-disabled")) return;
    this.take(Number(option.dataset.code));
  }

  take(index) {
    this.last = index;
    this.input.value = "";
    this.narrow();
    this.chosen(index);
  }

  /** Open or close what a code means; heard at once when asked for by key. */
  define(aloud = false) {
    const button = document.getElementById("define");
    this.about.hidden = !this.about.hidden;
    button.setAttribute("aria-expanded", String(!this.about.hidden));
    this.describe(this.active);
    if (aloud && !this.about.hidden) announce(this.about.innerText);
  }

  describe(index) {
    const code = this.codes[index];
    if (!code || this.about.hidden) return;
    const parts = [["h3", code.path]];
    for (const [part, words] of Object.entries(code.about)) parts.push(["h4", this.words.say(part)], ["p", words]);
    this.about.replaceChildren(
      ...parts.map(([tag, words]) => Object.assign(document.createElement(tag), { textContent: words })),
    );
  }
}
