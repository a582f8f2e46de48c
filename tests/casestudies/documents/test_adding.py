"""A document becomes part of a case: text, pages, hash and what is known about it, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from clustergov.casestudies.corpus import read_corpus
from clustergov.casestudies.documents.adding import Told, add
from clustergov.casestudies.documents.document import read
from clustergov.casestudies.documents.passage import digest
from clustergov.casestudies.documents.pseudonyms import FILE
from clustergov.cli import command
from clustergov.problems import InputError

TOLD = Told(consent="given", attribution="bestuurder", language="nl")


@pytest.fixture
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("elders") / "Zorba de Quux.txt"
    path.write_bytes("Wij spraken Zorba de\r\nQuux.\r\n\fDe Quux’ idee was goed.\r\n\r\nEinde cafe\u0301.".encode())
    return path


def test_the_text_is_stored_as_it_is_coded_and_the_file_is_left_alone(small_study: Path, source: Path) -> None:
    before = source.read_bytes()
    added = add(source, small_study, "north", replace(TOLD, title="Gesprek 2", attributes={"role": "x"}))
    assert source.read_bytes() == before
    text = added.path.read_bytes().decode("utf-8")
    assert text == "Wij spraken Zorba de\nQuux.\n\nDe Quux’ idee was goed.\n\nEinde café."
    assert added.path == small_study / "north" / "documents" / "document-1.txt"
    document = next(found for found in read_corpus(small_study).documents if found.code == "document-1")
    assert (document.text, document.sha256, document.attributes) == (text, digest(text), {"role": "x"})
    assert document.locate(text.index("Einde")).text("en") == "p. 2, ¶ 2"
    listed = (small_study / "north" / "documents.yml").read_text(encoding="utf-8")
    assert "Zorba de Quux.txt" not in listed
    assert "normalisation: nfc-1" in listed
    assert not list(small_study.rglob(".*"))


def test_names_are_replaced_before_anything_is_stored_and_pages_follow(small_study: Path, source: Path) -> None:
    (small_study / FILE).write_text("pseudonyms: [{real: Zorba de Quux, also: [De Quux], pseudonym: '[manager 1]'}]\n")
    added = add(source, small_study, "north", TOLD)
    assert added.pseudonymised == 2
    stored = "\n".join(path.read_text(encoding="utf-8") for path in (small_study / "north").rglob("*.*"))
    assert "Quux" not in stored
    document = read(small_study / "north" / "documents.yml", case="north")[-1]
    assert document.text.startswith("Wij spraken [manager 1].\n\n[manager 1]’ idee")
    assert document.locate(document.text.index("’ idee")).text("nl") == "blz. 2, al. 1"


def test_replacing_keeps_what_is_known_and_says_that_the_text_is_another(small_study: Path, source: Path) -> None:
    add(source, small_study, "north", replace(TOLD, code="talk", title="Gesprek"))
    with pytest.raises(InputError) as caught:
        add(source, small_study, "north", replace(TOLD, code="talk"))
    assert [problem.rule for problem in caught.value.problems] == ["duplicate-code"]
    assert not add(source, small_study, "north", Told(code="talk"), replace=True).replaced
    source.write_text("Anders.", encoding="utf-8")
    added = add(source, small_study, "north", Told(code="talk"), replace=True)
    assert added.replaced
    assert (added.entry.title["nl"], added.entry.consent, added.entry.attribution["nl"]) == (
        "Gesprek",
        "given",
        "bestuurder",
    )
    assert (added.entry.pages, added.path.read_text(encoding="utf-8")) == ((), "Anders.")


@pytest.mark.parametrize(
    ("told", "case", "rules"),
    [
        (Told(), "north", {"document-language", "no-consent", "no-attribution"}),
        (replace(TOLD, attribution="dhr. Bosk"), "north", {"attribution-names-person"}),
        (replace(TOLD, code="Gesprek 1"), "north", {"document-code"}),
        (replace(TOLD, code="statements"), "north", {"document-code"}),
        (replace(TOLD, language="Nederlands"), "north", {"document-language"}),
        (replace(TOLD, code="interview"), "north", {"duplicate-code"}),
        (replace(TOLD, code="quux-1", title="Met Quux"), "north", {"name-survives"}),
        (replace(TOLD, attributes={"role": "mayor"}), "north", {"unknown-attribute"}),
        (TOLD, "west", {"missing-file"}),
    ],
)
def test_what_does_not_hold_is_told_and_nothing_is_stored(
    small_study: Path, source: Path, told: Told, case: str, rules: set[str]
) -> None:
    (small_study / FILE).write_text("pseudonyms: [{real: Quux, pseudonym: '[m]'}]\n")
    (small_study / "attributes.yml").write_text("attributes: [{attribute: size, of: document, name: {nl: a, en: b}}]\n")
    before = {path: path.read_bytes() for path in small_study.rglob("*") if path.is_file()}
    with pytest.raises(InputError) as caught:
        add(source, small_study, case, told)
    assert {problem.rule for problem in caught.value.problems} == rules
    assert {path: path.read_bytes() for path in small_study.rglob("*") if path.is_file()} == before


def test_mistakes_in_what_is_told_and_in_the_file_come_together(small_study: Path, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"no")
    with pytest.raises(InputError) as caught:
        add(tmp_path / "a.pdf", small_study, "north", replace(TOLD, language=""))
    assert [problem.rule for problem in caught.value.problems] == ["document-language", "broken-document"]


def test_a_page_map_that_no_longer_fits_is_told(small_study: Path, source: Path) -> None:
    add(source, small_study, "north", TOLD)
    path = small_study / "north" / "documents.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("start: 28", "start: 29"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(path, case="north")
    assert [problem.rule for problem in caught.value.problems] == ["page-map"]


def test_the_command_adds_and_the_document_can_be_coded(small_study: Path, tmp_path: Path) -> None:
    word = docx.Document()
    word.core_properties.author = "Somebody Secret"
    word.add_paragraph("Wij vertrouwden elkaar.")
    word.save(str(tmp_path / "Somebody Secret.docx"))
    told = ["--language", "nl", "--consent", "given", "--attribution", "bestuurder", "--attribute", "role=x"]
    runner = CliRunner()
    started = ["casestudies", "add", str(tmp_path / "Somebody Secret.docx"), str(small_study)]
    assert runner.invoke(command, [*started, *told]).exit_code == 2  # which of the two cases?
    result = runner.invoke(command, [*started, *told, "--case", "south", "--code", "talk"])
    assert (result.exit_code, result.output.count("Stored:")) == (0, 1), result.output
    assert "Secret" not in (small_study / "south" / "documents.yml").read_text(encoding="utf-8")
    assert runner.invoke(command, ["casestudies", "check", str(small_study)]).exit_code == 0
    result = runner.invoke(command, [*started, "--case", "south", "--code", "talk", "--attribute", "x"])
    assert result.exit_code == 2


def test_the_five_real_texts_are_added_and_read_back(small_study: Path, shared: Path) -> None:
    paths = sorted((shared / "sources").glob("*.txt"))
    for path in paths:
        add(path, small_study, "south", replace(TOLD, consent="not needed"))
    documents = [found for found in read_corpus(small_study).documents if found.case == "south"]
    assert [found.text for found in documents] == [path.read_bytes().decode("utf-8") for path in paths]
    assert [found.code for found in documents] == [f"document-{number}" for number in range(1, 6)]
