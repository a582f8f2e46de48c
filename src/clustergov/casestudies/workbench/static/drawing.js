// Codings drawn beside and under the text: bars with names in the margin, lines under the words; only where it is in sight.

const MOST_NAMES = 8;
const SIGNS = { supports: "+", qualifies: "±", contradicts: "−" };

export const sign = (polarity) => SIGNS[polarity] ?? "";

export class Drawing {
  constructor(text, codings, name) {
    this.text = text;
    this.codings = codings;
    this.name = name;
    this.inSight = new Set();
    this.dirty = new Set();
    this.marks = new Map();
    this.layers = {};
    this.modern = Boolean(globalThis.CSS?.highlights && globalThis.Highlight);
    for (const layer of ["coded", "overlapping", "current", "chosen"]) {
      this.layers[layer] = this.modern ? new Highlight() : new Set();
      if (this.modern) CSS.highlights.set(layer, this.layers[layer]);
    }
    if (this.modern) this.layers.chosen.priority = 3;
    // Chunks first, and only the paragraphs of those in sight: a browser looks at everything observed in every frame.
    this.observer = new IntersectionObserver((entries) => this.seen(entries), { rootMargin: "300px 0px" });
    this.chunks = new IntersectionObserver((entries) => this.near(entries), { rootMargin: "600px 0px" });
    for (const chunk of text.container.children) this.chunks.observe(chunk);
    let width = innerWidth;
    addEventListener("resize", () => {
      if (innerWidth !== width) {
        width = innerWidth;
        this.redraw();
      }
    });
  }

  near(entries) {
    for (const { target, isIntersecting } of entries) {
      for (const shown of target.children) {
        if (isIntersecting) {
          this.observer.observe(shown);
        } else {
          this.observer.unobserve(shown);
          this.leave(shown);
        }
      }
    }
  }

  seen(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        const block = this.text.blocks[Number(target.dataset.block)];
        this.inSight.add(block);
        this.draw(block);
      } else {
        this.leave(target);
      }
    }
  }

  leave(shown) {
    const block = this.text.blocks[Number(shown.dataset.block)];
    if (this.inSight.delete(block)) this.erase(block);
  }

  redraw() {
    for (const block of this.inSight) this.draw(block);
    this.select(this.selected ?? [0, 0]);
  }

  /** Draw the paragraphs of a passage again, all that changed at once, before the next frame. */
  redrawAt(start, end) {
    if (!this.dirty.size) requestAnimationFrame(() => this.flush());
    for (const block of this.text.touched(start, end)) this.dirty.add(block);
  }

  flush() {
    for (const block of this.dirty) if (this.inSight.has(block)) this.draw(block);
    this.dirty.clear();
  }

  erase(block) {
    for (const [layer, range] of this.marks.get(block) ?? []) this.layers[layer].delete(range);
    this.marks.delete(block);
    for (const old of block.shown.querySelectorAll(".margin, .washes")) old.remove();
    block.shown.style.removeProperty("min-block-size");
  }

  draw(block) {
    this.erase(block);
    const here = this.codings.in(block);
    if (!here.length) return;
    const ranges = here.map((coding) => this.text.range(block, coding.start, coding.end));
    this.underline(block, here, ranges);
    const box = block.shown.getBoundingClientRect();
    const heights = ranges.map((range) => {
      const shown = range.getBoundingClientRect();
      return [shown.top - box.top, shown.bottom - box.top];
    });
    block.shown.append(this.margin(block, here, heights));
  }

  underline(block, here, ranges) {
    const marks = here.map((coding, i) => [coding === this.codings.current ? "current" : "coded", ranges[i]]);
    const edges = here.flatMap(({ start, end }) => [[Math.max(start, block.start), 1], [Math.min(end, block.end), -1]]);
    edges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    let depth = 0;
    let from = 0;
    for (const [offset, step] of edges) {
      if (step > 0 && depth === 1) from = offset;
      if (step < 0 && depth === 2 && offset > from) marks.push(["overlapping", this.text.range(block, from, offset)]);
      depth += step;
    }
    for (const [layer, range] of marks) this.layers[layer].add(range);
    this.marks.set(block, marks);
    if (!this.modern) block.shown.append(washes(block.shown, marks));
  }

  margin(block, here, heights) {
    const margin = document.createElement("div");
    margin.className = "margin";
    margin.setAttribute("aria-hidden", "true"); // the same stands in the list of codings
    const lanes = [];
    const row = 1.5 * parseFloat(getComputedStyle(document.documentElement).fontSize);
    let free = 0;
    here.forEach((coding, i) => {
      const [top, bottom] = heights[i];
      let lane = lanes.findIndex((until) => until <= top);
      if (lane < 0) lane = lanes.length;
      lanes[lane] = bottom;
      const bar = document.createElement("i");
      bar.className = "bar";
      bar.dataset.id = coding.id;
      bar.style.setProperty("--lane", Math.min(lane, 9));
      bar.style.setProperty("--colour", coding.colour);
      bar.style.insetBlockStart = `${top}px`;
      bar.style.blockSize = `${Math.max(4, bottom - top)}px`;
      margin.append(bar);
      if (i < MOST_NAMES) {
        free = Math.max(top, free);
        margin.append(this.named(coding, block, free));
        free += row;
      }
    });
    if (here.length > MOST_NAMES) {
      margin.append(label(`+${here.length - MOST_NAMES}`, free));
      free += row;
    }
    margin.style.setProperty("--lanes", Math.min(lanes.length, 10));
    block.shown.style.minBlockSize = `${free}px`;
    return margin;
  }

  named(coding, block, top) {
    const before = coding.start < block.start ? "… " : "";
    const by = coding.own ? "" : ` (${coding.coder})`;
    const shown = label(`${before}${sign(coding.polarity)} ${this.name(coding)}${by}`.trim(), top);
    shown.dataset.id = coding.id;
    shown.style.setProperty("--colour", coding.colour);
    if (coding === this.codings.current) shown.classList.add("current");
    if (coding.memo) shown.classList.add("has-memo");
    return shown;
  }

  /** Show what would be coded now, also while the keyboard is elsewhere. */
  select([start, end]) {
    this.selected = [start, end];
    const layer = this.layers.chosen;
    if (this.modern) {
      layer.clear();
      if (end > start) for (const range of this.text.ranges(start, end)) layer.add(range);
      return;
    }
    for (const old of this.text.container.querySelectorAll(".washes.chosen")) old.remove();
    if (end <= start) return;
    for (const block of this.text.touched(start, end)) {
      const shown = washes(block.shown, [["chosen", this.text.range(block, start, end)]]);
      shown.classList.add("chosen");
      block.shown.append(shown);
    }
  }
}

function label(words, top) {
  const shown = document.createElement("span");
  shown.className = "name";
  shown.textContent = words;
  shown.title = words;
  shown.style.insetBlockStart = `${top}px`;
  return shown;
}

/** Where a browser cannot highlight ranges: lines laid under the words. */
function washes(shown, marks) {
  const all = document.createElement("div");
  all.className = "washes";
  all.setAttribute("aria-hidden", "true");
  const box = shown.getBoundingClientRect();
  for (const [layer, range] of marks) {
    for (const rect of range.getClientRects()) {
      const wash = document.createElement("i");
      wash.className = layer;
      wash.style.insetBlockStart = `${rect.top - box.top}px`;
      wash.style.insetInlineStart = `${rect.left - box.left}px`;
      wash.style.inlineSize = `${rect.width}px`;
      wash.style.blockSize = `${rect.height}px`;
      all.append(wash);
    }
  }
  return all;
}
