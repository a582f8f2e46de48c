// The list of codings where the reader is: what each is, by whom, and what can be done with it.

import { sign } from "./drawing.js";

const POLARITIES = ["supports", "qualifies", "contradicts", ""];
const MOST = 60;

export class Listing {
  constructor(codings, words, name, act) {
    this.codings = codings;
    this.words = words;
    this.name = name;
    this.act = act;
    this.list = document.getElementById("here");
    this.head = document.getElementById("here-head");
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.act(button.dataset.act, this.of(button));
    });
    this.list.addEventListener("change", (event) => this.act("polarity", this.of(event.target), event.target.value));
  }

  of(element) {
    return this.codings.byId.get(element.closest("li").dataset.id);
  }

  show(block, writable) {
    const focused = document.activeElement?.closest?.("#here li")?.dataset.id;
    const part = document.activeElement?.dataset?.act;
    const here = block ? this.codings.in(block) : [];
    this.head.textContent = this.words.say("here", { label: block?.label ?? "", n: here.length });
    this.list.replaceChildren(...here.slice(0, MOST).map((coding) => this.item(coding, writable)));
    if (here.length > MOST) {
      this.list.append(Object.assign(document.createElement("li"), { textContent: `+${here.length - MOST}` }));
    }
    document.getElementById("none-here").hidden = here.length > 0;
    if (focused) this.list.querySelector(`li[data-id="${CSS.escape(focused)}"] [data-act="${part}"]`)?.focus();
  }

  item(coding, writable) {
    const item = document.createElement("li");
    item.dataset.id = coding.id;
    item.style.setProperty("--colour", coding.colour);
    const name = this.name(coding);
    const pick = make("button", { textContent: name, className: "pick" }, "pick");
    if (coding === this.codings.current) {
      item.classList.add("current");
      pick.setAttribute("aria-current", "true");
    }
    const words = this.codings.text.slice(coding.start, coding.end);
    const excerpt = words.length > 90 ? `${words.slice(0, 60)} … ${words.slice(-25)}` : words;
    item.append(pick, make("p", { textContent: excerpt, className: "excerpt" }));
    const own = writable && coding.own;
    if (!own) {
      const told = coding.polarity ? `${sign(coding.polarity)} ${this.words.say(coding.polarity)}` : "";
      item.append(make("p", { textContent: [coding.coder, told].filter(Boolean).join(" · "), className: "by" }));
    }
    if (coding.memo) item.append(make("p", { textContent: coding.memo, className: "memo" }));
    if (own) item.append(this.tools(coding, name));
    return item;
  }

  tools(coding, name) {
    const tools = make("div", { className: "tools" });
    const select = make("select", {}, "polarity");
    select.setAttribute("aria-label", this.words.say("polarity_of", { name }));
    for (const polarity of POLARITIES) {
      const words = polarity ? `${sign(polarity)} ${this.words.say(polarity)}` : this.words.say("unjudged");
      select.append(make("option", { value: polarity, textContent: words, selected: polarity === (coding.polarity ?? "") }));
    }
    const memo = make("button", { textContent: this.words.say("memo") }, "memo");
    memo.setAttribute("aria-label", this.words.say("memo_of", { name }));
    const remove = make("button", { textContent: this.words.say("remove") }, "remove");
    remove.setAttribute("aria-label", this.words.say("remove_of", { name }));
    tools.append(select, memo, remove);
    return tools;
  }
}

function make(tag, properties, act) {
  const element = Object.assign(document.createElement(tag), properties);
  if (act) element.dataset.act = act;
  if (tag === "button") element.type = "button";
  return element;
}
