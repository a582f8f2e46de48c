"""Read a LimeSurvey structure in tab-separated values (.txt), old and new columns, one language after the other."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from clustergov.instruments.exchange import Notes
from clustergov.instruments.limesurvey.encoding import decode
from clustergov.instruments.limesurvey.lss import PERSONS
from clustergov.instruments.limesurvey.rows import (
    MOST_CELLS,
    OF_SUBQUESTIONS,
    Row,
    leftovers,
    take_shared,
    take_texts,
)
from clustergov.instruments.limesurvey.structure import (
    Leftover,
    LimeAnswer,
    LimeCondition,
    LimeGroup,
    LimeQuestion,
    LimeSubquestion,
    LimeSurvey,
)
from clustergov.problems import InputError, Problem

_NEEDED = ("class", "type/scale", "name", "text")
_COLUMNS = frozenset(
    ["id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation", "mandatory", "encrypted", "other", "default", "same_default", "same_script"]
)  # fmt: skip
_FILLED_OF_SUBQUESTIONS = OF_SUBQUESTIONS | {"type/scale", "validation"}
_LISTS = ("L", "!")
"""Types whose one subquestion row, called other, only carries a default."""


@dataclass(slots=True)
class _Question:
    rows: list[Row] = field(default_factory=list)
    subquestions: dict[tuple[str, str, int], list[Row]] = field(default_factory=dict)
    answers: dict[tuple[str, str, int], list[Row]] = field(default_factory=dict)
    conditions: list[Row] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.rows[0].look("name").strip()


@dataclass(slots=True)
class _Group:
    rows: list[Row] = field(default_factory=list)
    questions: dict[tuple[str, int], _Question] = field(default_factory=dict)


@dataclass(slots=True)
class _State:
    """Where in the file the reader stands: rows belong to what stands above them."""

    base: str
    groups: dict[str, _Group] = field(default_factory=dict)
    group: _Group | None = None
    question: _Question | None = None
    seen: Counter[tuple[object, ...]] = field(default_factory=Counter)
    rest: list[Leftover] = field(default_factory=list)

    def again(self, *key: object) -> int:
        """How often this row stood before in the same place and language; then it is another one with the same code."""
        self.seen[key] += 1
        return self.seen[key] - 1


def read_txt(content: bytes, file: str, notes: Notes) -> LimeSurvey:
    """Read the bytes of a .txt.

    Raises
    ------
    InputError
        Wrong encoding, no such columns, too many cells, or no questions.
    """
    text = decode(content, file)
    rows = list(_rows(text, file))
    if _cut_off(text):
        notes.add("limesurvey-cut", "the last row ends before its last column and without a line end: the file may be cut off.",
                  fix="Export it again, and compare the number of questions.", line=rows[-1].line if rows else None)  # fmt: skip
    settings = {row.look("name").strip(): row.look("text") for row in rows if row.look("class") == "S"}
    first = next((language for row in rows if (language := row.look("language").strip())), "en")
    base = settings.get("language", "").strip(' "') or first
    state = _State(base)
    for row in rows:
        if row.look("class") not in ("S", "SL"):
            _place(row, state)
    groups = tuple(_group(key, group, base) for key, group in state.groups.items())
    if not any(group.questions for group in groups):
        raise InputError(
            Problem("limesurvey-empty", f"expected questions (rows of class Q), found {len(rows)} rows without any.",
                    "Export the survey structure as tab-separated values from LimeSurvey again.", file=file)
        )  # fmt: skip
    additional = settings.get("additional_languages", "").replace('"', " ").split()
    used = (language for row in rows if row.look("class") == "Q" and (language := row.look("language").strip()))
    titles, welcome, description, closing = (
        take_texts([row for row in rows if row.look("class") == "SL" and row.look("name").strip() == name], "text", base)
        for name in ("surveyls_title", "surveyls_welcometext", "surveyls_description", "surveyls_endtext")
    )  # fmt: skip
    return LimeSurvey(
        number=settings.get("sid", ""), languages=tuple(dict.fromkeys([base, *additional, *used])), titles=titles,
        welcome=welcome, description=description, closing=closing, groups=groups,
        persons=tuple(settings.get(name, "") for name in PERSONS), settings=tuple(_settings(rows)),
        leftovers=(*state.rest, *_leftovers(state)),
    )  # fmt: skip


def _cut_off(text: str) -> bool:
    """Whether the last line stops short: LimeSurvey fills every row to its last column and ends it."""
    if text.endswith(("\n", "\r")):
        return False
    head, _, _ = text.partition("\n")
    last = text.rpartition("\n")[2]
    return last.count("\t") < head.count("\t")


def _rows(text: str, file: str) -> Iterator[Row]:
    """The filled cells of each row that has a class, with the line on which it ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", quotechar='"')
    cells = 0
    try:
        header = _header(next(reader, []), file)
        for values in reader:
            # LimeSurvey writes an apostrophe before a cell that begins with “=”, against spreadsheets.
            filled = {
                name: value[1:] if value[:2] == "'=" else value
                for name, value in zip(header, values, strict=False)
                if value and not value.isspace()
            }
            extra = [value for value in values[len(header) :] if value.strip()]
            if extra:
                filled["beyond the last column"] = " ".join(extra)
            cells += len(filled)
            if cells > MOST_CELLS:
                message = f"expected a structure of at most {MOST_CELLS:,} cells, found more."
                raise InputError(Problem("too-large", message, "Check that it is the right file.", file=file))
            if filled:
                filled["class"] = filled.get("class", "").strip()
                yield Row(filled, reader.line_num)
    except csv.Error as error:
        raise InputError(
            Problem("limesurvey-table", f"this table cannot be read: {error}.", "Export the structure again.",
                    file=file, line=reader.line_num)
        ) from None  # fmt: skip


