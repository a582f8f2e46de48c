"""Rows of a LimeSurvey file that remember which of their cells were taken, so that none is lost without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from clustergov.instruments.limesurvey.structure import Leftover, Texts

MOST_CELLS = 1_500_000
"""Filled cells of one file. The largest that was met in the field has 60,000."""

BOOKKEEPING = frozenset(
    ["id", "sid", "gid", "qid", "parent_qid", "aid", "dvid", "cid", "sqid", "cqid", "scale_id", "language", "question_order",
     "group_order", "sortorder", "same_default", "same_script", "related_id", "class", "specialtype", "surveyls_survey_id",
     "surveyls_language", "owner_id", "gsid", "active", "datecreated", "additional_languages", "lastpage"]
)  # fmt: skip
"""Columns that number, order and connect rows: their content is in the structure itself."""

OFF: Mapping[str, frozenset[str]] = {
    "other": frozenset({"N"}), "encrypted": frozenset({"N"}), "mandatory": frozenset({"N"}), "relevance": frozenset({"1"}),
    "assessment_value": frozenset({"0"}), "random_group": frozenset({"0"}), "modulename": frozenset({"0"}),
    "question_theme_name": frozenset(
        ["core", "5pointchoice", "arrays/10point", "arrays/5point", "arrays/array", "arrays/column", "arrays/dualscale",
         "arrays/increasesamedecrease", "arrays/multiflexi", "arrays/texts", "arrays/yesnouncertain", "boilerplate", "date",
         "equation", "file_upload", "gender", "hugefreetext", "language", "list_dropdown", "list_with_comment", "listradio",
         "longfreetext", "multiplechoice", "multiplechoice_with_comments", "multiplenumeric", "multipleshorttext",
         "numerical", "ranking", "shortfreetext", "yesno"]
    ),
}  # fmt: skip
"""Values of columns that say “nothing of the kind”, or that every question of its type has."""

OF_SUBQUESTIONS = frozenset({"type", "other", "mandatory", "encrypted", "question_theme_name"})
"""Columns that LimeSurvey fills for subquestions and never looks at: those of their question count."""


class Row:
    """The filled cells of one row, by column."""

    __slots__ = ("cells", "line", "taken")

    def __init__(self, cells: dict[str, str], line: int | None = None) -> None:
        self.cells = cells
        self.line = line
        self.taken: set[str] = set()

    def look(self, name: str) -> str:
        return self.cells.get(name, "")

    def take(self, *names: str) -> str:
        """The first column's value; all these columns are then accounted for."""
        self.taken.update(names)
        return self.cells.get(names[0], "")

    def left(self, passed: frozenset[str]) -> Iterator[tuple[str, str]]:
        """Column and value of every cell that was not taken and says something."""
        for name, value in self.cells.items():
            if name not in self.taken and name not in passed and value.strip() not in OFF.get(name, ()):
                yield name, value


def take_texts(rows: Iterable[Row], name: str, base: str, *, language: str = "language") -> Texts:
    """One column per language; of two different texts in one language the second is left."""
    texts: dict[str, str] = {}
    for row in rows:
        if (text := row.look(name)).strip() and texts.setdefault(row.look(language).strip() or base, text) == text:
            row.take(name)
    return texts


def take_shared(rows: Sequence[Row], name: str) -> str:
    """One column of rows that tell of one thing in several languages: the first row's; cells that differ are left."""
    value = rows[0].take(name)
    for row in rows[1:]:
        if row.look(name) == value:
            row.take(name)
    return value


def grouped(rows: Iterable[Row], name: str) -> dict[str, list[Row]]:
    """Rows by the value of one column, in order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.look(name).strip(), []).append(row)
    return found


def leftovers(table: str, row: Row, place: str, *, passed: frozenset[str] = frozenset()) -> Iterator[Leftover]:
    """The cells of a row that nothing took."""
    if not row.taken and row.cells:
        yield Leftover(table, "", place, row.look("defaultvalue"))
        return
    for name, value in row.left(BOOKKEEPING | passed):
        yield Leftover(table, name, place, value)
