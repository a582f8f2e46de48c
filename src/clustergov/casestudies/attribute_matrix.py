"""The matrix by an attribute: what was coded in the cases, or in the documents, that share a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clustergov.casestudies.attribute import Attribute, AttributeValue, typed
from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.matrix import CaseMatrix, cell_of
from clustergov.language import Text, both, number
from clustergov.problems import InputError, Problem

UNKNOWN = ""
"""Label of the cases or documents of which the attribute is not known."""


_Held = Mapping[tuple[str, ...], Mapping[str, AttributeValue]]


@dataclass(frozen=True, slots=True)
class _Grouping:
    """Which value every case, or every document, has."""

    attribute: Attribute
    values: Mapping[tuple[str, ...], AttributeValue | None]

    def of(self, coding: Coding) -> str | None:
        """The label of a coding's case or document; None where the coding belongs to none, as a statement to a document."""
        key = (coding.case,) if self.attribute.of == "case" else (coding.case, coding.document)
        return _label(self.values[key]) if key in self.values else None


def attribute_matrix(corpus: Corpus, attribute: str) -> CaseMatrix:
    """Count coded passages per concept and value of an attribute; the last column is of those where it is not known.

    Columns hold different numbers of cases or documents, which stand in their titles: their counts are no rates. Of
    an attribute of documents only passages of documents count; statements and notes belong to none.

    Raises
    ------
    InputError
        No case and no document has such an attribute, or both have.
    """
    grouping = _grouping(corpus, attribute)
    labels = _labels(grouping)
    groups: dict[str, list[Coding]] = {label: [] for label in labels}
    outside = 0
    for coding in corpus.counted:
        label = grouping.of(coding)
        if label is None:
            outside += 1
        else:
            groups[label].append(coding)
    concepts = corpus.codebook.codable
    caveats = [("", remark.text) for remark in corpus.codebook.caveats]
    caveats.append(("", both("documents.attributes.sizes")))
    if outside:
        caveats.append(("", both("documents.attributes.outside", n=outside)))
    return CaseMatrix(
        cases=tuple((label, _title(grouping, label)) for label in labels),
        concepts=tuple((concept.code, concept.name) for concept in concepts),
        cells=tuple(cell_of(corpus, groups[label], label, (concept.code,)) for label in labels for concept in concepts),
        caveats=tuple(caveats),
        coders=corpus.coders,
        passages=len({coding.place for codings in groups.values() for coding in codings}),
        by=grouping.attribute.name,
    )


def _grouping(corpus: Corpus, name: str) -> _Grouping:
    of_case: _Held = {(case.case,): case.attributes for case in corpus.cases}
    of_document: _Held = {(document.case, document.code): document.attributes for document in corpus.documents}
    holders = {"case": of_case, "document": of_document}
    found = [declared for declared in corpus.attributes if declared.attribute == name]
    if not corpus.attributes:  # nothing is declared: values are taken as texts
        found = [
            Attribute(attribute=name, of="case" if kind == "case" else "document", name=Text({"nl": name, "en": name}))
            for kind, entries in holders.items()
            if any(name in values for values in entries.values())
        ]
    if len(found) != 1:
        raise InputError(_unfit(corpus, name, len(found)))
    held = {
        key: typed(found[0], values[name]) if name in values else None for key, values in holders[found[0].of].items()
    }
    return _Grouping(found[0], held)


def _unfit(corpus: Corpus, name: str, number_found: int) -> Problem:
    held = [*(case.attributes for case in corpus.cases), *(document.attributes for document in corpus.documents)]
    known = [attribute.attribute for attribute in corpus.attributes] or sorted(
        {key for values in held for key in values}
    )
    if number_found:
        return Problem(
            "ambiguous-attribute", f"cases and documents both have an attribute “{name}”.", "Rename one of them."
        )
    return Problem(
        "unknown-attribute", f"there is no attribute “{name}”.", f"Expected one of: {', '.join(known) or '(none)'}."
    )


def _label(value: AttributeValue | None) -> str:
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _labels(grouping: _Grouping) -> list[str]:
    """Labels in the declared order, else in that of numbers or of the alphabet; those not known last."""
    present = {_label(value): value for value in grouping.values.values()}
    order = [*grouping.attribute.values, "yes", "no"]

    def place(label: str) -> tuple[bool, int, float, str]:
        value = present[label]
        size = value if isinstance(value, float) else 0.0
        return label == UNKNOWN, order.index(label) if label in order else len(order), size, label.casefold()

    return sorted(present, key=place)


def _title(grouping: _Grouping, label: str) -> Text:
    n = sum(_label(value) == label for value in grouping.values.values())
    of = grouping.attribute.of
    if label == UNKNOWN:
        return both(f"documents.attributes.unknown.{of}", n=n)
    value = next(value for value in grouping.values.values() if _label(value) == label)
    if isinstance(value, bool):
        shown = both(f"documents.attributes.{'true' if value else 'false'}")
    elif isinstance(value, float):
        decimals = 0 if value.is_integer() else len(f"{value:g}".partition(".")[2])
        shown = Text({language: number(value, language, decimals) for language in ("nl", "en")})
    else:
        shown = Text({"nl": label, "en": label})
    return both(f"documents.attributes.group.{of}", value=shown, n=n)