def _header(names: list[str], file: str) -> list[str]:
    """The columns' names; one that stands twice is told apart, so that nothing in it is lost."""
    names = [name.strip() for name in names]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise InputError(
            Problem("limesurvey-columns", f"expected the columns {', '.join(_NEEDED)}, found no {', '.join(missing)}.",
                    "Export the survey structure as tab-separated values (.txt) from LimeSurvey.", file=file, line=1)
        )  # fmt: skip
    seen: Counter[str] = Counter()
    header = []
    for name in names:
        seen[name] += 1
        again = f" (column {seen[name]} of this name)" if seen[name] > 1 else ""
        header.append(f"{name}{again}" if name else f"without a name {again}".strip())
    return header


def _place(row: Row, state: _State) -> None:
    """Put one row where it belongs, or among the rest where nothing here knows its class."""
    kind, language, name = row.look("class"), row.look("language").strip() or state.base, row.look("name")
    if kind == "G":
        key = row.look("type/scale").strip() or f"group {state.again('G', language)}"
        state.group, state.question = state.groups.setdefault(key, _Group()), None
        state.group.rows.append(row)
    elif kind == "Q":
        state.group = state.group or state.groups.setdefault("", _Group())
        again = state.again("Q", id(state.group), language, name)
        state.question = state.group.questions.setdefault((name, again), _Question())
        state.question.rows.append(row)
    elif kind in ("SQ", "A") and state.question is not None:
        scale = row.take("type/scale").strip() or "0"
        again = state.again(kind, id(state.question), language, scale, name)
        parts = state.question.subquestions if kind == "SQ" else state.question.answers
        parts.setdefault((scale, name, again), []).append(row)
    elif kind == "C" and state.question is not None:
        state.question.conditions.append(row)
    else:
        state.rest.append(Leftover(f"class {kind}" if kind else "no class", "", name.strip() or f"line {row.line}", ""))


def _settings(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    for row in rows:
        if row.look("class") in ("S", "SL") and "text" not in row.taken and row.look("text").strip():
            name = row.look("name").strip()
            if name not in ("sid", "language", "additional_languages", "surveyls_survey_id", "surveyls_language"):
                yield name or f"line {row.line}", row.look("text")


def _group(key: str, group: _Group, base: str) -> LimeGroup:
    rows = group.rows
    for row in rows:
        row.take("type/scale", "class")
    # A group's relevance may stand in the row of any language.
    first = [row for row in rows if row.look("relevance").strip()] + [row for row in rows if not row.look("relevance")]
    return LimeGroup(
        number=key,
        titles=take_texts(rows, "name", base),
        texts=take_texts(rows, "text", base),
        relevance=take_shared(first, "relevance") if first else "",
        questions=tuple(_question(question, base) for question in group.questions.values()),
    )


def _question(question: _Question, base: str) -> LimeQuestion:
    rows = question.rows
    attributes: dict[str, dict[str, str]] = {}
    for row in rows:
        row.take("name")
        for name in row.cells.keys() - _COLUMNS:
            value = row.take(name)
            attributes.setdefault(name, {}).setdefault(row.look("language").strip() or base, value)
    kind = take_shared(rows, "type/scale").strip()
    conditions = (
        LimeCondition(*(row.take(name) for name in ("type/scale", "name", "relevance", "text")))
        for row in question.conditions
    )
    return LimeQuestion(
        number=rows[0].look("id").strip(), type=kind, code=question.code, texts=take_texts(rows, "text", base),
        help=take_texts(rows, "help", base), relevance=take_shared(rows, "relevance"),
        mandatory=take_shared(rows, "mandatory").strip(), other=take_shared(rows, "other").strip() == "Y",
        pattern=take_shared(rows, "validation"), subquestions=tuple(_subquestions(question, kind, base)),
        answers=tuple(_answers(question, base)), attributes=dict(sorted(attributes.items())),
        conditions=tuple(dict.fromkeys(conditions)), line=rows[0].line,
    )  # fmt: skip


def _subquestions(question: _Question, kind: str, base: str) -> Iterator[LimeSubquestion]:
    for (scale, code, _), rows in question.subquestions.items():
        for row in rows:
            row.take("name")
        if not (code == "other" and kind in _LISTS):
            texts = take_texts(rows, "text", base)
            yield LimeSubquestion(code, 1 if scale == "1" else 0, texts, take_shared(rows, "relevance"))


def _answers(question: _Question, base: str) -> Iterator[LimeAnswer]:
    for (scale, code, _), rows in question.answers.items():
        for row in rows:
            row.take("name")
        yield LimeAnswer(code, 1 if scale == "1" else 0, take_texts(rows, "text", base))


def _leftovers(state: _State) -> Iterator[Leftover]:
    """Every cell that no part of the structure took; columns are named, of whatever class the row is."""
    for key, group in state.groups.items():
        for row in group.rows:
            yield from _named("G", row, f"group {key}")
        for question in group.questions.values():
            for row in question.rows:
                yield from _named("Q", row, question.code)
            for row in question.conditions:
                yield from _named("C", row, question.code)
            for (_, code, _), rows in question.subquestions.items():
                for row in rows:
                    yield from _named("SQ", row, f"{question.code}_{code}", passed=_FILLED_OF_SUBQUESTIONS)
            for (_, code, _), rows in question.answers.items():
                for row in rows:
                    yield from _named("A", row, f"{question.code}, answer {code}")


def _named(kind: str, row: Row, place: str, *, passed: frozenset[str] = frozenset()) -> Iterator[Leftover]:
    row.taken.add("class")
    for each in leftovers(f"class {kind}", row, place, passed=passed):
        yield Leftover("column default", "", place, each.value) if each.column == "default" else each
