// The page on which one document is coded: what its parts do together.

import { Acting } from "./acting.js";
import { Codings } from "./codings.js";
import { Drawing } from "./drawing.js";
import { Keys } from "./keys.js";
import { Listing } from "./listing.js";
import { Palette } from "./palette.js";
import { Reading } from "./reading.js";
import { Line, Words, announce, calm, complain } from "./talk.js";
import { DocumentText } from "./text.js";

const byId = (id) => document.getElementById(id);
const LONGEST_SAID = 4000;
const LAST_SAID = 80;

class CodingPage extends Acting {
  constructor(data) {
    super();
    this.words = new Words(data.words);
    this.codes = data.codes;
    this.closed = data.closed;
    this.writable = !data.closed;
    this.done = data.done;
    this.note = data.note;
    this.container = byId("text");
    this.text = new DocumentText(this.container, data.blocks, data.language);
    this.codings = new Codings(this.text, this.codes);
    this.codings.load(data.codings);
    this.line = new Line(document.body.dataset.actions, this.words);
    this.line.seen = data.revision;
    this.drawing = new Drawing(this.text, this.codings, (coding) => this.named(coding));
    this.reading = new Reading(this.text, data.whole, (why) => this.moved(why));
    this.palette = new Palette(this.codes, this.words, { chosen: (code) => this.code(code), left: () => this.back() });
    this.palette.count(this.codings.byId);
    this.listing = new Listing(this.codings, this.words, (coding) => this.named(coding), (...what) => this.act(...what));
    this.keys = new Keys(this);
    this.wire();
    this.showDone();
    this.listing.show(this.text.blocks[0], this.mayCode);
    this.goTo(location.hash);
  }

  get mayCode() {
    return this.writable && !this.done;
  }

  named(coding) {
    return this.codes[coding.code].name;
  }

  /** A coding in words that can be heard: a sign for the polarity is read as nothing, or as something else. */
  told(coding, { memo = true } = {}) {
    const parts = [this.named(coding)];
    if (coding.polarity) parts.push(this.words.say(coding.polarity));
    if (!coding.own) parts.push(this.words.say("by", { coder: coding.coder }));
    if (memo && coding.memo) parts.push(this.words.say("with_memo"));
    return parts.join(", ");
  }

