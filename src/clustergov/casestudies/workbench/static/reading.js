// The reading cursor: always a word, a sentence, a paragraph, or what was selected from one on; moved by keys or mouse.

const RANK = { word: 0, sentence: 1, paragraph: 2 };

export class Reading {
  /** @param whole whether only whole paragraphs can be coded; @param changed called with what kind of change it was. */
  constructor(text, whole, changed) {
    this.text = text;
    this.whole = whole;
    this.changed = changed;
    this.kind = "paragraph";
    this.anchor = null; // [start, end) from which a selection grows
    this.edge = 0; // its other, moving end
    this.chosen = false; // whether anything was moved to or selected yet
  }

  get start() {
    return this.anchor ? Math.min(this.anchor[0], this.edge) : 0;
  }

  get end() {
    return this.anchor ? Math.max(this.anchor[1], this.edge) : 0;
  }

  get empty() {
    return !this.anchor || this.start === this.end;
  }

  /** Where the reader is: the moving end. */
  get offset() {
    if (!this.anchor) return 0;
    return this.edge > this.anchor[0] ? Math.max(this.anchor[0], this.edge - 1) : this.edge;
  }

  get block() {
    return this.text.blockAt(this.offset);
  }

  set(start, end, { kind = "word", why = "move" } = {}) {
    if (this.whole && end > start) {
      const touched = this.text.touched(start, end);
      [start, end] = [touched[0].start, touched[0].end];
    }
    this.anchor = [start, end];
    this.edge = end;
    this.kind = kind;
    this.chosen = true;
    if (why !== "mouse") this.showSelection();
    this.changed(why);
  }

  /** To the next or previous word, sentence or paragraph; from a larger unit into it, from a smaller one to the one around it. */
  move(kind, forward) {
    if (this.whole) kind = "paragraph";
    const target = this.target(kind, forward);
    if (!target) {
      this.changed("edge");
      return;
    }
    this.set(...target, { kind });
  }

  target(kind, forward) {
    const { text } = this;
    if (!this.chosen) return this.anchor ? text.around(kind, this.start) : text.next(kind, 0);
    if (RANK[kind] > RANK[this.kind] && !this.empty) {
      const around = text.around(kind, forward ? this.end - 1 : this.start);
      if (around && (around[0] !== this.start || around[1] !== this.end)) return around;
    }
    const into = RANK[kind] < RANK[this.kind];
    if (forward) return text.next(kind, into ? this.start : this.end);
    return text.previous(kind, into ? this.end : this.start);
  }

  /** Move the other end by a unit. */
  extend(kind, forward) {
    if (this.whole) return;
    if (!this.anchor) {
      this.move(kind, forward);
      return;
    }
    const [from, to] = this.anchor;
    if (this.edge > from && this.edge < to) this.edge = to;
    const edge = forward ? this.forward(kind, from, to) : this.backward(kind, from, to);
    if (edge === null) {
      this.changed("edge");
      return;
    }
    this.edge = edge;
    this.kind = kind;
    this.chosen = true;
    this.showSelection();
    this.changed("extend");
  }

  forward(kind, from, to) {
    const { text } = this;
    if (this.edge < from) {
      const next = text.next(kind, this.edge + 1);
      return next && next[0] < from ? next[0] : to;
    }
    let unit = text.around(kind, this.edge);
    if (!unit || unit[1] <= this.edge) unit = text.next(kind, this.edge);
    return unit && unit[1] > this.edge ? unit[1] : null;
  }

  backward(kind, from, to) {
    const { text } = this;
    if (this.edge > to) {
      const previous = text.previous(kind, this.edge - 1);
      return previous && previous[1] > to ? previous[1] : to;
    }
    const before = Math.min(from, this.edge);
    if (before === 0) return null;
    const around = text.around(kind, before - 1);
    const unit = around && around[0] < before ? around : text.previous(kind, before);
    return unit && unit[0] < before ? unit[0] : null;
  }

  /** To the beginning or the end of the paragraph or of the document. */
  leap(forward, everything, extending) {
    const { text } = this;
    const block = everything ? text.blocks[forward ? text.blocks.length - 1 : 0] : this.block;
    const [start, end] = text.trimmed(block.start, block.end);
    if (extending && this.anchor && !this.whole) {
      this.edge = forward ? end : start;
      this.showSelection();
      this.changed("extend");
      return;
    }
    const kind = this.whole ? "paragraph" : "word";
    const unit = forward ? text.previous(kind, end) : text.next(kind, start);
    if (unit) this.set(...unit, { kind });
  }

  /** What the mouse, a finger or the browser's own keys selected. */
  takeSelection() {
    const selection = getSelection();
    if (!selection.rangeCount || !this.text.container.contains(selection.anchorNode)) return false;
    const one = this.text.offset(selection.anchorNode, selection.anchorOffset);
    const other = this.text.offset(selection.focusNode, selection.focusOffset);
    if (one === null || other === null) return false;
    let [start, end] = this.text.trimmed(Math.min(one, other), Math.max(one, other));
    if (this.whole) {
      const touched = this.text.touched(start, Math.max(end, start + 1));
      if (!touched.length) return false;
      [start, end] = [touched[0].start, touched[0].end];
    }
    if (start === this.start && end === this.end && this.chosen) return false;
    if (selection.isCollapsed && !this.whole) {
      this.anchor = [one, one];
      this.edge = one;
      this.kind = "word";
      this.chosen = true;
      this.changed("mouse");
    } else if (end > start) {
      this.set(start, end, { why: "mouse" });
    }
    return true;
  }

  /** Show the cursor as the browser's selection too, so that copying and reading aloud work on it. */
  showSelection() {
    if (this.empty) return;
    const selection = getSelection();
    const [from, at] = this.text.point(this.start);
    const last = this.text.blockAt(this.end - 1);
    const range = this.text.range(last, this.end - 1, this.end);
    selection.setBaseAndExtent(from, at, range.endContainer, range.endOffset);
    this.reveal();
  }

  reveal() {
    const { block } = this;
    const box = this.text.range(block, Math.min(this.offset, block.end - 1), Math.min(this.offset, block.end - 1) + 1).getBoundingClientRect();
    const top = 140;
    const bottom = innerHeight - 160;
    if (box.top < top || box.bottom > bottom) scrollBy({ top: box.top - innerHeight / 3 });
  }
}
