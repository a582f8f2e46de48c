// The text of a document in the page: paragraphs, and places in it counted in code points, as the stored codings count.

const CHUNK = 20;
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/;

/** Code points of a string; JavaScript itself counts UTF-16 units, of which an emoji has two. */
export function points(string) {
  if (!PAIR.test(string)) return string.length;
  let count = 0;
  for (const _ of string) count += 1;
  return count;
}

/** The UTF-16 unit at which code point number `count` begins. */
export function unit(string, count) {
  if (count <= 0) return 0; // also of a place in the blanks before the first paragraph
  if (!PAIR.test(string)) return Math.min(count, string.length);
  let index = 0;
  for (const point of string) {
    if (count-- <= 0) break;
    index += point.length;
  }
  return index;
}

const PATTERNS = { word: /[\p{L}\p{N}\p{M}'’-]+/gu, sentence: /\S[^.!?…]*[.!?…]*/gu };

export class DocumentText {
  /** @param blocks [[start, text, label, at, language]] in order of place. */
  constructor(container, blocks, language) {
    this.language = language;
    this.container = container;
    this.blocks = blocks.map(([start, text, label, at], index) => ({ index, start, text, label, at, end: start + points(text) }));
    this.end = this.blocks.length ? this.blocks.at(-1).end : 0;
    this.segments = new Map();
    this.segmenters = new Map();
    this.show();
  }

  /** Paragraphs in chunks, each of which the browser lays out only when it comes into sight. */
  show() {
    const all = document.createDocumentFragment();
    const template = document.createElement("div");
    template.className = "block";
    template.append(document.createElement("p"));
    for (let first = 0; first < this.blocks.length; first += CHUNK) {
      const chunk = document.createElement("div");
      chunk.className = "chunk";
      let lines = 0;
      for (const block of this.blocks.slice(first, first + CHUNK)) {
        const shown = template.cloneNode(true);
        shown.dataset.label = block.label;
        shown.dataset.block = block.index;
        shown.firstChild.textContent = block.text;
        block.shown = shown;
        lines += 0.4 + Math.ceil(block.text.length / 60);
        chunk.append(shown);
      }
      chunk.style.containIntrinsicBlockSize = `auto ${Math.round(lines * 28)}px`;
      all.append(chunk);
    }
    this.container.replaceChildren(all);
  }

  /** The block in which a place lies, or the last one before it. */
  blockAt(offset) {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.blocks[middle].start <= offset) low = middle;
      else high = middle - 1;
    }
    return this.blocks[low];
  }

  /** The blocks that [start, end) touches. */
  touched(start, end) {
    const found = [];
    for (let i = this.blockAt(start).index; i < this.blocks.length && this.blocks[i].start < end; i += 1) {
      if (this.blocks[i].end > start) found.push(this.blocks[i]);
    }
    return found;
  }

  /** The range of the browser for the part of [start, end) inside one block. */
  range(block, start, end) {
    const node = block.shown.firstChild.firstChild;
    const range = document.createRange();
    range.setStart(node, unit(block.text, Math.max(0, start - block.start)));
    range.setEnd(node, unit(block.text, Math.min(end, block.end) - block.start));
    return range;
  }

  ranges(start, end) {
    return this.touched(start, end).map((block) => this.range(block, start, end));
  }

  /** Node and UTF-16 unit of a place, for the browser's own selection. */
  point(offset) {
    const block = this.blockAt(offset);
    return [block.shown.firstChild.firstChild, unit(block.text, Math.min(offset, block.end) - block.start)];
  }

  /** The place of a point of the browser's selection; null outside the text. */
  offset(node, index) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const shown = element.closest?.(".block");
    if (!shown || !this.container.contains(shown)) {
      if (!this.container.contains(element)) return null;
      const next = element.children[index]?.closest(".chunk, .block");
      const first = next?.matches(".chunk") ? next.firstElementChild : next;
      return first ? this.blocks[Number(first.dataset.block)].start : this.end;
    }
    const block = this.blocks[Number(shown.dataset.block)];
    const paragraph = shown.firstChild;
    if (node === paragraph.firstChild) return block.start + points(block.text.slice(0, index));
    if (node === shown || node === paragraph) return index === 0 ? block.start : block.end;
    return block.end;
  }

  /** The words between two places, as the original has them within a paragraph. */
  slice(start, end) {
    return this.touched(start, end)
      .map((block) => {
        const from = unit(block.text, Math.max(0, start - block.start));
        return block.text.slice(from, unit(block.text, Math.min(end, block.end) - block.start));
      })
      .join("\n");
  }

  /** [start, end) without blanks at its ends. */
  trimmed(start, end) {
    const touched = this.touched(start, end);
    if (!touched.length) return [start, start];
    const first = touched.find((block) => this.part(block, start, end).trim());
    const last = touched.findLast((block) => this.part(block, start, end).trim());
    if (!first) return [start, start];
    const head = this.part(first, start, end);
    const tail = this.part(last, start, end);
    return [
      Math.max(start, first.start) + points(head) - points(head.trimStart()),
      Math.min(end, last.end) - points(tail) + points(tail.trimEnd()),
    ];
  }

  part(block, start, end) {
    const from = unit(block.text, Math.max(0, start - block.start));
    return block.text.slice(from, unit(block.text, Math.min(end, block.end) - block.start));
  }

  /** The words, sentences or paragraph of one block as [start, end) of the whole text. */
  units(block, kind) {
    const key = `${kind} ${block.index}`;
    if (!this.segments.has(key)) {
      if (this.segments.size > 60) this.segments.clear();
      this.segments.set(key, this.cut(block, kind));
    }
    return this.segments.get(key);
  }

  cut(block, kind) {
    if (kind === "paragraph") return [this.trimmed(block.start, block.end)];
    const places = [];
    let offset = block.start;
    let seen = 0;
    for (const [index, piece] of this.pieces(block.text, kind)) {
      const clean = piece.trim();
      if (!clean) continue;
      const from = index + piece.indexOf(clean);
      offset += points(block.text.slice(seen, from));
      const end = offset + points(clean);
      places.push([offset, end]);
      seen = from + clean.length;
      offset = end;
    }
    return places;
  }

  *pieces(text, kind) {
    if (!globalThis.Intl?.Segmenter) {
      for (const match of text.matchAll(PATTERNS[kind])) yield [match.index, match[0]];
      return;
    }
    if (!this.segmenters.has(kind)) this.segmenters.set(kind, new Intl.Segmenter(this.language, { granularity: kind }));
    for (const piece of this.segmenters.get(kind).segment(text)) {
      if (kind === "sentence" || piece.isWordLike || /\p{S}/u.test(piece.segment)) yield [piece.index, piece.segment];
    }
  }

  /** The first unit that begins at or after a place. */
  next(kind, offset) {
    for (let i = this.blockAt(offset).index; i < this.blocks.length; i += 1) {
      const found = this.units(this.blocks[i], kind).find(([start]) => start >= offset);
      if (found) return found;
    }
    return null;
  }

  /** The last unit that ends at or before a place. */
  previous(kind, offset) {
    for (let i = this.blockAt(offset).index; i >= 0; i -= 1) {
      const found = this.units(this.blocks[i], kind).findLast(([, end]) => end <= offset);
      if (found) return found;
    }
    return null;
  }

  /** The unit in which a place lies. */
  around(kind, offset) {
    const units = this.units(this.blockAt(offset), kind);
    return units.find(([start, end]) => start <= offset && offset < end) ?? this.next(kind, offset) ?? this.previous(kind, offset);
  }
}
