// Words to the reader and messages to the program: one after another, in order, and nothing shown that was not stored.

let polite = null;
let flip = false;

/** Say something to whoever hears the page; a change of one blank makes the same words be said again.
 *  Words in another language than that of the page are an object {words, lang}, for a voice that can pronounce them. */
export function announce(...parts) {
  polite ??= document.getElementById("said");
  flip = !flip;
  const spoken = parts.map((part) => (typeof part === "string" ? part : inLanguage(part)));
  polite.replaceChildren(...spoken, flip ? "\u00a0" : "");
}

function inLanguage({ words, lang }) {
  return Object.assign(document.createElement("span"), { textContent: words, lang });
}

/** Say in plain sight that something was not stored. */
export function complain(words) {
  const shown = document.getElementById("wrong");
  shown.querySelector("p").textContent = words;
  shown.hidden = false;
}

export function calm() {
  document.getElementById("wrong").hidden = true;
}

/** The words of the page in its language, with their fields filled in. */
export class Words {
  constructor(words) {
    this.words = words;
  }

  say(key, fields = {}) {
    const words = this.words[key] ?? key;
    return words.replace(/\{(\w+)\}/g, (_, field) => fields[field] ?? "");
  }
}

export class Refused extends Error {}

export class Line {
  /** @param address where actions go. */
  constructor(address, words) {
    this.address = address;
    this.words = words;
    this.last = Promise.resolve();
    this.seen = null;
  }

  /** Send an action after those before it; resolves when it is on the disk. */
  act(action) {
    const sent = this.last.then(() => this.send(action));
    this.last = sent.catch(() => {});
    return sent;
  }

  async send(action) {
    let response;
    try {
      response = await fetch(this.address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...action, seen: this.seen }),
      });
    } catch {
      throw new Refused(this.words.say("unreachable"));
    }
    const kind = response.headers.get("content-type") ?? "";
    if (!kind.startsWith("application/json")) throw new Refused(this.words.say("refused", { status: response.status }));
    const answer = await response.json();
    if (answer.problem) throw new Refused(answer.problem);
    return answer;
  }
}
