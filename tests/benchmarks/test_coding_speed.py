"""How long a corpus of 500 pages with 20,000 coded passages takes to open for coding, and one code to be on disk."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from clustergov.casestudies.coding.action import Action, Head
from clustergov.casestudies.coding.coding import Coding, Key, Polarity, read_exactly, write
from clustergov.casestudies.coding.sheet import Change, as_json
from clustergov.casestudies.coding.workbench import Workbench
from clustergov.casestudies.documents.passage import anchor
from clustergov.language import Text

DOCUMENTS, PAGES, PASSAGES, CODERS = 50, 10, 20_000, ("first", "second")
PAGE = 3_000
CONCEPTS = [f"concept-{number}" for number in range(40)]
WORDS = re.split(
    " ",
    "samenwerking regio bedrijven universiteit gemeente een de in van vertrouwen netwerk plan 🚰 “ja” “nee” zei hij dat",
)

POLARITIES: tuple[Polarity | None, ...] = ("supports", "qualifies", "contradicts", None)


def concept(code: str) -> str:
    texts = "\n".join(
        f"    {key}: {{nl: {code}, en: {code}}}" for key in ("name", "definition", "include", "exclude", "example")
    )
    return f"  - code: {code}\n{texts}\n    source: own\n    mark: P\n"


def large(folder: Path) -> Path:
    """A study of 50 documents of 10 pages; two coders, 20,000 passages coded on the page, every tenth with a memo."""
    draw = random.Random(1)
    head = "codebook: large\nversion: 1\ntitle: {nl: Groot, en: Large}\nlanguages: [nl, en]\nsources: {own: {citation: Own}}\n"
    (folder / "codebook.yml").write_text(head + "concepts:\n" + "".join(map(concept, CONCEPTS)), encoding="utf-8")
    case = folder / "north"
    (case / "codings").mkdir(parents=True)
    (case / "case.yml").write_text(
        "case: north\ntitle: {nl: N, en: N}\nsubject: {nl: N, en: N}\nperiod: {nl: '1', en: '1'}\nsources: {}\n",
        encoding="utf-8",
    )
    entries = ["documents:"]
    for number in range(DOCUMENTS):
        code = f"interview-{number}"
        text = ""
        while len(text) < PAGES * PAGE:
            text += " ".join(draw.choices(WORDS, k=80)) + ".\n"
        (case / f"{code}.txt").write_text(text, encoding="utf-8", newline="")
        entries.append(
            f"  - {{code: {code}, file: {code}.txt, title: {{nl: G}}, language: nl, consent: given, attribution: {{nl: rol}}}}"
        )
        for coder in CODERS:
            codings: dict[Key, Coding] = {}
            while len(codings) < PASSAGES // DOCUMENTS // len(CODERS):
                start = draw.randrange(len(text) - 400)
                passage = anchor(text, start, start + draw.randrange(20, 400), document=code)
                memo = Text({"nl": "omdat: \\ dat"}) if draw.random() < 0.1 else None
                polarity = draw.choice(POLARITIES)
                coding = Coding(
                    "north", code, coder, draw.choice(CONCEPTS), passage=passage, polarity=polarity, memo=memo
                )
                codings[coding.key] = coding
            write(list(codings.values()), case / "codings" / f"{code}.{coder}.yml")
            (case / "codings" / f"{code}.{coder}.journal.jsonl").write_bytes(b"".join(history(code, coder, codings)))
    (case / "documents.yml").write_text("\n".join(entries), encoding="utf-8")
    return folder


def history(document: str, coder: str, codings: dict[Key, Coding]) -> Iterator[bytes]:
    """The journal of a sheet that was coded on the page, one action a coding, and settled."""
    yield Head("north", document, coder, 1).line()
    for number, (key, coding) in enumerate(codings.items(), 1):
        change = Change("coding", key, None, as_json(coding))
        yield Action(number, coder, "2024-01-01T00:00:00.000Z", coder, "code", (change,)).line()
    number = len(codings)
    yield Action(number + 1, coder, "2024-01-01T00:00:00.000Z", coder, "settle", settled={coder: number}).line()


OPEN = """
import sys, time
from clustergov.casestudies.coding.workbench import Workbench
start, used = time.perf_counter(), time.process_time()
bench = Workbench.open(sys.argv[1])
print(time.perf_counter() - start, time.process_time() - used)
"""


def test_opening_and_coding(tmp_path: Path) -> None:
    folder = large(tmp_path)
    run = [sys.executable, "-c", OPEN, str(folder)]
    said = [subprocess.run(run, capture_output=True, text=True, check=True).stdout.split() for _ in range(3)]
    opening, used = (min(map(float, times)) for times in zip(*said, strict=True))
    one = sorted((folder / "north" / "codings").glob("*.yml"))[0]
    start = time.perf_counter()
    read_exactly(one, case="north")
    exactly = (time.perf_counter() - start) * DOCUMENTS * len(CODERS)
    taken = []
    with Workbench.open(folder) as bench:
        for place in range(300):
            start = time.perf_counter()
            bench.code(
                "first", 1, "north", f"interview-{place % 7}", "concept-1", start=place * 40, end=place * 40 + 33
            )
            taken.append(time.perf_counter() - start)
        start = time.perf_counter()
        shown = len(bench.codings("north", "interview-0", coder="first", round=1))
        showing = time.perf_counter() - start
        start = time.perf_counter()
        hits = len(bench.search("vertrouwen netwerk", coder="first", round=1))
        searching = time.perf_counter() - start
    taken.sort()
    print(
        f"\n{DOCUMENTS * PAGES} pages, {PASSAGES} passages: opened in {opening:.2f} s in a fresh process, "
        f"{used:.2f} s of them computing (goal 1 s; "
        f"{exactly / used:.0f} × faster than the exact reader alone); a code is on disk in {1e3 * taken[150]:.1f} ms, "
        f"the slowest of 300 in {1e3 * taken[-1]:.1f} ms (goal 50 ms); {shown} codings of one document shown in "
        f"{1e3 * showing:.0f} ms, {hits} hits found in {1e3 * searching:.0f} ms"
    )
