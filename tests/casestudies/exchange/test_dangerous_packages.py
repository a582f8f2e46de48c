"""Files that were made to harm, or were damaged: one InputError, nothing read from outside, nothing written."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from clustergov.casestudies.exchange import package as package_module
from clustergov.casestudies.exchange.arriving import arrive
from clustergov.casestudies.exchange.package import Package
from clustergov.problems import InputError
from refi_project import CODE, SOURCE, Made, guid, package


def refused(tmp_path: Path, content: bytes, name: str = "bad.qdpx") -> str:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        arrive(path, None, language="en")
    return str(error.value)


QDE = Made().qde_xml().encode()


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "sources/../../evil.txt",
        "/etc/evil",
        "C:/evil.txt",
        "..\\evil.txt",
        "\\\\host\\evil",
        "sources/..",
        "c:evil",
    ],
)
def test_entries_that_point_outside_are_refused(tmp_path, name):
    assert "points outside the package" in refused(tmp_path, package({"project.qde": QDE, name: b"x"}))


def test_a_bomb_is_refused_by_what_comes_out_of_it(tmp_path):
    bomb = package({"project.qde": QDE, f"sources/{SOURCE}.txt": b"a" * 30_000_000})
    assert len(bomb) < 100_000
    assert "refi-bomb" in refused(tmp_path, bomb)


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path):
    content = bytearray(package({"project.qde": QDE, f"sources/{SOURCE}.txt": b"a" * 30_000_000}))
    size = struct.pack("<I", 30_000_000)
    while (place := content.find(size)) >= 0:
        content[place : place + 4] = struct.pack("<I", 1000)
    message = refused(tmp_path, bytes(content))
    assert "refi-bomb" in message or "refi-damaged" in message


def test_too_many_entries_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(package_module, "MOST_ENTRIES", 50)
    assert "at most 50 files" in refused(
        tmp_path, package({"project.qde": QDE} | {f"sources/{i}.txt": b"" for i in range(60)})
    )


def test_all_texts_together_are_bounded(monkeypatch):
    monkeypatch.setattr(package_module, "LARGEST_TOTAL", len(QDE) + 150)
    opened = Package(package({"project.qde": QDE, "sources/a.txt": b"a" * 100, "sources/b.txt": b"b" * 100}), "x")
    opened.project_xml()
    assert opened.source("a.txt") == b"a" * 100
    with pytest.raises(InputError, match="refi-bomb"):
        opened.source("b.txt")


ENTITIES = [
    '<!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE Project [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    '<!DOCTYPE Project SYSTEM "http://127.0.0.1:9/x.dtd">',
]


@pytest.mark.parametrize("doctype", ENTITIES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_never_read(tmp_path, doctype, encoding):
    xml = Made().qde_xml().replace('encoding="utf-8"', f'encoding="{encoding}"').replace("?>", f"?>{doctype}", 1)
    xml = xml.replace('name="Trial"', 'name="&x;"' if "ENTITY x" in doctype else 'name="Trial"')
    assert "refi-entities" in refused(tmp_path, package({"project.qde": xml.encode(encoding)}))


def test_codes_nested_without_end_are_refused(tmp_path):
    deep = "".join(f'<Code guid="{guid(i)}" name="c{i}" isCodable="true">' for i in range(5000)) + "</Code>" * 5000
    assert "refi-xml" in refused(tmp_path, Made(codes=deep).qdpx())


def test_a_tree_of_two_hundred_levels_is_read_whole(tmp_path):
    deep = "".join(f'<Code guid="{guid(i)}" name="c{i}" isCodable="true">' for i in range(200)) + "</Code>" * 200
    (tmp_path / "deep.qdpx").write_bytes(Made(codes=deep, marks=[]).qdpx())
    arrived = arrive(tmp_path / "deep.qdpx", None, language="en")
    assert len(arrived.corpus.codebook.ancestors("c199")) == 199


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty-file"),
        (b"PK\x03\x04nonsense", "refi-package"),
        (b"not xml", "refi-xml"),
        (package({"readme.txt": b"x"}), "refi-no-project"),
        (package({"a.qde": QDE, "b.qde": QDE}), "refi-no-project"),
        (package({"project.qde": b""}), "refi-xml"),
        (package({"project.qde": b"<html/>"}), "refi-kind"),
        (package({"project.qde": b'<Project xmlns="urn:QDA-XML:project:1.0" name="x"/>'}), "refi-empty"),
        (b"<html/>", "refi-kind"),
        (b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes/></CodeBook>', "refi-empty"),
        (Made().qdpx()[:-30], "refi-package"),
    ],
)
def test_what_is_no_project_is_refused(tmp_path, content, rule):
    assert f"[{rule}]" in refused(tmp_path, content)


def test_a_locked_entry_is_refused(tmp_path):
    content = bytearray(Made().qdpx())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(signature, place + 4)
    assert "without a password" in refused(tmp_path, bytes(content))


def test_the_same_text_twice_is_refused(tmp_path):
    other = f"sources/{'4' * 8}{SOURCE[8:]}.txt"
    content = package({"project.qde": QDE, f"sources/{SOURCE}.txt": b"Trust came first", other: b"Another text"})
    content = content.replace(other.encode(), f"sources/{SOURCE}.txt".encode())
    assert "2 times" in refused(tmp_path, content)


NATIVE = Made(
    codes=f'<Code guid="{CODE}" name="Trust" isCodable="true"><Description>code: x\nlanguage: en\nname en: Y\nsource: ["a"]</Description></Code>',
    in_source=f'<VariableValue><VariableRef targetGUID="{guid(3)}"/><TextValue>x</TextValue></VariableValue>',
)


@pytest.mark.parametrize("seed", range(2))
def test_damage_anywhere_gives_a_study_or_one_message(tmp_path, seed, small_study, small_corpus):
    """Bytes and pieces of good files changed at random: whatever comes out, it is a study that holds or an InputError."""
    from clustergov.casestudies.exchange.departing import depart

    draw = random.Random(seed)
    good = [NATIVE.qdpx(), depart(small_corpus, small_study, "qdpx", language="en").content]
    outcomes = {"taken": 0, "refused": 0}
    for number in range(40):
        path = tmp_path / f"{number}.qdpx"
        path.write_bytes(damaged(draw.choice(good), draw))
        try:
            arrive(path, draw.choice([None, small_study]), language="en")
            outcomes["taken"] += 1
        except InputError:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 0, outcomes


PIECES = [
    b"-1", b"99999999999999999999", b"0", b"", b"\xff", b"&#0;", b"&lt;", b'"', b"{", b"case: ../x", b"unit s1: {}", b"\xf0\x9f\x9a\xb0",
    b'"1"', b"true", b"round: 0", b"consensus", b"statements", b"units: statements", b"\n", b"../..", b"internal://", b"nan",
    b"document: ..", b"languages: ", b"languages: xx, yy", b"codebook: ", b"polarity: supports", b"[[[[", b"version: ",
]  # fmt: skip


def damaged(content: bytes, draw: random.Random) -> bytes:
    if draw.random() < 0.2:
        broken = bytearray(content)
        for _ in range(draw.randint(1, 8)):
            broken[draw.randrange(len(broken))] = draw.randrange(256)
        return bytes(broken)
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    name = draw.choice([*files, "project.qde", "project.qde", "project.qde"])
    xml = files[name]
    for _ in range(draw.randint(1, 6)):
        start = draw.randrange(len(xml) + 1)
        if draw.random() < 0.7 and name == "project.qde":
            # Inside a value rather than across the markup, so that it stays XML and comes further.
            quotes = [place for place in range(len(xml)) if xml[place : place + 1] in (b'"', b">")]
            start = draw.choice(quotes) + 1
        end = min(len(xml), start + draw.choice([0, 0, 1, 5, 36, 200]))
        xml = xml[:start] + draw.choice([*PIECES, xml[start:end] * 2]) + xml[end:]
    files[name] = xml
    if draw.random() < 0.1:
        files.pop(draw.choice(list(files)))
    return package(files)


def test_a_huge_number_of_elements_is_refused(tmp_path, monkeypatch):
    from clustergov.casestudies.exchange import safe_xml

    monkeypatch.setattr(safe_xml, "MOST_ELEMENTS", 20)
    assert "at most 20 elements" in refused(tmp_path, Made(marks=[(0, 5, "Trust")] * 30).qdpx())


def test_a_stored_stream_that_stops_is_refused(tmp_path):
    content = bytearray(Made().qdpx())
    place = content.find(b"project.qde") + len(b"project.qde") + 20
    content[place : place + 30] = b"\x00" * 30
    message = refused(tmp_path, bytes(content))
    assert "refi-damaged" in message or "refi-xml" in message
