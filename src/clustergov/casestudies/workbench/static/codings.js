// The codings of this document that this coder may see, by paragraph; which of them is the current one.

export class Codings {
  constructor(text, codes) {
    this.text = text;
    this.codes = codes;
    this.byId = new Map();
    this.byBlock = new Map();
    this.filter = "";
    this.current = null;
  }

  load(rows) {
    this.byId.clear();
    this.byBlock.clear();
    for (const row of rows) this.put(row, true);
    for (const here of this.byBlock.values()) here.sort(inOrder);
    if (this.current) this.current = this.byId.get(this.current.id) ?? null;
  }

  put([id, start, end, code, polarity, memo, coder, own], loading = false) {
    const current = this.current?.id === id;
    if (this.byId.has(id)) this.drop(id);
    const coding = { id, start, end, code, polarity, memo, coder, own, colour: this.codes[code].colour };
    this.byId.set(id, coding);
    for (const block of this.text.touched(start, end)) {
      if (!this.byBlock.has(block)) this.byBlock.set(block, []);
      const here = this.byBlock.get(block);
      here.push(coding);
      if (!loading) here.sort(inOrder);
    }
    if (current) this.current = coding;
    return coding;
  }

  drop(id) {
    const coding = this.byId.get(id);
    if (!coding) return null;
    this.byId.delete(id);
    for (const block of this.text.touched(coding.start, coding.end)) {
      const here = this.byBlock.get(block);
      here?.splice(here.indexOf(coding), 1);
    }
    if (this.current === coding) this.current = null;
    return coding;
  }

  shown(coding) {
    return !this.filter || this.codes[coding.code].line.includes(this.filter);
  }

  /** Of one paragraph, as the filter lets through. */
  in(block) {
    const here = this.byBlock.get(block) ?? [];
    return this.filter ? here.filter((coding) => this.shown(coding)) : here;
  }

  /** Those that share a code point with [start, end). */
  over(start, end) {
    const found = new Set();
    for (const block of this.text.touched(start, end)) {
      for (const coding of this.in(block)) if (coding.start < end && coding.end > start) found.add(coding);
    }
    return [...found];
  }

  /** One's own coding of just this place with this code; null where there is none. */
  own(start, end, code) {
    return this.over(start, end).find((each) => each.own && each.start === start && each.end === end && each.code === code) ?? null;
  }

  /** The next or previous coding in order of place. */
  step(forward, from) {
    const all = [...this.byId.values()].filter((coding) => this.shown(coding)).sort(inOrder);
    if (!all.length) return null;
    const at = all.indexOf(this.current);
    if (at >= 0) return all[at + (forward ? 1 : -1)] ?? null;
    return (forward ? all.find((coding) => coding.start >= from) : all.findLast((coding) => coding.start <= from)) ?? null;
  }
}

const inOrder = (a, b) => a.start - b.start || a.end - b.end || a.code - b.code;
