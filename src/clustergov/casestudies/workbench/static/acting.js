// What a coder does: each act is stored first and shown then, in the order in which it was done.

import { announce, calm, complain } from "./talk.js";

const byId = (id) => document.getElementById(id);

/** The acts of a coding page; the page itself adds what is read and moved about in. */
export class Acting {
  choose() {
    if (!this.mayCode) {
      this.sayWhyNot();
      return;
    }
    const { reading } = this;
    if (reading.empty) {
      const sentence = this.text.around("sentence", reading.offset);
      if (!sentence) return;
      reading.set(...sentence, { kind: "sentence" });
    }
    byId("side").classList.remove("open");
    this.palette.open();
  }

  sayWhyNot() {
    const why = this.words.say(this.closed || "is_done");
    announce(why);
    complain(why);
  }

  repeat() {
    if (this.palette.last === undefined) this.choose();
    else this.code(this.palette.last);
  }

  code(index) {
    this.pending = this.store(index);
    return this.pending;
  }

  async store(index) {
    if (!this.mayCode) return this.sayWhyNot();
    const { reading } = this;
    if (reading.empty) {
      announce(this.words.say("select_first"));
      complain(this.words.say("select_first"));
      return undefined;
    }
    const { start, end } = reading;
    const block = this.text.blockAt(start);
    const where = reading.whole ? { at: block.at } : { start, end, ...this.ends(start, end) };
    this.palette.last = index;
    // The keys that follow are for the text, and for this coding or none.
    this.back();
    this.forgetCurrent();
    const answer = await this.send({ do: "code", concept: this.codes[index].code, ...where });
    if (answer) announce(this.words.say("coded", { name: this.codes[index].path }));
    else this.setCurrent(this.codings.own(start, end, index)); // “change that coding instead”: the next keys do
    return this.codings.current;
  }

  /** How the passage begins and ends as this page has it, by which the program sees that both count alike. */
  ends(start, end) {
    const touched = this.text.touched(start, end);
    return { head: this.text.part(touched[0], start, end), tail: this.text.part(touched.at(-1), start, end) };
  }

  forgetCurrent() {
    const old = this.codings.current;
    this.codings.current = null;
    if (old) this.drawing.redrawAt(old.start, old.end);
  }

  /** One's own coding that the keys are about; one that is being stored is waited for. */
  async needCurrent() {
    await this.pending;
    if (!this.mayCode) {
      this.sayWhyNot();
      return null;
    }
    const { current } = this.codings;
    if (current?.own) return current;
    announce(this.words.say("choose_coding"));
    return null;
  }

  async judge(polarity) {
    const coding = await this.needCurrent();
    if (!coding) return;
    if (await this.send({ do: "change", id: coding.id, polarity: polarity || null })) {
      announce(`${this.named(coding)}: ${this.words.say(polarity || "unjudged")}`);
    }
  }

  async remove() {
    const coding = await this.needCurrent();
    if (coding && (await this.send({ do: "remove", id: coding.id }))) {
      announce(this.words.say("removed", { name: this.named(coding) }));
      this.back();
    }
  }

  async openMemo() {
    const coding = await this.needCurrent();
    if (coding) this.ask(coding, this.words.say("memo_of", { name: this.named(coding) }), coding.memo);
  }

  /** The memo about the document itself. */
  openNote() {
    if (this.mayCode) this.ask(null, this.words.say("note"), this.note);
    else this.sayWhyNot();
  }

  ask(coding, head, memo) {
    byId("memo-head").textContent = head;
    byId("memo-text").value = memo ?? "";
    byId("memo-wrong").textContent = "";
    this.memoOf = coding;
    byId("memo").showModal();
    byId("memo-text").focus();
  }

  async storeMemo(event) {
    event.preventDefault();
    const memo = byId("memo-text").value.trim() || null;
    const action = this.memoOf ? { do: "change", id: this.memoOf.id, memo } : { do: "note", memo };
    const answer = await this.send(action, (words) => {
      byId("memo-wrong").textContent = words;
    });
    if (!answer) return;
    byId("memo").close();
    this.back();
    announce(this.words.say("memo_stored"));
  }

  async takeBack(which) {
    const answer = await this.send({ do: which });
    if (answer) announce(answer.said ?? "");
  }

  async setDone() {
    if (!this.writable) {
      this.sayWhyNot();
      return;
    }
    const answer = await this.send({ do: "done", done: !this.done });
    if (answer) announce(this.words.say(this.done ? "now_done" : "not_done"));
  }

  showDone() {
    const button = document.querySelector("button[data-do=done]");
    button.setAttribute("aria-pressed", String(this.done));
    document.body.classList.toggle("done", this.done);
    if (this.done) byId("selected").hidden = true;
    byId("note").textContent = this.note;
    byId("note").hidden = !this.note;
  }

  // What came back

  async send(action, told = complain) {
    let answer;
    try {
      answer = await this.line.act(action);
    } catch (error) {
      told(error.message);
      announce(error.message);
      return null;
    }
    calm();
    await this.take(answer);
    return answer;
  }

  async take(answer) {
    this.line.seen = answer.revision;
    if (answer.done !== undefined) this.done = answer.done;
    if (answer.note !== undefined) this.note = answer.note;
    if (answer.codings) {
      this.codings.load(answer.codings);
      this.drawing.redraw();
    } else {
      for (const id of answer.drop ?? []) {
        const coding = this.codings.drop(id);
        if (coding) this.drawing.redrawAt(coding.start, coding.end);
      }
      for (const row of answer.put ?? []) {
        const coding = this.codings.put(row);
        this.drawing.redrawAt(coding.start, coding.end);
      }
    }
    // What was done last is what the next keys are about.
    const last = this.codings.byId.get(answer.put?.[0]?.[0]);
    if (last) this.codings.current = last;
    this.showDone();
    this.palette.count(this.codings.byId);
    this.listing.show(this.shownBlock ?? this.text.blocks[0], this.mayCode);
  }

  /** Take over what was done in another tab, or by another program. */
  async refresh() {
    try {
      const response = await fetch(document.body.dataset.codings);
      if (response.ok) await this.take(await response.json());
    } catch {
      // The program was stopped; the next action will say so.
    }
  }
}
