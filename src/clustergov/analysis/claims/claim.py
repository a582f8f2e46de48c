"""Claims as data: what a source says, and by which variables and which measure these responses answer it."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from clustergov.analysis.claims.deviation import Deviation
from clustergov.analysis.claims.reported import Reported, Sample
from clustergov.analysis.claims.verdicts import Form, Kind
from clustergov.analysis.description.ordering import Comparison
from clustergov.analysis.multiplicity import Correction
from clustergov.instruments.questionnaire import Mark, Source
from clustergov.language import Text
from clustergov.yaml_file import Entry

Measure = Literal["tau", "share", "mean share", "ordering", "odds ratio"]
"""tau: Kendall's tau-b of `driver` and `outcome` (or the share that `items` make up). share: of respondents whose `outcome` is one of `yes`, or more than
`above`. mean share: of each respondent's `items`, the sum of percentages, or the fraction answered with `yes`. ordering:
every one of `higher` above every one of `lower`. odds ratio: of a higher `outcome` per step of `driver`, others in
`adjust` held equal (cumulative logit)."""

Transform = Literal["none", "log2"]

FORMS_OF: dict[Measure, tuple[Form, ...]] = {
    "tau": ("effect", "no difference"),
    "share": ("threshold", "value"),
    "mean share": ("threshold", "value"),
    "ordering": ("order", "no difference"),
    "odds ratio": ("effect", "no difference"),
}
KIND_OF: dict[Measure, Kind] = {
    "tau": "tau",
    "share": "share",
    "mean share": "share",
    "ordering": "ordering",
    "odds ratio": "odds ratio",
}
NEEDED: dict[Measure, tuple[str, ...]] = {
    "tau": ("driver",),
    "share": ("outcome",),
    "mean share": ("items",),
    "ordering": ("higher", "lower"),
    "odds ratio": ("driver", "outcome"),
}


class Published(Entry):
    """A published figure as it can be read.

    Attributes
    ----------
    figure : Text
        As a reader sees it.
    low, high : float
        What rounding leaves open: .17 is .165 to .175; “more than 80 %” is .80 to 1. Shares as proportions.
    """

    figure: Text
    low: float
    high: float
    mark: Mark

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("expected low to be at most high")
        return self

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


class Contrast(Entry):
    """Two groups of respondents by their codes; all others are left out and counted."""

    one: tuple[str, ...] = Field(min_length=1)
    zero: tuple[str, ...] = Field(min_length=1)


class Term(Entry):
    """One variable that is held equal: its numbers through `transform`, then divided by `per`."""

    variable: str
    transform: Transform = "none"
    per: float = Field(default=1.0, gt=0)


class Adjustment(Entry):
    """What is held equal in an odds ratio, and why these and no others."""

    terms: tuple[Term, ...] = Field(min_length=1)
    reason: Text


class Part(Entry):
    """One thing that a claim says, mapped to variables.

    Attributes
    ----------
    id : str
        Number of the claim and a letter, such as ``9a``.
    expected : {"positive", "negative"}
        Claimed direction: of the association, or whether the share lies above or below `threshold`.
    driver, outcome : str
        A variable or a construct's code; a share's outcome is a variable.
    groups : Contrast or None
        Makes an unordered driver a comparison of two groups.
    yes : tuple of str
        Codes of a choice, or ``Y`` of a tick, that count.
    above : float or None
        Numbers above this one count.
    items : tuple of str
    minimum_valid : int
        Items that must be answered; 0 for all.
    higher, lower : tuple of str
    compare : {"each", "average"}
    threshold : float or None
        As a proportion.
    adjust : str
        Name of an adjustment; empty for none.
    asserted : bool
        False: the source does not say it, or only in passing and without a figure; it is estimated and shown, and does
        not count in the claim's verdict.
    reported : Reported or None
        The figure as printed, with its p, n or degrees of freedom, to be held against each other.
    not_asked : Text or None
        Why the questionnaire has nothing to measure the part by; it then is not assessable, and names no variables.
    """

    id: str = Field(coerce_numbers_to_str=True)
    label: Text
    form: Form
    measure: Measure
    expected: Literal["positive", "negative"] = "positive"
    driver: str = ""
    outcome: str = ""
    groups: Contrast | None = None
    yes: tuple[str, ...] = ()
    above: float | None = None
    items: tuple[str, ...] = ()
    minimum_valid: int = Field(default=0, ge=0)
    higher: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    compare: Comparison = "each"
    threshold: float | None = Field(default=None, gt=0, lt=1)
    adjust: str = ""
    published: Published | None = None
    reported: Reported | None = None
    asserted: bool = True
    not_asked: Text | None = None
    note: Text | None = None

    @property
    def sign(self) -> int:
        return 1 if self.expected == "positive" else -1

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables and constructs that the part names, without those of its adjustment."""
        named = (self.driver, self.outcome, *self.items, *self.higher, *self.lower)
        return tuple(dict.fromkeys(name for name in named if name))


