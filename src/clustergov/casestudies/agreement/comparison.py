"""From a corpus to the agreement of its coders: who read the same in which round, and what and where they saw in it."""

from __future__ import annotations

from clustergov.casestudies.agreement.agreement import Agreement, DocumentAgreement
from clustergov.casestudies.agreement.code_agreement import CodeAgreement, code_agreements, columns, reading
from clustergov.casestudies.agreement.coded import (
    CodedUnits,
    Kind,
    Readers,
    coded_units,
    independent,
    readers,
    rounds_of,
)
from clustergov.casestudies.agreement.continuum import Segment
from clustergov.casestudies.agreement.declaration import AgreementDeclaration, declared_readers
from clustergov.casestudies.agreement.overlap import paragraphs
from clustergov.casestudies.agreement.sets import set_alpha
from clustergov.casestudies.agreement.where import Where, where
from clustergov.casestudies.corpus import Corpus
from clustergov.language import Text

KINDS: tuple[Kind, ...] = ("unit", "sentence")


def agreement(corpus: Corpus, declared: AgreementDeclaration | None = None) -> Agreement:
    """Agreement on what and where, per code, round, case and document."""
    declared = declared or AgreementDeclaration()
    rounds = rounds_of(corpus)
    coders = tuple(sorted({coding.coder for coding in independent(corpus)}))
    read = {round_: _read_twice(corpus, declared, round_) for round_ in rounds}
    shared = [round_ for round_ in rounds if read[round_]]
    known = (declared.rare, declared.level, declared.width, declared.assumed_alpha)
    if not shared:
        reason = "no-codings" if not coders else "one-coder" if len(coders) < 2 else "no-common-units"
        return Agreement(coders, rounds, 0, (), (), (), (), (), *known, reason)
    last = shared[-1]
    kinds = [kind for kind in KINDS if any(_kind(corpus, place) == kind for place in read[last])]
    units = {kind: coded_units(corpus, last, read[last], kind=kind) for kind in kinds}
    return Agreement(
        coders,
        rounds,
        last,
        tuple(found for kind in kinds for found in code_agreements(corpus.codebook, declared, units[kind], kind, last)),
        (*_by_round(corpus, declared, read), *_by_case(corpus, declared, units, last)),
        tuple(found for kind in kinds for found in _documents(units[kind], kind, last, declared.level)),
        tuple((kind, set_alpha(found.sets(), found.coders, level=declared.level)) for kind, found in units.items()),
        tuple(_where(corpus, declared, read[last], last)),
        *known,
    )


def _kind(corpus: Corpus, place: tuple[str, str]) -> Kind:
    case, document = place
    return "unit" if document in corpus.by_case[case].units else "sentence"


def _read_twice(corpus: Corpus, declared: AgreementDeclaration, round_: int) -> Readers:
    """What at least two coders read; a declaration goes before what the codings suggest."""
    read = readers(corpus, round_) | declared_readers(declared, corpus, round_)
    return {place: coders for place, coders in sorted(read.items()) if len(coders) > 1}


def _by_round(corpus: Corpus, declared: AgreementDeclaration, read: dict[int, Readers]) -> list[CodeAgreement]:
    """Alpha per code and round, where there is more than one round to compare."""
    shared = [round_ for round_ in read if read[round_]]
    found: list[CodeAgreement] = []
    for round_ in shared if len(shared) > 1 else ():
        for kind in KINDS:
            units = coded_units(corpus, round_, read[round_], kind=kind)
            if units.units:
                found += code_agreements(corpus.codebook, declared, units, kind, round_, names=("alpha",))
    return found


def _by_case(
    corpus: Corpus, declared: AgreementDeclaration, units: dict[Kind, CodedUnits], round_: int
) -> list[CodeAgreement]:
    found: list[CodeAgreement] = []
    for kind, every in units.items():
        for case in dict.fromkeys(unit.case for unit in every.units):
            found += code_agreements(corpus.codebook, declared, every.part(case), kind, round_, case, names=("alpha",))
    return found


def _documents(units: CodedUnits, kind: Kind, round_: int, level: float) -> list[DocumentAgreement]:
    found = []
    for case, document in dict.fromkeys((unit.case, unit.document) for unit in units.units):
        part = units.part(case, document)
        part = columns(part, reading(part))
        sets = part.sets()
        differing = sum(len(set(row.values())) > 1 for row in sets)
        found.append(
            DocumentAgreement(case, document, kind, round_, len(sets), part.coders, differing,
                              set_alpha(sets, part.coders, level=level))
        )  # fmt: skip
    return found


def _where(corpus: Corpus, declared: AgreementDeclaration, read: Readers, round_: int) -> list[Where]:
    marked: dict[tuple[str, str], list[Segment]] = {}
    for coding in independent(corpus):
        if coding.round == round_ and coding.passage is not None:
            segment = Segment(coding.coder, coding.passage.start, coding.passage.end, coding.concept)
            marked.setdefault((coding.case, coding.document), []).append(segment)
    found: list[Where] = []
    for (case, code), coders in read.items():
        if code in corpus.by_case[case].units:
            continue
        document = corpus.document(case, code)
        segments = tuple(segment for segment in marked.get((case, code), []) if segment.coder in coders)
        found += where(
            len(document.text), tuple(coders), segments, blocks=paragraphs(document.text), case=case, document=code,
            level=declared.level, draws=declared.draws, seed=declared.seed,
        )  # fmt: skip
    return found


def prevalences(corpus: Corpus) -> tuple[tuple[Text, float], ...]:
    """Share of statements and paragraphs in which each code was seen in the last round, by one coder or by more.

    What a plan for a second coder starts from; codes that nobody saw are left out.
    """
    rounds = rounds_of(corpus)
    if not rounds:
        return ()
    units = coded_units(corpus, rounds[-1], readers(corpus, rounds[-1]))
    read = int(units.read.sum())
    counts = units.present.sum(axis=(0, 1))
    return tuple(
        (concept.name, int(counts[units.codes.index(concept.code)]) / read)
        for concept in corpus.codebook.concepts
        if read and counts[units.codes.index(concept.code)]
    )
