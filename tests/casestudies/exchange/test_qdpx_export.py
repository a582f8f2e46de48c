"""An export is valid by the schema and by our own check, loads elsewhere, and says what it leaves out."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from clustergov.casestudies.corpus import Corpus, read_corpus
from clustergov.casestudies.exchange.departing import FORMATS, depart
from clustergov.casestudies.exchange.package import Package
from clustergov.casestudies.exchange.references import reference_problems
from clustergov.problems import InputError

SCHEMAS = Path(__file__).parent / "schemas"
P = "{urn:QDA-XML:project:1.0}"


@pytest.fixture(scope="session")
def project_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / "Project.xsd"))


@pytest.fixture(scope="session")
def codebook_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / "Codebook.xsd"))


def opened(content: bytes) -> tuple[etree._Element, dict[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    return etree.fromstring(files["project.qde"]), files


def texts_by_case(root: etree._Element, files: dict[str, bytes]) -> dict[str, str]:
    return {
        source.get("name"): files["sources/" + source.get("plainTextPath").removeprefix("internal://")].decode()
        for source in root.iter(f"{P}TextSource")
    }


def test_the_shipped_study_is_valid_and_refers_to_nothing_that_is_missing(root, project_schema, codebook_schema):
    corpus = read_corpus(root / "casestudies")
    made = depart(corpus, root / "casestudies", "qdpx", language="en")
    project, _ = opened(made.content)
    project_schema.assertValid(project)
    assert reference_problems(project, Package(made.content, "")) == ()
    codebook_schema.assertValid(etree.fromstring(depart(corpus, root / "casestudies", "qdc", language="nl").content))
    assert sum(1 for _ in project.iter(f"{P}Coding")) == len(corpus.codings)
    assert {note.place for note in made.notes if note.rule == "portrait"} == {case.case for case in corpus.cases}


def test_every_selection_is_named_by_its_words(small_corpus, small_study):
    project, files = opened(depart(small_corpus, small_study, "qdpx", language="en").content)
    texts = texts_by_case(project, files)
    seen = 0
    for source in project.iter(f"{P}TextSource"):
        for selection in source.iter(f"{P}PlainTextSelection"):
            start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
            assert selection.get("name") == texts[source.get("name")][start:end][:100]
            seen += 1
    assert seen == len(small_corpus.codings) == 6
    # An emoji stands before this passage: code points are counted, not UTF-16 units.
    assert texts["north interview"].index("Toen") == 22
    assert 'startPosition="22"' in files["project.qde"].decode()


def test_texts_are_plain_utf8_and_the_archive_has_nothing_else(small_corpus, small_study):
    project, files = opened(depart(small_corpus, small_study, "qdpx", language="nl").content)
    named = {
        source.get("plainTextPath").replace("internal://", "sources/") for source in project.iter(f"{P}TextSource")
    }
    assert set(files) == {"project.qde", *named}
    for name in named:
        assert not files[name].startswith(b"\xef\xbb\xbf")
        assert b"\r" not in files[name]


@pytest.mark.parametrize("format_", FORMATS)
def test_equal_studies_give_equal_bytes(small_corpus, small_study, format_):
    made = depart(small_corpus, small_study, format_, language="en").content
    turned = replace(small_corpus, codings=small_corpus.codings[::-1])
    assert depart(turned, small_study, format_, language="en").content == made
    assert depart(read_corpus(small_study), small_study, format_, language="en").content == made


def test_two_studies_share_no_guid_unless_they_are_one(small_study, tmp_path_factory, small_corpus):
    one, _ = opened(depart(small_corpus, small_study, "qdpx", language="en").content)
    codebook = small_corpus.codebook.model_copy(update={"codebook": "other"})
    other, _ = opened(depart(replace(small_corpus, codebook=codebook), small_study, "qdpx", language="en").content)
    assert not {e.get("guid") for e in one.iter() if e.get("guid")} & {
        e.get("guid") for e in other.iter() if e.get("guid")
    }


def test_coders_users_and_authors(small_corpus, small_study):
    project, _ = opened(depart(small_corpus, small_study, "qdpx", language="en").content)
    users = {user.get("guid"): user.get("name") for user in project.iter(f"{P}User")}
    assert sorted(users.values()) == ["ann", "bea"]
    by = [users[coding.get("creatingUser")] for coding in project.iter(f"{P}Coding")]
    assert sorted(by) == ["ann"] * 5 + ["bea"]


def refuse(study: Path) -> Corpus:
    documents = study / "north" / "documents.yml"
    documents.write_text(documents.read_text().replace("consent: given", "consent: not given"))
    return read_corpus(study)


def test_without_consent_nothing_of_a_document_leaves_unless_asked(small_study):
    corpus = refuse(small_study)
    made = depart(corpus, small_study, "qdpx", language="en")
    assert b"Toen kwam" not in b"".join(opened(made.content)[1].values())
    assert [note.place for note in made.notes if note.rule == "withheld"] == ["north/interview"]
    asked = depart(corpus, small_study, "qdpx", language="en", withheld=True)
    assert "Toen kwam er vertrouwen" in opened(asked.content)[1]["project.qde"].decode()
    assert [note.place for note in asked.notes if note.rule == "withheld"] == ["north/interview"]


def test_a_contrast_and_a_doubt_are_told_at_the_segment(small_corpus, small_study):
    project, _ = opened(depart(small_corpus, small_study, "qdpx", language="en").content)
    by_name = {each.get("name"): each.findtext(f"{P}Description") for each in project.iter(f"{P}PlainTextSelection")}
    assert "about: contrast" in by_name["Elsewhere it was different"]
    assert "mark: U" in by_name["Perhaps a second"]
    assert "polarity: contradicts" in by_name["Elsewhere it was different"]


def test_only_the_codings_of_one_coder_or_none(small_corpus, small_study):
    made = depart(small_corpus, small_study, "qdpx", language="en", coders=["bea"])
    project, _ = opened(made.content)
    assert [user.get("name") for user in project.iter(f"{P}User")] == ["bea"]
    assert sum(1 for _ in project.iter(f"{P}Coding")) == 1
    none, _ = opened(depart(small_corpus, small_study, "qdpx", language="en", coders=[]).content)
    assert not [*none.iter(f"{P}Coding"), *none.iter(f"{P}User")]
    assert len(list(none.iter(f"{P}TextSource"))) == len(list(project.iter(f"{P}TextSource")))
    with pytest.raises(InputError, match="nobody called “carl”"):
        depart(small_corpus, small_study, "qdpx", language="en", coders=["carl"])


def test_an_export_without_codings_is_valid_too(small_corpus, small_study, project_schema):
    project_schema.assertValid(opened(depart(small_corpus, small_study, "qdpx", language="en", coders=[]).content)[0])


def test_another_program_of_the_field_loads_it(small_corpus, small_study, tmp_path, root):
    from pyrefiqda.reficodebook import RefiCodebook
    from pyrefiqda.refiproject import RefiProject

    for name, corpus, folder in (
        ("small", small_corpus, small_study), ("shipped", read_corpus(root / "casestudies"), root / "casestudies"),
    ):  # fmt: skip
        file = tmp_path / f"{name}.qdpx"
        file.write_bytes(depart(corpus, folder, "qdpx", language="en").content)
        place = tmp_path / f"{name}-extracted"
        project = RefiProject.load(file, extract_dir=str(place))
        read = [
            (RefiProject.resolve_source_path(source.plain_text_path, place).read_text(encoding="utf-8"), selection)
            for source in project.sources.text_source for selection in source.plain_text_selection
        ]  # fmt: skip
        assert len(read) == len(corpus.codings)
        assert all(text[each.start_position : each.end_position][:100] == each.name for text, each in read)
        (tmp_path / f"{name}.qdc").write_bytes(depart(corpus, folder, "qdc", language="en").content)
        codebook = RefiCodebook.load(tmp_path / f"{name}.qdc")
        assert len(codebook.codes.code) == len([c for c in corpus.codebook.concepts if not c.parent])


def test_names_that_are_alike_are_told_apart(small_study):
    path = small_study / "codebook.yml"
    extra = path.read_text().partition("concepts:\n")[2].split("  - code: vision")[0]
    path.write_text(path.read_text() + extra.replace("code: trust", "code: trust-below\n    parent: vision"))
    project, _ = opened(depart(read_corpus(small_study), small_study, "qdpx", language="en").content)
    names = [code.get("name") for code in project.iter(f"{P}Code")]
    assert sorted(names) == ["Trust (trust)", "Trust (trust-below)", "Vision"]


def test_characters_that_xml_forbids_do_not_break_it(small_study, project_schema):
    document = small_study / "north" / "interview.txt"
    document.write_text(
        document.read_text(encoding="utf-8").replace("\nToen kwam", "\nToen\x0ckwam"), encoding="utf-8", newline=""
    )
    for path in (small_study / "north" / "codings").glob("interview.*.yml"):
        path.unlink()
    from clustergov.casestudies.coding.coding import Coding, write
    from clustergov.casestudies.documents.passage import anchor

    text = document.read_text(encoding="utf-8")
    start = text.index("Toen")
    passage = anchor(text, start, start + 9, document="interview")
    write(
        [Coding("north", "interview", "ann", "trust", passage=passage)],
        small_study / "north" / "codings" / "interview.ann.yml",
    )
    made = depart(read_corpus(small_study), small_study, "qdpx", language="en").content
    project, files = opened(made)
    project_schema.assertValid(project)
    assert "Toen\x0ckwam" in texts_by_case(project, files)["north interview"]
    assert "Toen kwam" in {each.get("name") for each in project.iter(f"{P}PlainTextSelection")}


def test_a_blind_round_that_is_open_is_told(small_study):
    (small_study / "rounds.yml").write_text(
        "rounds:\n  - {number: 1, code: one, title: {nl: Een, en: One}, blind: true, coders: [ann, bea]}\n",
        encoding="utf-8",
    )
    made = depart(read_corpus(small_study), small_study, "qdpx", language="en")
    assert any(note.rule == "blind" for note in made.notes)
    alone = depart(read_corpus(small_study), small_study, "qdpx", language="en", coders=["ann"])
    assert not any(note.rule == "blind" for note in alone.notes)


def test_times_of_codings_go_along_in_whole_seconds(small_study):
    from clustergov.casestudies.coding.workbench import Workbench

    with Workbench.open(small_study) as bench:
        bench.code("carl", 1, "north", "statements", "trust", at="s1")
    project, _ = opened(depart(read_corpus(small_study), small_study, "qdpx", language="en").content)
    times = [each.get("creationDateTime") for each in project.iter(f"{P}Coding") if each.get("creationDateTime")]
    assert len(times) == 1
    assert len(times[0]) == len("2026-01-01T00:00:00Z")
    assert times[0].endswith("Z")