class Claim(Entry):
    """A published statement.

    Attributes
    ----------
    statement : Text
        In our own words.
    title : Text or None
        In two or three words, for headings; without it the heading is the number alone.
    source : str
        Key of the file's `sources`; `locator` says where in it.
    published : Text
        All that is published about it, in words: figures, or that none was found.
    family : str
        Claims that name one family share its correction for multiple testing; empty: the claim is its own family.
    caveat : Text or None
        What this kind of data cannot tell about the claim.
    deviations : tuple of Deviation
        Besides those of its source.
    """

    id: str = Field(coerce_numbers_to_str=True)
    title: Text | None = None
    statement: Text
    source: str
    locator: Text
    mark: Mark
    population: Text
    published: Text
    parts: tuple[Part, ...] = Field(min_length=1)
    family: str = ""
    caveat: Text | None = None
    deviations: tuple[Deviation, ...] = ()


class Family(Entry):
    """How a family of claims is corrected for multiple testing, and why. Verdicts rest on simultaneous intervals."""

    correction: Correction
    reason: Text


class Claims(Entry):
    """The content of ``analysis/claims.yml``, or of several such files together.

    Attributes
    ----------
    minimum_n : int
        A part with fewer usable answers is not assessable.
    samples : dict of str to Sample
        Of a source: how many respondents it had.
    deviations : dict of str to tuple of Deviation
        Of a source: in what all tests of its claims differ from the original.
    families : dict of str to Family
        Of those that claims name; without an entry Holm's correction is used.
    """

    minimum_n: int = Field(ge=3)
    sources: dict[str, Source]
    samples: dict[str, Sample] = {}
    deviations: dict[str, tuple[Deviation, ...]] = {}
    adjustments: dict[str, Adjustment] = {}
    families: dict[str, Family] = {}
    claims: tuple[Claim, ...]

    def family(self, claim: Claim) -> tuple[Part, ...]:
        """Every asserted part that shares the correction for multiple testing with those of `claim`."""
        together = [other for other in self.claims if other is claim or (claim.family and other.family == claim.family)]
        return tuple(part for other in together for part in other.parts if part.asserted)

    def terms(self, part: Part) -> tuple[Term, ...]:
        """What is held equal in a part; its own driver is never among it."""
        if not part.adjust:
            return ()
        return tuple(term for term in self.adjustments[part.adjust].terms if term.variable != part.driver)

    def correction(self, claim: Claim) -> Correction:
        """Under which the p-values of the claim's family are adjusted."""
        return self.families[claim.family].correction if claim.family in self.families else "holm"

    def listed_deviations(self) -> tuple[tuple[str, Deviation], ...]:
        """Every deviation with the source or claim that it is of, sources first."""
        of_sources = [(source, each) for source, listed in self.deviations.items() for each in listed]
        return (*of_sources, *((claim.id, each) for claim in self.claims for each in claim.deviations))
