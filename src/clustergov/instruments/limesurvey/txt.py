"""Read a LimeSurvey structure in tab-separated values (.txt), old and new columns, one language after the other."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from clustergov.instruments.exchange import Notes
from clustergov.instruments.limesurvey.structure import (
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
_UNUSED = {"AS": "assessment rules", "QTA": "quotas", "QTAM": "members of quotas", "QTALS": "texts of quotas"}


@dataclass(slots=True)
class _Question:
    row: Mapping[str, str]
    line: int
    texts: dict[str, str] = field(default_factory=dict)
    help: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    subquestions: dict[tuple[str, str, int], tuple[Mapping[str, str], dict[str, str]]] = field(default_factory=dict)
    answers: dict[tuple[str, str, int], dict[str, str]] = field(default_factory=dict)
    conditions: list[LimeCondition] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    titles: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    relevance: str = ""
    questions: dict[tuple[str, int], _Question] = field(default_factory=dict)


@dataclass(slots=True)
class _State:
    """Where in the file the reader stands: rows belong to what stands above them."""

    base: str
    groups: dict[str, _Group] = field(default_factory=dict)
    group: _Group | None = None
    question: _Question | None = None
    seen: Counter[tuple[object, ...]] = field(default_factory=Counter)

    def again(self, *key: object) -> int:
        """How often this row stood before in the same place and language; then it is another one with the same code."""
        self.seen[key] += 1
        return self.seen[key] - 1


def read_txt(content: bytes, file: str, notes: Notes) -> LimeSurvey:
    """Read the bytes of a .txt.

    Raises
    ------
    InputError
        Wrong encoding, no such columns, or no questions.
    """
    rows = list(_rows(decode(content, file), file))
    settings = {row["name"]: row["text"] for _, row in rows if row["class"] == "S"}
    base = settings.get("language", "").strip(' "') or next(
        (row["language"] for _, row in rows if row["language"]), "en"
    )
    state = _State(base)
    titles: dict[str, str] = {}
    welcome: dict[str, str] = {}
    ignored: Counter[str] = Counter()
    for line, row in rows:
        language = row["language"] or base
        match row["class"]:
            case "SL" if row["name"] == "surveyls_title":
                titles[language] = row["text"]
            case "SL" if row["name"] == "surveyls_welcometext":
                welcome[language] = row["text"]
            case "S" | "SL":
                continue
            case kind:
                if not _take(kind, row, language, line, state):
                    ignored[kind] += 1
    for kind, count in sorted(ignored.items()):
        what = _UNUSED.get(kind, f"rows of the class “{kind}”")
        notes.add("limesurvey-not-imported", f"{count} {what} are not imported.", place=f"class {kind}")
    groups = tuple(_group(key, group) for key, group in state.groups.items())
    if not any(group.questions for group in groups):
        raise InputError(
            Problem("limesurvey-empty", f"expected questions (rows of class Q), found {len(rows)} rows without any.",
                    "Export the survey structure as tab-separated values from LimeSurvey again.", file=file)
        )  # fmt: skip
    _note_defaults(rows, notes)
    used = dict.fromkeys(language for _, row in rows if row["class"] == "Q" and (language := row["language"]))
    return LimeSurvey(
        number=settings.get("sid", ""),
        languages=tuple(
            dict.fromkeys([base, *settings.get("additional_languages", "").replace('"', " ").split(), *used])
        ),
        titles=titles,
        welcome=welcome,
        groups=groups,
        persons=tuple(settings.get(name, "") for name in ("admin", "adminemail", "bounce_email", "faxto")),
    )


def decode(content: bytes, file: str) -> str:
    """Text of the bytes: UTF-8 or UTF-16.

    Raises
    ------
    InputError
        Neither of them.
    """
    sixteen = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if sixteen else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            Problem("encoding", f"expected UTF-8 or UTF-16, found the byte {content[error.start]:#04x}, as Windows-1252 writes.",
                    "Save the file as UTF-8.", file=file, line=line)
        ) from None  # fmt: skip


def _rows(text: str, file: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows by column name with the line on which each ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", quotechar='"')
    try:
        header = [name.strip() for name in next(reader, [])]
        missing = [name for name in _NEEDED if name not in header]
        if missing:
            raise InputError(
                Problem("limesurvey-columns", f"expected the columns {', '.join(_NEEDED)}, found no {', '.join(missing)}.",
                        "Export the survey structure as tab-separated values (.txt) from LimeSurvey.", file=file, line=1)
            )  # fmt: skip
        for cells in reader:
            row = dict.fromkeys(_COLUMNS, "") | dict(zip(header, map(_cell, cells), strict=False))
            row["class"] = row["class"].strip()
            if row["class"]:
                yield reader.line_num, row
    except csv.Error as error:
        raise InputError(
            Problem("limesurvey-table", f"this table cannot be read: {error}.", "Export the structure again.",
                    file=file, line=reader.line_num)
        ) from None  # fmt: skip


def _cell(value: str) -> str:
    """LimeSurvey writes an apostrophe before a cell that begins with “=”, against spreadsheets."""
    return value[1:] if value.startswith("'=") else value


def _take(kind: str, row: Mapping[str, str], language: str, line: int, state: _State) -> bool:
    """Put one row where it belongs; False when nothing here knows its class."""
    if kind == "G":
        key = row["type/scale"].strip() or f"group {sum(1 for seen in state.seen if seen[:2] == ('G', language))}"
        state.again("G", language, key)
        state.group, state.question = state.groups.setdefault(key, _Group()), None
        state.group.titles[language] = row["name"]
        state.group.texts[language] = row["text"]
        state.group.relevance = state.group.relevance or row["relevance"]
    elif kind == "Q":
        state.group = state.group or state.groups.setdefault("", _Group())
        again = state.again("Q", id(state.group), language, row["name"])
        state.question = state.group.questions.setdefault((row["name"], again), _Question(row, line))
        state.question.texts[language] = row["text"]
        state.question.help[language] = row["help"]
        for name, value in row.items():
            if name and name not in _COLUMNS and value.strip():
                state.question.attributes.setdefault(name, {}).setdefault(language, value)
    elif kind in ("SQ", "A") and state.question is not None:
        scale = row["type/scale"].strip() or "0"
        again = state.again(kind, id(state.question), language, scale, row["name"])
        if kind == "SQ":
            state.question.subquestions.setdefault((scale, row["name"], again), (row, {}))[1][language] = row["text"]
        else:
            state.question.answers.setdefault((scale, row["name"], again), {})[language] = row["text"]
    elif kind == "C" and state.question is not None:
        condition = LimeCondition(row["type/scale"], row["name"], row["relevance"], row["text"])
        if condition not in state.question.conditions:
            state.question.conditions.append(condition)
    else:
        return False
    return True


def _number(scale: str) -> int:
    return int(scale) if scale.isdigit() else 0


def _group(key: str, group: _Group) -> LimeGroup:
    return LimeGroup(key, group.titles, group.texts, group.relevance, tuple(map(_question, group.questions.values())))


def _question(question: _Question) -> LimeQuestion:
    row = question.row
    return LimeQuestion(
        number=row["id"], type=row["type/scale"].strip(), code=row["name"], texts=question.texts, help=question.help,
        relevance=row["relevance"], mandatory=row["mandatory"], other=row["other"] == "Y", pattern=row["validation"],
        subquestions=tuple(
            LimeSubquestion(code, _number(scale), texts, first["relevance"])
            for (scale, code, _), (first, texts) in question.subquestions.items()
            if not (code == "other" and row["type/scale"] in ("L", "!") )
        ),
        answers=tuple(LimeAnswer(code, _number(scale), texts) for (scale, code, _), texts in question.answers.items()),
        attributes=question.attributes, conditions=tuple(question.conditions), line=question.line,
    )  # fmt: skip


def _note_defaults(rows: list[tuple[int, Mapping[str, str]]], notes: Notes) -> None:
    count = sum(1 for _, row in rows if row["class"] in ("Q", "SQ") and row["default"].strip())
    if count:
        notes.add("limesurvey-not-imported", f"{count} default answers are not imported.", place="column default")
