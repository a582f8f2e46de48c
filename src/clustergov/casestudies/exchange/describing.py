"""What our studies hold and REFI-QDA has no field for, as labelled lines in descriptions, and read back from them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from clustergov.casestudies.case import Case, Statement
from clustergov.casestudies.codebook import Concept, Remark
from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.coding.rounds import ONLY, Round
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.documents.document import Document
from clustergov.casestudies.exchange.labelled import Lines, by_language, first, read_labelled
from clustergov.instruments.questionnaire import Source
from clustergov.language import Text

Line = tuple[str, str]

CODE = ("code", "name", "definition", "include", "exclude", "example", "memo", "source", "mark", "language")
CODING = ("polarity", "round", "memo", "about", "mark", "citation")
DOCUMENT = ("case", "document", "title", "language", "consent", "attribution", "mark")
UNITS = ("case", "units", "title", "language", "label", "unit")
CASE = ("case", "title", "subject", "period", "contrast", "caveat", "sources")
PROJECT = ("codebook", "version", "title", "language", "languages", "caveat", "sources", "origin",
           "round", "convention")  # fmt: skip

_CODING_LINE = re.compile(
    r"polarity: (?:supports|qualifies|contradicts)|round: [1-9][0-9]{0,2}|memo [a-z0-9-]+: .*|(?:about|mark|citation): .*",
    re.DOTALL,
)

CONVENTION = (
    "Descriptions that begin with a label and a colon hold what this format has no field for: of codings the polarity, "
    "the round and the memo, of codes their rules and examples, of texts consent and attribution. One selection is one "
    "coding by one coder. Statements and notes are paraphrases in our own words."
)


def texts(label: str, text: Text) -> Iterator[Line]:
    """One line per language."""
    for language, words in text.items():
        yield f"{label} {language}", words


def concept_lines(concept: Concept, language: str) -> list[Line]:
    """What is known of a concept beyond its name in `language`, colour and place in the tree."""
    lines: list[Line] = [("code", concept.code), ("language", language), *texts("name", concept.name)]
    for label in ("definition", "include", "exclude"):
        lines += texts(label, getattr(concept, label))
    for number, example in enumerate(concept.examples, start=1):
        lines += texts(f"example {number}", example)
    lines += texts("memo", concept.memo)
    if concept.source:
        lines.append(("source", json.dumps(concept.source, ensure_ascii=False)))
    return [*lines, ("mark", concept.mark)]


def concept_fields(lines: Lines) -> dict[str, Any]:
    """The fields of a concept out of its lines; what does not have their form is left out."""
    fields: dict[str, Any] = {"code": first(lines, "code")}
    for label in ("name", "definition", "include", "exclude", "memo"):
        if found := by_language(lines, label):
            fields[label] = Text(found)
    numbers = dict.fromkeys(label.split(" ")[1] for label, _ in lines if label.startswith("example "))
    fields["examples"] = tuple(Text(found) for number in numbers if (found := by_language(lines, f"example {number}")))
    cited = parsed(first(lines, "source"))
    fields["source"] = tuple(key for key in cited if isinstance(key, str)) if isinstance(cited, list) else ()
    if (mark := first(lines, "mark")) in ("P", "S", "D", "U"):
        fields["mark"] = mark
    return fields


def coding_lines(coding: Coding, statement: Statement | None, citation: str) -> list[Line]:
    """What a coding says beyond code, place, coder and time."""
    lines: list[Line] = []
    if coding.polarity:
        lines.append(("polarity", coding.polarity))
    if coding.round != 1:
        lines.append(("round", str(coding.round)))
    if coding.memo:
        lines += texts("memo", coding.memo)
    if statement is not None:
        # Whoever reads the segment alone must not take a contrast, or a doubt, for a fact on the case.
        lines += [("about", statement.about), ("mark", statement.mark), ("citation", citation)]
    return lines


def document_lines(document: Document) -> list[Line]:
    """What is known of a document beyond its text."""
    lines = [("case", document.case), ("document", document.code), *texts("title", document.title)]
    lines += [("language", document.language), ("consent", document.consent)]
    return [*lines, *texts("attribution", document.attribution), ("mark", document.mark)]


def unit_lines(case: Case, code: str, language: str) -> list[Line]:
    """Statements or a note of a case, whole, so that they can be made again from the file."""
    lines: list[Line] = [("case", case.case), ("units", code)]
    note = next((note for note in case.notes if note.code == code), None)
    if note is not None:
        lines += texts("title", note.title)
    lines += [("language", language), ("label", "paraphrase")]
    return [*lines, *((f"unit {key}", written(_plain(unit))) for key, unit in case.units[code].items())]


def units_of(lines: Lines) -> tuple[Statement, ...]:
    """Statements or paragraphs out of their lines; none when any does not have the form of one."""
    try:
        return tuple(
            Statement.model_validate(parsed(value)) for label, value in lines if label.startswith("unit ")
        )  # fmt: skip
    except ValidationError:
        return ()


def case_lines(case: Case) -> list[Line]:
    """What is known of a case beyond its statements and documents."""
    lines = [("case", case.case), *texts("title", case.title), *texts("subject", case.subject)]
    lines += texts("period", case.period)
    lines += [("contrast", "true")] * case.contrast
    return [*lines, *_caveats(case.caveats), *_sources(case.sources)]


def project_lines(corpus: Corpus, language: str) -> list[Line]:
    """What is known of a codebook beyond its concepts, and of rounds."""
    codebook = corpus.codebook
    lines: list[Line] = [("codebook", codebook.codebook), ("version", codebook.version)]
    lines += [*texts("title", codebook.title), ("language", language), ("languages", ", ".join(codebook.languages))]
    lines += [*_caveats(codebook.caveats), *_sources(codebook.sources)]
    if codebook.origin:
        lines.append(("origin", codebook.origin))
    if corpus.rounds != (ONLY,):
        lines += [(f"round {each.number}", written(_plain(each))) for each in corpus.rounds]
    return [*lines, ("convention", CONVENTION)]


def rounds_of(lines: Lines) -> tuple[Round, ...]:
    """Rounds out of their lines; those that do not have the form of one are left out."""
    found = []
    for label, value in lines:
        if label.startswith("round "):
            try:
                found.append(Round.model_validate(parsed(value)))
            except ValidationError:
                continue
    return tuple({each.number: each for each in found}.values())


def caveats_of(lines: Lines) -> tuple[Remark, ...]:
    """Caveats out of their lines."""
    codes = dict.fromkeys(
        label.split(" ")[1] for label, _ in lines if label.startswith("caveat ") and label.count(" ") == 2
    )
    found = ((code, by_language(lines, f"caveat {code}")) for code in codes)
    return tuple(Remark(code=code, text=Text(words)) for code, words in found if words)


def sources_of(lines: Lines) -> dict[str, Source]:
    """Sources out of their line; those that do not have the form of one are left out."""
    found = parsed(first(lines, "sources"))
    sources = {}
    for key, value in found.items() if isinstance(found, Mapping) else ():
        try:
            sources[str(key)] = Source.model_validate(value)
        except ValidationError:
            continue
    return sources


def lines_of(description: str, known: tuple[str, ...]) -> Lines:
    """The labelled lines of a description that begins as ours do; none when it is somebody's own words."""
    lines = read_labelled(description, known)
    return lines if lines and lines[0][0] == known[0] else []


def coding_lines_of(description: str) -> Lines:
    """The labelled lines of a selection; none when they are not what we write, but a memo in somebody's own words."""
    lines = read_labelled(description, CODING) or []
    return lines if all(_CODING_LINE.fullmatch(f"{label}: {value}") for label, value in lines) else []


def written(value: object) -> str:
    """A value on one line."""
    return json.dumps(value, ensure_ascii=False)


def parsed(value: str) -> Any:
    """The value on a line; None when it is none, or nested so deep that nobody of ours wrote it."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _caveats(caveats: Iterable[Remark]) -> Iterator[Line]:
    for remark in caveats:
        yield from texts(f"caveat {remark.code}", remark.text)


def _sources(sources: Mapping[str, Source]) -> list[Line]:
    if not sources:
        return []
    return [("sources", written({key: _plain(source) for key, source in sources.items()}))]


def _plain(entry: Statement | Source | Round) -> dict[str, Any]:
    return entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)
