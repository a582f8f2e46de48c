"""Damage to LimeSurvey files: bytes, rows and cells changed as no LimeSurvey would write them, and as some people do."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

NASTY = (
    "", " ", "0", "1", "-1", "N", "Y", "S", "no", "null", "~", "x" * 3000, "(" * 1500, "{" * 300, "not " * 400, "9" * 400, "-1e999", "٣", "²",
    "Ⅷ", "1,5", "1.5.5", "é", "e\u0301", "\u202e", "\u2028", "\ufeff", "'", '"', "a_b", "_", "__", "self", "that", "this", "other", "comment",
    "time", "and", "answered", "sum", "<script>alert(1)</script>", "<a href='mailto:x", "<!--", "<b", "&#0;", "&amp;", "&bogus;", "=1+1", "- a", ": ",
    "%s", "#", "*", "&x", "!tag", "|", ";", "q1;q2", "many;many", "ticks", "why", "7X1X1", 'why.NAOK == "A1"', "count(self.NAOK) >= 2",
    "round(sum(self.NAOK),2)==100 or count(self.NAOK)==0", "!(is_empty(why.NAOK) || sum(self.NAOK) > 3)", "self.NAOK == self.NAOK",
    "this > 3 and (this < 5 or this == 7)", 'regexMatch("/(a+)+$/", self)', "1 == 1", "many.NAOK > 3 and many.NAOK < 2", "random", "alphabetical",
    "en", "nl", "no-such", "EN", "en nl", "L", "!", "O", "5", "G", "I", "M", "P", "A", "B", "C", "E", "F", "H", "1", ":", ";", "K", "Q", "T", "D", "R",
    "X", "|", "?", "LL", "a\nb", "a\tb", "\x0b", "\x7f", "\x85", "🙂", "－１", "1e3", "0x1F", "00012", "+5", "Infinity", "NaN", "2026-02-30",
)  # fmt: skip
ATTRIBUTES = (
    "hidden", "array_filter", "array_filter_exclude", "em_validation_q", "em_validation_q_tip", "em_validation_sq", "equals_num_value", "min_answers",
    "max_answers", "min_num_value", "max_num_value", "min_num_value_n", "max_num_value_n", "exclude_all_others", "random_order", "answer_order",
    "multiflexible_checkbox", "multiflexible_min", "slider_layout", "slider_separator", "slider_min", "suffix", "prefix", "max_subquestions",
    "value_range_allows_missing", "num_value_int_only", "other_replace_text", "dualscale_headerA", "equation", "relevance", "", "nonsense",
)  # fmt: skip
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Chance = random.Random


def mutated(content: bytes, chance: Chance, *, times: int = 3) -> bytes:
    """The file with up to `times` changes."""
    for _ in range(chance.randint(1, times)):
        content = chance.choice(_CHANGES.get(_kind(content), _BYTES))(content, chance)
    return content


def _kind(content: bytes) -> str:
    if content[:2] == b"PK":
        return "zip"
    return "xml" if content.lstrip()[:5] in (b"<?xml", b"<docu") else "table" if b"\t" in content[:300] else ""


def _flip(content: bytes, chance: Chance) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(content: bytes, chance: Chance) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _without_slice(content: bytes, chance: Chance) -> bytes:
    start = chance.randrange(len(content) + 1)
    return content[:start] + content[start + chance.randint(0, 200) :]


def _repeated_slice(content: bytes, chance: Chance) -> bytes:
    start = chance.randrange(len(content) + 1)
    piece = content[start : start + chance.randint(0, 400)]
    return content[:start] + piece * chance.randint(1, 4) + content[start:]


def _recoded(content: bytes, chance: Chance) -> bytes:
    text = content.decode("utf-8", errors="replace")
    return text.encode(
        chance.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "utf-32"]), errors="replace"
    )


def _rows_changed(content: bytes, chance: Chance) -> bytes:
    """Rows of XML removed, repeated, exchanged or put in other tables."""
    parts = re.split(rb"(<row>.*?</row>)", content, flags=re.S)
    rows = [place for place, part in enumerate(parts) if part.startswith(b"<row>")]
    if len(rows) < 2:
        return content
    one, other = chance.sample(rows, 2)
    match chance.randrange(4):
        case 0:
            parts[one] = b""
        case 1:
            parts[one] = parts[one] * chance.randint(2, 30)
        case 2:
            parts[one], parts[other] = parts[other], parts[one]
        case _:
            parts[one] = parts[other]
    return b"".join(parts)


def _cell_changed(content: bytes, chance: Chance) -> bytes:
    cells = list(re.finditer(rb"<(\w+)>(<!\[CDATA\[.*?\]\]>|[^<>]*)</\1>", content, flags=re.S))
    if not cells:
        return content
    cell = chance.choice(cells)
    value = _FORBIDDEN.sub("", chance.choice(NASTY))
    name = chance.choice(cells)[1] if chance.random() < 0.15 else cell[1]
    new = b"<" + name + b">" + escape(value).encode() + b"</" + name + b">"
    return content[: cell.start()] + new + content[cell.end() :]


def _attribute_added(content: bytes, chance: Chance) -> bytes:
    numbers = re.findall(rb"<qid>(?:<!\[CDATA\[)?(\w+)", content)
    if not numbers:
        return content
    value = escape(_FORBIDDEN.sub("", chance.choice(NASTY)))
    row = (
        f"<row><qid>{chance.choice(numbers).decode(errors='replace')}</qid><attribute>{chance.choice(ATTRIBUTES)}</attribute>"
        f"<value>{value}</value><language>{chance.choice(['', 'en', 'nl', 'x'])}</language></row>"
    )
    table = f"<question_attributes><rows>{row}</rows></question_attributes></document>"
    return content.replace(b"</document>", table.encode(), 1)


def _table_changed(content: bytes, chance: Chance) -> bytes:
    """Rows, columns and cells of tab-separated values."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter="\t"))
    except (UnicodeDecodeError, csv.Error):
        return _flip(content, chance)
    if len(rows) < 3 or not rows[0]:
        return content
    one, other = chance.randrange(1, len(rows)), chance.randrange(1, len(rows))
    column = chance.randrange(len(rows[0]))
    match chance.randrange(9):
        case 0:
            del rows[one]
        case 1:
            rows[one:one] = [rows[one]] * chance.randint(1, 20)
        case 2:
            rows[one], rows[other] = rows[other], rows[one]
        case 3:
            order = chance.sample(range(len(rows[0])), len(rows[0]))
            rows = [[row[place] for place in order if place < len(row)] for row in rows]
        case 4:
            rows = [row[:column] + row[column + 1 :] for row in rows]
        case 5:
            rows[0].append(chance.choice(ATTRIBUTES))
            rows[one] += [""] * (len(rows[0]) - len(rows[one]) - 1) + [chance.choice(NASTY)]
        case 6:
            rows[one] = rows[one][:column]
        case _:
            if column < len(rows[one]):
                rows[one][column] = chance.choice([*NASTY, "S", "SL", "G", "Q", "SQ", "A", "C", "AS", "QTA"])
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t").writerows(rows)
    return out.getvalue().encode(errors="replace")


def _archive_changed(content: bytes, chance: Chance) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        return _flip(content, chance)
    name = chance.choice(list(files) or [""])
    match chance.randrange(4):
        case 0:
            files.pop(name, None)
        case 1:
            files[name + chance.choice([".lss", "x", ".lsr"])] = files.get(name, b"")
        case _:
            files = {each: mutated(data, chance) if each.endswith(".lss") else data for each, data in files.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
        for each, data in files.items():
            archive.writestr(each or "x", data)
    return out.getvalue()


Change = Callable[[bytes, Chance], bytes]
_BYTES: list[Change] = [_flip, _cut, _without_slice, _repeated_slice, _recoded]
_CHANGES: dict[str, list[Change]] = {
    "xml": [*_BYTES, *[_rows_changed, _cell_changed, _attribute_added] * 5],
    "table": [*_BYTES, *[_table_changed] * 15],
    "zip": [*_BYTES, *[_archive_changed] * 8],
}
