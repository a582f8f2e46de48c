"""Every command of case studies on input with one defect each: an exit code, a message that names it, nothing half-written."""

from __future__ import annotations

import io
import re
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from clustergov.cli import command
from refi_project import CODE, SOURCE, USER, Made, guid, package
from small_cases import CODEBOOK, NORTH, STATEMENT_CODINGS, write_study

Prepare = Callable[[Path], object]
"""Spoils a folder that holds the small study in ``study``."""

TRUST = Made().qde_xml().encode()
TEXT = Made().text


def project(**made: object) -> Prepare:
    return lambda folder: (folder / "p.qdpx").write_bytes(Made(**made).qdpx())  # type: ignore[arg-type]


def entries(**files: bytes) -> Prepare:
    """A package with these entries beside a sound project."""
    return lambda folder: (folder / "p.qdpx").write_bytes(package({"project.qde": TRUST, **files}))


def spelled(old: str, new: str) -> Prepare:
    xml = Made().qde_xml()
    assert old in xml
    content = package({"project.qde": xml.replace(old, new).encode(), f"sources/{SOURCE}.txt": TEXT})
    return lambda folder: (folder / "p.qdpx").write_bytes(content)


def link(folder: Path) -> None:
    """An entry that is a symbolic link out of the package."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("project.qde", TRUST)
        entry = zipfile.ZipInfo(f"sources/{SOURCE}.txt")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(entry, "/etc/passwd")
    (folder / "p.qdpx").write_bytes(content.getvalue())


def written(name: str, content: str | bytes) -> Prepare:
    return lambda folder: (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def changed(name: str, pattern: str, new: str) -> Prepare:
    """One place of a file of the study."""

    def change(folder: Path) -> None:
        path = folder / "study" / name
        text, n = re.subn(pattern, new, path.read_text(encoding="utf-8"), count=1)
        assert n == 1
        path.write_text(text, encoding="utf-8")

    return change


def without_trust(folder: Path) -> None:
    before, after = CODEBOOK.split("  - code: trust")[0], CODEBOOK.split("  - code: vision")[1]
    (folder / "study" / "codebook.yml").write_text(f"{before}  - code: vision{after}", encoding="utf-8")


def table(rows: list[tuple[object, ...]], head: str = "case,A,B,Y") -> str:
    return f"{head}\n" + "".join(f"c{n},{','.join(map(str, row))}\n" for n, row in enumerate(rows))


SOUND = [(1, 0, 1), (1, 1, 1), (0, 0, 0), (0, 1, 0), (1, 0, 1), (1, 1, 0), (0, 0, 1), (0, 1, 0), (1, 0, 1), (1, 1, 1)]
RAW = table([(n, 10 * n, n * n) for n in range(1, 12)])
ALONE = [(*(int(i == j) for j in range(8)), i % 2) for i in range(8)]
UNITS = "unit,a,b\n1,low,high\n2,mid,high\n3,low,low\n4,mid,mid\n5,high,mid\n"

NEW = ("import", "@p.qdpx", "--out", "@new")
INTO = ("import", "@p.qdpx", "--into", "@study")
CHECK, REANCHOR = ("check", "@study"), ("reanchor", "@study")
ADD = (
    "add",
    "@a.txt",
    "@study",
    "--case",
    "north",
    "--language",
    "nl",
    "--consent",
    "given",
    "--attribution",
    "manager",
)
QCA = ("qca", "@t.csv", "--outcome", "Y", "--conditions", "A,B", "--json", "@o.json")
AGREE = ("agreement", "@t.csv", "--json", "@o.json")
ANCHORED = (*QCA, "--calibrate", "B: 10, 55, 100", "--calibrate", "Y: 1, 30.5, 100", "--calibrate")
ROUND = "rounds:\n  - {number: 1, code: a, title: {nl: a, en: a}, coders: [%s], blind: true}\n"


TABLE: list[tuple[str, Prepare, tuple[tuple[str, ...], ...], int, str]] = [
    # packages
    ("cut off", lambda folder: (folder / "p.qdpx").write_bytes(Made().qdpx()[:-40]), (NEW, INTO), 2, "Export the project again"),
    ("empty", written("p.qdpx", b""), (NEW, INTO), 2, "found an empty file"),
    ("no project", written("p.qdpx", package({"x.txt": b"hi"})), (NEW,), 2, "expected one project file.*found none"),
    ("a Word file", written("p.qdpx", package({"word/document.xml": b"<a/>"})), (NEW,), 2, "found none.*Export"),
    ("a folder", lambda folder: (folder / "p.qdpx").mkdir(), (NEW,), 2, "found a folder"),
    ("two projects", written("p.qdpx", package({"a.qde": TRUST, "b.qde": TRUST})), (NEW, INTO), 2, "found 2: "),
    ("broken XML", written("p.qdpx", package({"project.qde": TRUST[:-30]})), (NEW, INTO), 2, "expected a REFI-QDA project in XML"),
    ("another document", written("p.qdpx", package({"project.qde": b"<a/>"})), (NEW,), 2, "found an XML document <a>"),
    ("slip", entries(**{"../../x.txt": b"a"}), (NEW, INTO), 2, "points outside the package.*check where it comes from"),
    ("slip by a root", entries(**{"/etc/x.txt": b"a"}), (NEW, INTO), 2, "points outside the package"),
    ("slip by backslashes", entries(**{"sources\\..\\..\\x.txt": b"a"}), (NEW, INTO), 2, "points outside the package"),
    ("bomb", entries(**{f"sources/{SOURCE}.txt": b"\0" * 70_000_000}), (NEW, INTO), 2, "No text does that"),
    ("entities", written("p.qdpx", package({"project.qde": b'<!DOCTYPE a [<!ENTITY l "o">]><Project>&l;</Project>'})), (NEW,), 2,
     "Entities are not read"),
    ("no words", written("p.qdpx", b'<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes/></CodeBook>'), (NEW,), 2,
     "expected codes or texts, found neither"),
    ("text elsewhere", project(path="absolute:///etc/passwd"), (NEW,), 0, "lies outside the file and was not opened"),
    ("a link", link, (NEW,), 0, "the names of 1 selections are none of their words"),
    ("text in Latin-1", project(text="Trust café".encode("latin-1")), (NEW,), 0, "expected UTF-8, found byte 0xe9.*left out, with 1 coding"),
    # offsets
    ("beyond the text", project(marks=((0, 5, "Trust"), (10, 9999, "x"))), (NEW, INTO), 0, "beyond the end of the text, and end there now: 1"),
    ("before the text", project(marks=((-3, 5, "Trust"),)), (NEW,), 0, "left out: 1 coding, since its selection lies outside"),
    ("turned round", project(marks=((9, 5, "Trust"),)), (NEW,), 0, "ended before they began, and were turned round: 1"),
    ("no number", spelled('startPosition="0"', 'startPosition="zero"'), (NEW,), 0, "left out: 1 coding"),
    ("a huge number", spelled('startPosition="0"', f'startPosition="{"9" * 5000}"'), (NEW,), 0, "left out: 1 coding"),
    ("beyond", changed("north/codings/interview.ann.yml", r"end: \d+", "end: 99999"), (CHECK, REANCHOR), 2, "offsets span 99977 code points, the text 23"),
    ("negative", changed("north/codings/interview.ann.yml", r"start: \d+", "start: -4"), (CHECK, REANCHOR), 2, "greater than or equal to 0"),
    ("a fraction", changed("north/codings/interview.ann.yml", r"start: \d+", "start: 1.5"), (CHECK,), 2, "expected a whole number"),
    # texts
    ("marks and line ends", project(text="\ufeffTrust 🚢 cafe\u0301\r\n\r\nplan 👩‍👩‍👧.\r\n".encode()), (NEW, INTO), 0,
     "byte-order mark not counted, CRLF counted as two"),
    ("marks, line ends, accents", written("a.txt", "\ufeffHallo 🚰 e\u0301\r\n\r\nTwee.\r\n"), (ADD,), 0, "17 characters.*joined with their letters"),
    ("NUL", written("a.txt", "a\0b"), (ADD,), 2, "found a NUL character"),
    ("Latin-1", written("a.txt", "café".encode("latin-1")), (ADD,), 2, "found byte 0xe9.*--encoding windows-1252"),
    ("blank", written("a.txt", " \n\n "), (ADD,), 2, "without any text"),
    ("a path for a code", written("a.txt", "tekst"), ((*ADD, "--code", "../../x"),), 2, "small letters, digits and hyphens"),
    ("a taken code", written("a.txt", "tekst"), ((*ADD, "--code", "interview"),), 2, "Choose another --code, or add --replace"),
    ("nothing to replace", written("a.txt", "tekst"), ((*ADD, "--code", "intervieuw", "--replace"),), 2,
     "no document “intervieuw” that could be replaced"),
    ("no attribute", written("a.txt", "tekst"), ((*ADD, "--attribute", "=1"), (*ADD, "--attribute", "x")), 2, "expected NAME=VALUE"),
    ("a text that is gone", lambda folder: (folder / "study/north/interview.txt").unlink(), (CHECK, REANCHOR), 2, "expected a document, found no such file"),
    # coders and codes
    ("two users of one name", project(users=f'<User guid="{USER}" name="ann"/><User guid="{guid(7)}" name="ann"/>'), (NEW,), 0,
     "is called “ann .2.” here"),
    ("a user called as a coder", project(users=f'<User guid="{USER}" name="Ann"/>'), (INTO,), 0, "can be taken for the coder “ann”"),
    ("a user with a path", project(users=f'<User guid="{USER}" name="../../x"/>'), (NEW,), 0, "1 coding"),
    ("two coders of one name", lambda folder: (folder / "study/north/codings/interview.Ann.yml").write_text(
        (folder / "study/north/codings/interview.bea.yml").read_text("utf-8").replace("bea", "Ann"), "utf-8"),
     (CHECK, ("agreement", "@study")), 2, "can be taken for each other.*give one another name"),
    ("two coders in a round", written("study/rounds.yml", ROUND % "ann, Ann"), (CHECK,), 2, "can be taken for each other"),
    ("a coder called consensus", written("study/rounds.yml", ROUND % "ann, consensus"), (CHECK,), 2, "stands for what coders decided together"),
    ("blind alone", written("study/rounds.yml", ROUND % "ann"), (CHECK,), 2, "a blind round needs two coders"),
    ("two codes of one name", project(codes=f'<Code guid="{CODE}" name="Trust"/><Code guid="{guid(3)}" name="Trust"/>'), (NEW,), 0,
     "2 codes share their name"),
    ("no code", project(codes=""), (NEW,), 0, "left out: 1 coding, since its code is not in the file"),
    ("a code deleted in use", without_trust, (CHECK, ("matrix", "@study"), ("agreement", "@study"), ("export", "@study", "--to", "qdpx", "--out", "@o.qdpx")), 2,
     "“trust” is not in the codebook.*recode trust NEW"),
    ("a code deleted in use", without_trust, (("recode", "trust", "vision", "@study", "--by", "me"),), 0, "north/statements/s3"),
    ("coded twice", written("study/north/codings/statements.ann.yml", STATEMENT_CODINGS + "  - {concept: trust, polarity: supports, at: s3}\n"), (CHECK,), 2,
     "coded twice in the same place"),
    ("a merge undone", changed("north/codings/interview.ann.yml", "codings:", "<<<<<<< HEAD\ncodings:"), (CHECK,), 2, "this is not YAML"),
    ("a circle", written("study/codebook.yml", CODEBOOK.replace("code: vision", "code: vision\n    parent: vision")), (CHECK,), 2, "stands under itself"),
    ("another case", written("study/south/case.yml", NORTH), (CHECK,), 2, "Give both the same name"),
    # configurations
    ("three cases", written("t.csv", table(SOUND[:3])), (QCA,), 2, "expected at least 8 cases, found 3.*Compare the cases one by one"),
    ("one case per condition", written("t.csv", table(ALONE, "case,A,B,C,D,E,F,G,H,Y")), ((*QCA, "--conditions", "A,B,C,D,E,F,G,H"),), 2,
     "every case would explain itself"),
    ("contradictions everywhere", written("t.csv", table([(a, b, y) for a in (0, 1) for b in (0, 1) for y in (0, 1)] * 2)), (QCA,), 2,
     "cases on both sides of it in all 4 rows.*Add the condition"),
    ("exactly 0.5", written("t.csv", table([(0.5, 0, 1), *SOUND])), (QCA,), 2, "membership of exactly 0.5: c0 in A.*allow it"),
    ("exactly 0.5", written("t.csv", table([(0.5, 0, 1), *SOUND])), ((*QCA, "--half"),), 0, "belong to no row: c0"),
    ("exactly 0.5 by an anchor", written("t.csv", RAW), ((*ANCHORED, "A: 1, 5, 9"),), 2, "exactly 0.5: c4 in A"),
    ("anchors out of order", written("t.csv", RAW), ((*ANCHORED, "A: 1, 9, 5"),), 2, "expected anchors in order"),
    ("equal anchors", written("t.csv", RAW), ((*ANCHORED, "A: 5, 5, 9"),), 2, "expected different anchors"),
    ("anchors of another unit", written("t.csv", RAW), ((*ANCHORED, "A: 100, 200, 300"),), 2, "expected anchors within the data"),
    ("two anchors", written("t.csv", RAW), ((*ANCHORED, "A: 1, 5"), (*ANCHORED, "A: 1, nan, 9"), (*ANCHORED, "A")), 2, "Write it like"),
    ("the same everywhere", written("t.csv", table([(1, b, y) for _, b, y in SOUND])), (QCA,), 2, "condition A to differ"),
    ("a formula for a name", written("t.csv", table(SOUND, "case,A*B,B,Y")), ((*QCA, "--conditions", "A*B,B"),), 2,
     "without the signs of a formula, found A.B.*Rename"),
    ("no number", written("t.csv", table([("nan", 0, 1), ("inf", 1, 0), *SOUND])), (QCA,), 2, "expected numbers in A.*expected a value of A"),
    # agreement
    ("one answer", written("t.csv", "unit,a,b\n" + "".join(f"{n},yes,yes\n" for n in range(20))), (AGREE,), 0, "undefined: everybody gave the same value"),
    ("no answer", written("t.csv", "unit,a,b\n1,,\n2,,\n"), (AGREE,), 0, "undefined: no unit was read by two coders"),
    ("one coder", written("t.csv", "unit,a\n1,x\n2,y\n"), (AGREE,), 0, "undefined: one coder"),
    ("a unit twice", written("t.csv", "unit,a,b\n1,2,2\n1,3,3\n2,1,2\n"), (AGREE,), 2, "each unit in one row, found 1 more than once"),
    ("a row twice", written("t.csv", "unit,coder,code\n1,a,x\n1,a,x\n1,b,x\n2,a,y\n2,b,x\n"), (AGREE,), 0, "Cohen's kappa"),
    ("names for numbers", written("t.csv", UNITS), ((*AGREE, "--scale", "interval"), (*AGREE, "--scale", "ratio")), 2, "expected numbers for the scale"),
    ("names without order", written("t.csv", UNITS), ((*AGREE, "--scale", "ordinal"), (*AGREE, "--weights", "linear")), 2,
     "expected the order of .*by the alphabet it would mean nothing.*--categories"),
    ("names in order", written("t.csv", UNITS), ((*AGREE, "--scale", "ordinal", "--categories", "low,mid,high"),), 0, "alpha .ordinal. +0.10"),
    ("a name outside the order", written("t.csv", UNITS), ((*AGREE, "--scale", "ordinal", "--categories", "low,high"),), 2, "expected one of low, high, found mid"),
    ("a seed below 0", written("t.csv", UNITS), ((*AGREE, "--interval", "bootstrap", "--seed", "-1"),), 2, "--seed: expected a whole number from 0 on"),
    ("a seed below 0", written("study/agreement.yml", "seed: -1\n"), (("agreement", "@study"),), 2, "seed: .*greater than or equal to 0"),
    ("a stretch beyond", written("t.csv", "document,coder,start,end,code\nd,a,0,10,x\nd,b,5,99,x\n"), ((*AGREE, "--length", "50"),), 2, "expected 0 ≤ start < end ≤ 50"),
    # places
    ("a file in the way", written("o.csv", "mine"), (("export", "@study", "--to", "csv", "--out", "@o.csv"),), 2, "Move it, or add --overwrite"),
    ("a folder in use", lambda folder: (project()(folder), shutil.copytree(folder / "study", folder / "new")), (NEW,), 2, "nothing in this one was touched"),
    ("no study", lambda folder: shutil.rmtree(folder / "study"), (CHECK, REANCHOR, ("settle", "@study"), ("privacy", "@study")), 2,
     "expected the folder casestudies of a study"),
]  # fmt: skip


def rows() -> Iterator[object]:
    for defect, prepare, lines, code, pattern in TABLE:
        for line in lines:
            words = " ".join(word for word in line if word.startswith("--")) or "@study"
            yield pytest.param(prepare, line, code, pattern, id=f"{defect}: {line[0]} {words}")


def tree(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.mark.parametrize(("prepare", "line", "code", "pattern"), list(rows()))
def test_bad_case_input_is_answered_by_name(
    prepare: Prepare, line: tuple[str, ...], code: int, pattern: str, tmp_path: Path
) -> None:
    (tmp_path / "study").mkdir()
    write_study(tmp_path / "study")
    prepare(tmp_path)
    before = tree(tmp_path)
    places = [str(tmp_path / word[1:]) if word.startswith("@") else word for word in line]
    done = CliRunner().invoke(command, ["casestudies", *places])
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    assert done.exit_code == code, done.output
    assert re.search(pattern, done.output, flags=re.DOTALL), done.output
    assert "Traceback" not in done.output
    after = tree(tmp_path)
    if code == 2:
        assert after == before, "something was written"
    else:
        assert before.keys() <= after.keys(), "something was lost"
