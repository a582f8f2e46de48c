"""Attributes of cases and documents: declared once, checked wherever they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.casestudies.attribute import Attribute, AttributeValue, read_attributes, typed
from clustergov.casestudies.corpus import read_corpus
from clustergov.language import Text
from clustergov.problems import InputError

DECLARED = """\
attributes:
  - {attribute: role, of: document, name: {nl: Rol, en: Role}, values: [manager, alderman]}
  - {attribute: held, of: document, name: {nl: Gehouden, en: Held}, type: date}
  - {attribute: members, of: case, name: {nl: Leden, en: Members}, type: number}
  - {attribute: formal, of: case, name: {nl: Formeel, en: Formal}, type: yes/no}
"""


def declare(folder: Path, case: str, document: str, declared: str = DECLARED) -> None:
    if declared:
        (folder / "attributes.yml").write_text(declared, encoding="utf-8")
    for name, line in (
        ("case.yml", f"attributes: {{{case}}}\n"),
        ("documents.yml", f"    attributes: {{{document}}}\n"),
    ):
        path = folder / "north" / name
        path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("number", 3, 3.0), ("number", "2.5", 2.5), ("number", "2,5", None), ("number", True, None), ("number", "nan", None),
        ("date", "2015-09-10", "2015-09-10"), ("date", 2015, "2015"), ("date", "2015-09", "2015-09"), ("date", "2015-02-30", None),
        ("date", "10-9-2015", None), ("date", "0000", None), ("yes/no", "yes", True), ("yes/no", False, False), ("yes/no", "maybe", None),
        ("text", " a ", "a"), ("text", "", None), ("text", 12, "12"),
    ],
)  # fmt: skip
def test_a_value_is_read_as_its_type(kind: str, value: AttributeValue, expected: AttributeValue | None) -> None:
    attribute = Attribute(attribute="a", of="case", name=Text({"nl": "a"}), type=kind)
    found = typed(attribute, value)
    assert (found, type(found)) == (expected, type(expected))


def test_attributes_come_with_case_and_document(small_study: Path) -> None:
    declare(small_study, "members: 40, formal: yes", "role: manager, held: 2015-09-10")
    corpus = read_corpus(small_study)
    assert [attribute.attribute for attribute in corpus.attributes] == ["role", "held", "members", "formal"]
    assert corpus.by_case["north"].attributes == {"members": 40, "formal": "yes"}
    assert corpus.documents[0].attributes == {"role": "manager", "held": "2015-09-10"}


def test_without_a_declaration_anything_goes(small_study: Path) -> None:
    declare(small_study, "members: many", "anything: goes", "")
    assert read_corpus(small_study).by_case["north"].attributes == {"members": "many"}


def test_a_mistake_is_told_with_its_line(small_study: Path) -> None:
    declare(small_study, "members: many, role: manager", "role: mayor, held: soon")
    with pytest.raises(InputError) as caught:
        read_corpus(small_study)
    assert [(problem.rule, Path(problem.file).name, problem.line, problem.place) for problem in caught.value.problems] == [
        ("attribute-value", "documents.yml", 8, "documents[0].attributes.role"),
        ("attribute-value", "documents.yml", 8, "documents[0].attributes.held"),
        ("attribute-value", "case.yml", 34, "attributes.members"), ("unknown-attribute", "case.yml", 34, "attributes.role"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("attribute: held", "attribute: role", "duplicate-code"),
        ("type: date", "type: day", "literal-error"),
        ("type: date", "type: date, values: [a]", "attribute-values"),
        ("{nl: Rol, en: Role}", "{nl: Rol}", "missing-language"),
    ],
)
def test_a_mistake_in_the_declaration_is_told(tmp_path: Path, old: str, new: str, rule: str) -> None:
    path = tmp_path / "attributes.yml"
    path.write_text(DECLARED.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_attributes(path, languages=("nl", "en"))
    assert [(problem.rule, bool(problem.line)) for problem in caught.value.problems] == [(rule, True)]
