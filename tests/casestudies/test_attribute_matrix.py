"""The matrix by an attribute, counted by hand in the small study."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from clustergov.casestudies.attribute_matrix import UNKNOWN, attribute_matrix
from clustergov.casestudies.corpus import Corpus, read_corpus
from clustergov.cli import command
from clustergov.problems import InputError

DECLARED = """\
attributes:
  - {attribute: members, of: case, name: {nl: Leden, en: Members}, type: number}
  - {attribute: formal, of: case, name: {nl: Formeel, en: Formal}, type: yes/no}
  - {attribute: role, of: document, name: {nl: Rol, en: Role}, values: [alderman, manager]}
"""


def with_attributes(folder: Path, north: str, south: str, interview: str, declared: str = DECLARED) -> Corpus:
    (folder / "attributes.yml").write_text(declared, encoding="utf-8") if declared else None
    for name, line in (("north/case.yml", f"attributes: {{{north}}}\n"), ("south/case.yml", f"attributes: {{{south}}}\n"),
                       ("north/documents.yml", f"    attributes: {{{interview}}}\n")):  # fmt: skip
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    return read_corpus(folder)


def test_values_stand_in_their_order_with_what_is_not_known_last(small_study: Path) -> None:
    corpus = with_attributes(small_study, "members: 9.5, formal: yes", "members: 10", "role: manager")
    matrix = attribute_matrix(corpus, "members")
    assert [title["en"] for _, title in matrix.cases] == ["9.5 (cases: 1)", "10 (cases: 1)"]
    assert [title["nl"] for _, title in matrix.cases] == ["9,5 (casussen: 1)", "10 (casussen: 1)"]
    cell = matrix.cell("9.5", "trust")
    assert (cell.coded, cell.contrast, cell.uncertain, matrix.cell("10", "trust").coded) == (2, 1, 1, None)
    formal = attribute_matrix(corpus, "formal")
    assert [label for label, _ in formal.cases] == ["yes", UNKNOWN]
    assert [title["nl"] for _, title in formal.cases] == ["ja (casussen: 1)", "niet bekend (casussen: 1)"]


def test_of_documents_only_their_passages_count(small_study: Path) -> None:
    matrix = attribute_matrix(with_attributes(small_study, "", "", "role: manager"), "role")
    assert [label for label, _ in matrix.cases] == ["manager"]
    assert (matrix.cell("manager", "trust").coded, matrix.passages) == (1, 1)
    assert "not counted here: 4." in " ".join(matrix.caveat_lines("en"))
    assert "“Role”: 1 coded passages in 1 groups" in matrix.sentence("en")
    assert "“Rol”" in matrix.sentence("nl")


def test_without_a_declaration_values_are_texts(small_study: Path) -> None:
    corpus = with_attributes(small_study, "size: 3", "size: 3", "", "")
    assert [title["en"] for _, title in attribute_matrix(corpus, "size").cases] == ["3 (cases: 2)"]


@pytest.mark.parametrize(("name", "rule"), [("colour", "unknown-attribute"), ("size", "ambiguous-attribute")])
def test_an_attribute_that_is_not_there_or_not_one_is_told(small_study: Path, name: str, rule: str) -> None:
    corpus = with_attributes(small_study, "size: 3", "size: 4", "size: 5", "")
    with pytest.raises(InputError) as caught:
        attribute_matrix(corpus, name)
    assert [problem.rule for problem in caught.value.problems] == [rule]


def test_the_command_shows_it(small_study: Path) -> None:
    with_attributes(small_study, "formal: yes", "formal: no", "role: manager")
    result = CliRunner().invoke(
        command, ["casestudies", "matrix", str(small_study), "--by", "formal", "--language", "nl"]
    )
    assert result.exit_code == 0, result.output
    assert result.output.split("\n")[0].split("  ")[-1].strip() == "nee (casussen: 1)"
    assert CliRunner().invoke(command, ["casestudies", "matrix", str(small_study), "--by", "x"]).exit_code == 2
