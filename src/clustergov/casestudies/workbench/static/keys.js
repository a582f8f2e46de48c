// The keys of the coding page. Single letters work only while the text has the focus, so that they disturb nobody's typing.

const UNITS = { ArrowRight: ["word", true], ArrowLeft: ["word", false], ArrowDown: ["paragraph", true], ArrowUp: ["paragraph", false] };
const LETTERS = {
  Enter: "code", r: "repeat", m: "memo", Delete: "remove", x: "remove", n: "next", p: "previous", u: "undo", c: "side", f: "search",
  d: "done", "?": "help",
};
const POLARITIES = { 0: "", 1: "supports", 2: "qualifies", 3: "contradicts" };

const typing = (target) => target.matches?.("input, textarea, select, [contenteditable]");

export class Keys {
  constructor(page) {
    this.page = page;
    page.container.addEventListener("keydown", (event) => this.inText(event));
    document.addEventListener("keydown", (event) => this.anywhere(event));
  }

  anywhere(event) {
    if (document.querySelector("dialog[open]")) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) document.getElementById("memo-form")?.requestSubmit();
      return;
    }
    if (event.key === "Escape" && !typing(event.target)) {
      this.page.back();
      return;
    }
    if (typing(event.target) || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const what = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[event.key.toLowerCase()];
    if (!what) return;
    event.preventDefault();
    this.page.do(what);
  }

  inText(event) {
    if (event.altKey || event.isComposing || event.defaultPrevented) return;
    const { reading } = this.page;
    const control = event.ctrlKey || event.metaKey;
    if (event.key in UNITS) {
      const [kind, forward] = UNITS[event.key];
      const by = control && kind === "word" ? "sentence" : kind;
      if (event.shiftKey) reading.extend(by, forward);
      else reading.move(by, forward);
    } else if (event.key === "Home" || event.key === "End") {
      reading.leap(event.key === "End", control, event.shiftKey);
    } else if (event.key === "s" || event.key === "S") {
      if (control) return;
      reading.move("sentence", event.key === "s");
    } else if (!control && event.key in POLARITIES) {
      this.page.judge(POLARITIES[event.key]);
    } else if (!control && event.key in LETTERS) {
      this.page.do(LETTERS[event.key]);
    } else {
      return;
    }
    event.preventDefault();
  }
}
