"""A small study of two cases, with a document of a researcher's own, written anew for each test."""

from __future__ import annotations

from pathlib import Path

from clustergov.casestudies.coding.coding import Coding, write
from clustergov.casestudies.documents.passage import anchor

CODEBOOK = """\
codebook: small
version: "1"
title: {nl: Klein, en: Small}
languages: [nl, en]
sources:
  own: {citation: Our own}
concepts:
  - code: trust
    name: {nl: Vertrouwen, en: Trust}
    definition: {nl: Elkaar geloven, en: Believing each other}
    include: {nl: Delen, en: Sharing}
    exclude: {nl: Contracten, en: Contracts}
    example: {nl: Zij delen, en: They share}
    source: own
    mark: P
  - code: vision
    name: {nl: Visie, en: Vision}
    definition: {nl: Een beeld, en: A picture}
    include: {nl: Plannen, en: Plans}
    exclude: {nl: Acties, en: Actions}
    example: {nl: Een plan, en: A plan}
    source: [own]
    mark: D
"""

NORTH = """\
case: north
title: {nl: Noord, en: North}
subject: {nl: Een proef, en: A trial}
period: {nl: "2001", en: "2001"}
caveats:
  - code: thin
    text: {nl: Weinig materiaal, en: Little material}
sources:
  paper: {citation: Paper, url: paper.example}
  page: {citation: Page}
statements:
  - code: s1
    text: {nl: Er was een plan, en: There was a plan}
    source: paper
    mark: P
  - code: s2
    text: {nl: Misschien een tweede, en: Perhaps a second}
    source: page
    mark: U
  - code: s3
    text: {nl: Elders was het anders, en: Elsewhere it was different}
    source: [paper, page]
    mark: S
    about: contrast
notes:
  - code: memo
    label: paraphrase
    title: {nl: Notitie, en: Note}
    paragraphs:
      - code: p1
        text: {nl: Men vertrouwde elkaar, en: They trusted each other}
        source: page
        mark: D
"""

SOUTH = NORTH.replace("north", "south").replace("Noord", "Zuid").replace("North", "South")

DOCUMENTS = """\
documents:
  - code: interview
    file: interview.txt
    title: {nl: Gesprek, en: Conversation}
    language: nl
    consent: given
    attribution: {nl: clustermanager, en: cluster manager}
"""

INTERVIEW = "Wij begonnen klein 🚰.\nToen kwam er vertrouwen, en daarna ook een plan voor tien jaar.\nDe rest is geschiedenis.\n"

STATEMENT_CODINGS = """\
document: statements
coder: ann
codings:
  - concept: vision
    polarity: supports
    at: s1
  - concept: trust
    polarity: qualifies
    at: s2
    memo: {nl: Onzeker, en: Uncertain}
  - concept: trust
    polarity: contradicts
    at: s3
"""

NOTE_CODINGS = """\
document: memo
coder: ann
codings:
  - concept: trust
    polarity: qualifies
    at: p1
"""


def write_study(folder: Path) -> Path:
    """Write the small study into `folder`."""
    (folder / "codebook.yml").write_text(CODEBOOK, encoding="utf-8")
    for name, text in (("north", NORTH), ("south", SOUTH)):
        (folder / name).mkdir()
        (folder / name / "case.yml").write_text(text, encoding="utf-8")
    north = folder / "north"
    (north / "documents.yml").write_text(DOCUMENTS, encoding="utf-8")
    (north / "interview.txt").write_text(INTERVIEW, encoding="utf-8", newline="")
    (north / "codings").mkdir()
    (north / "codings" / "statements.ann.yml").write_text(STATEMENT_CODINGS, encoding="utf-8")
    (north / "codings" / "memo.ann.yml").write_text(NOTE_CODINGS, encoding="utf-8")
    for coder in ("ann", "bea"):
        start = INTERVIEW.index("Toen kwam er vertrouwen")
        passage = anchor(INTERVIEW, start, start + len("Toen kwam er vertrouwen"), document="interview")
        coding = Coding("north", "interview", coder, "trust", passage=passage, polarity="supports")
        write([coding], north / "codings" / f"interview.{coder}.yml")
    return folder