  wire() {
    addEventListener("hashchange", () => this.goTo(location.hash));
    document.addEventListener("selectionchange", () => {
      if (document.activeElement?.closest?.("#palette, dialog, #side")) return;
      this.reading.takeSelection();
    });
    this.container.addEventListener("click", (event) => {
      const shown = event.target.closest(".name, .bar");
      const coding = shown && this.codings.byId.get(shown.dataset.id);
      if (coding) this.pick(coding);
    });
    for (const button of document.querySelectorAll("button[data-do]")) {
      button.addEventListener("click", () => this.do(button.dataset.do));
    }
    byId("filter").addEventListener("change", (event) => this.filter(event.target.value));
    byId("wrong").querySelector("button").addEventListener("click", calm);
    byId("memo").addEventListener("submit", (event) => this.storeMemo(event));
    for (const close of document.querySelectorAll("dialog [data-close]")) {
      close.addEventListener("click", () => close.closest("dialog").close());
    }
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.refresh();
    });
    this.container.addEventListener("focus", () => {
      if (!this.reading.anchor && this.container.matches(":focus-visible")) this.begin();
    });
  }

  /** A named thing to do, by button or by key. */
  do(what) {
    const things = {
      undo: () => this.takeBack("undo"),
      redo: () => this.takeBack("redo"),
      done: () => this.setDone(),
      next: () => this.step(true),
      previous: () => this.step(false),
      code: () => this.choose(),
      repeat: () => this.repeat(),
      help: () => byId("help").showModal(),
      memo: () => this.openMemo(),
      note: () => this.openNote(),
      remove: () => this.remove(),
      side: () => this.side(),
      text: () => this.back(),
      search: () => document.querySelector("#search input").focus(),
    };
    things[what]();
  }

  act(what, coding, value) {
    if (!coding) return;
    this.setCurrent(coding);
    if (what === "pick") this.pick(coding);
    else if (what === "polarity") this.judge(value);
    else this.do(what);
  }

  // Moving about

  /** The cursor on the first paragraph in sight. */
  begin() {
    const inSight = [...this.drawing.inSight].sort((a, b) => a.index - b.index);
    const block = inSight.find((each) => each.shown.getBoundingClientRect().top >= 0) ?? this.text.blocks[0];
    this.reading.set(...this.text.units(block, "paragraph")[0], { kind: "paragraph" });
  }

  moved(why) {
    const { reading } = this;
    if (why === "edge") {
      announce(this.words.say("edge"));
      return;
    }
    this.drawing.select([reading.start, reading.end]);
    byId("selected").hidden = reading.empty || !this.mayCode;
    if (this.shownBlock !== reading.block) {
      this.shownBlock?.shown.classList.remove("here");
      this.shownBlock = reading.block;
      this.shownBlock.shown.classList.add("here");
      this.listing.show(reading.block, this.mayCode);
    }
    if (why === "move" || why === "extend") this.read(why);
  }

  read(why) {
    const { reading, words } = this;
    const all = this.text.slice(reading.start, reading.end);
    // Of a selection that grows the end is news; anything else is said whole, and where it is too long for that, that it is.
    const tail = why === "extend" && all.length > 4 * LAST_SAID ? `… ${all.slice(-LAST_SAID)}` : all;
    const said = tail.slice(0, LONGEST_SAID);
    const goesOn = tail.length > LONGEST_SAID ? ` … ${words.say("goes_on")}` : "";
    const codings = this.codings.over(reading.start, reading.end).map((coding) => this.told(coding));
    const place = reading.kind === "paragraph" ? `${reading.block.label}: ` : "";
    const coded = codings.length ? ` ${words.say("coded_here", { codes: codings.slice(0, 12).join("; ") })}` : "";
    announce(`${place}${why === "extend" ? `${words.say("selected")} ` : ""}`, { words: said, lang: this.text.language }, goesOn + coded);
  }

  back() {
    this.palette.close();
    byId("side").classList.remove("open");
    this.container.focus({ preventScroll: true });
    this.reading.showSelection();
  }

  side() {
    byId("side").classList.toggle("open");
    (byId("here").querySelector("[aria-current]") ?? byId("here").querySelector("button") ?? byId("here-head")).focus();
  }

  goTo(hash) {
    const found = /^#(\d+)-(\d+)$/.exec(hash);
    if (!found) return;
    const [start, end] = [Number(found[1]), Number(found[2])];
    if (!(start < end && end <= this.text.end)) return;
    this.text.blockAt(start).shown.scrollIntoView({ block: "center" });
    this.container.focus({ preventScroll: true });
    this.reading.set(start, end);
  }

  step(forward) {
    const coding = this.codings.step(forward, this.reading.start);
    if (!coding) {
      announce(this.words.say("edge"));
      return;
    }
    this.pick(coding);
  }

  pick(coding) {
    this.setCurrent(coding);
    this.text.blockAt(coding.start).shown.scrollIntoView({ block: "nearest" });
    this.container.focus({ preventScroll: true });
    this.reading.set(coding.start, coding.end);
    const memo = coding.memo ? ` ${this.words.say("memo")}: ${coding.memo}.` : "";
    const words = this.text.slice(coding.start, coding.end).slice(0, LONGEST_SAID);
    announce(`${this.told(coding, { memo: false })}.${memo} `, { words, lang: this.text.language });
  }

  setCurrent(coding) {
    const old = this.codings.current;
    this.codings.current = coding;
    for (const each of [old, coding]) if (each) this.drawing.redrawAt(each.start, each.end);
    this.listing.show(this.shownBlock ?? this.text.blocks[0], this.mayCode);
  }

  filter(code) {
    this.codings.filter = code;
    this.drawing.redraw();
    this.listing.show(this.reading.block, this.mayCode);
    const shown = [...this.codings.byId.values()].filter((coding) => this.codings.shown(coding)).length;
    announce(this.words.say("filtered", { n: shown }));
  }
}

const response = await fetch(document.body.dataset.document);
if (response.ok) {
  globalThis.page = new CodingPage(await response.json());
  document.body.dataset.ready = "true";
} else {
  complain(document.body.dataset.unread);
}
