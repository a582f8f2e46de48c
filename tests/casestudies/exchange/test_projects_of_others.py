"""Real projects of other programs, where the package that carries them is there; their licence and texts stay with it.

The package ``qualitative-coding`` (AGPL-3) carries a project of its own with interviews and one that NVivo wrote of it.
They are read where they lie. What makes them special is imitated, with texts of our own, in `test_qdpx_import`: paths
without ``internal://``, sources without names, names of selections that are no words, empty texts, ``sources/.root``.
"""

from __future__ import annotations

import importlib.util
import os
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import pytest

from clustergov.casestudies.exchange.arriving import Arrived, arrive
from refi_project import CODE, USER, Made, guid

P = "{urn:QDA-XML:project:1.0}"


@pytest.fixture(scope="module")
def samples() -> Path:
    named = os.environ.get("CLUSTERGOV_QUALITATIVE_CODING")
    spec = importlib.util.find_spec("qualitative_coding")
    folder = Path(named) if named else Path(spec.origin).parent if spec and spec.origin else None
    if folder is None or not (folder / "demo.qdpx").is_file():
        # Like a live LimeSurvey never required: its projects hold real interviews, and it needs an older pandas.
        pytest.skip(
            "The package qualitative-coding 1.7.8 is not here: unpack its wheel anywhere and name its folder "
            "qualitative_coding in CLUSTERGOV_QUALITATIVE_CODING."
        )
    assert folder is not None
    return folder


def test_a_project_of_qualitative_coding_comes_in_whole(samples):
    path = samples / "demo.qdpx"
    arrived = arrive(path, None, language="en")
    with zipfile.ZipFile(path) as package:
        root = ElementTree.fromstring(package.read("project.qde"))
        expected = set()
        names = {code.get("guid"): code.get("name") for code in root.iter(f"{P}Code")}
        for source in root.iter(f"{P}TextSource"):
            text = package.read("sources/" + source.get("plainTextPath")).decode("utf-8").replace("\r\n", "\n")
            for selection in source.iter(f"{P}PlainTextSelection"):
                words = text[int(selection.get("startPosition")) : int(selection.get("endPosition"))]
                expected |= {(words, names[each.get("targetGUID")]) for each in selection.iter(f"{P}CodeRef")}
    concepts = arrived.corpus.codebook.by_code
    found = {(each.passage.exact, concepts[each.concept].name.to("en")) for each in arrived.corpus.codings}
    assert found == expected
    assert (len(concepts), arrived.documents, arrived.codings, arrived.corpus.coded_passages) == (262, 2, 205, 158)
    assert {note.rule for note in arrived.notes} == {
        "refi-path", "refi-names", "refi-same-name", "refi-case", "refi-consent",
    }  # fmt: skip


def test_what_nvivo_wrote_of_it_comes_in_with_what_is_left(samples):
    arrived = arrive(samples / "refi_qda" / "nvivo_project.qdpx", None, language="en")
    assert (arrived.concepts, arrived.documents, arrived.codings) == (262, 0, 0)
    assert sum(note.rule == "refi-no-text" for note in arrived.notes) == 2


def taken(tmp_path: Path, made: Made) -> Arrived:
    (tmp_path / "trial.qdpx").write_bytes(made.qdpx())
    return arrive(tmp_path / "trial.qdpx", None, language="en")


def test_nvivo_says_a_case_by_a_code_and_an_annotation_by_a_link(tmp_path):
    """NVivo 15: a case is a code with its GUID, given to whole texts; an annotation is a note that a link ties."""
    codes = f'<Code guid="{CODE}" name="Trust" isCodable="true"/><Code guid="{guid(1)}" name="Town" isCodable="true"/>'
    before = f'<Cases><Case guid="{guid(1)}" name="Town"/></Cases>'
    in_source = (
        f'<PlainTextSelection guid="{guid(2)}" startPosition="0" endPosition="31"><Coding guid="{guid(3)}"><CodeRef targetGUID="{guid(1)}"/></Coding></PlainTextSelection>'
        f'<PlainTextSelection guid="{guid(4)}" startPosition="6" endPosition="10"/>'
    )
    after = (
        f'<Notes><Note guid="{guid(5)}" name="Annotation"><PlainTextContent>When?</PlainTextContent></Note></Notes>'
        f'<Links><Link guid="{guid(6)}" originGUID="{guid(5)}" targetGUID="{guid(4)}" direction="OneWay"/></Links>'
    )
    users = f'<User guid="{USER}" name="" id="AB"/>'
    made = Made(origin="NVivo for Mac 15", codes=codes, before=before, in_source=in_source, after=after, users=users)
    arrived = taken(tmp_path, made)
    assert [case.case for case in arrived.corpus.cases] == ["town"]
    assert [(each.coder, each.concept, each.passage.exact) for each in arrived.corpus.codings] == [
        ("AB", "trust", "Trust")
    ]
    assert any("When?" in note.message for note in arrived.notes if note.rule == "refi-annotation")
    assert not any(note.rule == "refi-dangling" for note in arrived.notes)


def test_qualcoder_copies_a_form_feed_into_a_name_and_lists_no_creating_user(tmp_path):
    """QualCoder 4.0: form feeds of a text stand raw in its XML, line ends in names become blanks, and a user is not listed."""
    text = "Blad een.\x0cBlad twee\nis uit.\n"
    start, end = text.index("een"), text.index("is uit")
    made = Made(
        text=b"\xef\xbb\xbf" + text.encode(), origin="QualCoder 4.0", marks=[(start, end, "@")],
        in_source=f'<NoteRef targetGUID="{guid(9)}"/>',
    )  # fmt: skip
    raw = (
        made.qde_xml()
        .replace('name="@"', f'name="{text[start:end]}"')
        .replace("<Project ", f'<Project creatingUserGUID="{guid(8)}" ')
    )
    from refi_project import SOURCE, package

    (tmp_path / "qc.qdpx").write_bytes(package({"project.qde": raw.encode(), f"sources/{SOURCE}.txt": made.text}))
    arrived = arrive(tmp_path / "qc.qdpx", None, language="nl")
    assert [each.passage.exact for each in arrived.corpus.codings] == [text[start:end]]
    assert {"refi-characters", "refi-user", "refi-counting"} <= {note.rule for note in arrived.notes}
