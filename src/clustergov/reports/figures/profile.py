"""One case's drivers among respondents: a dot per driver between the lowest and the highest; not known says so in words."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from clustergov.language import number, say
from clustergov.reports.figures.alternative import listed
from clustergov.reports.figures.picture import png
from clustergov.reports.figures.style import (
    BLUE,
    FAINT,
    INK,
    MARGIN,
    RULE,
    SMALL,
    WIDTH,
    head,
    house_style,
    rows,
    sheet,
    wrap,
)
from clustergov.reports.joint.case_account import CaseAccount, ProfileRow

_LABELS, _VALUES = 5.2, 3.4
_DOT: dict[str, Any] = {"color": BLUE, "markersize": 6.0, "markeredgecolor": INK, "markeredgewidth": 0.6}


@house_style()
def profile_png(account: CaseAccount, language: str, banner: str = "") -> bytes:
    """The figure as a PNG."""
    return png(profile_figure(account, language, banner))


@house_style()
def profile_figure(account: CaseAccount, language: str, banner: str = "") -> Figure:
    """`profile_png` before it becomes a PNG."""
    layout = rows([row.label.to(language) for row in account.profile], _LABELS, 14.0)
    top = head(banner) + 0.25
    drawn = sheet(top + layout.height + 1.25, banner)
    left, width = MARGIN + _LABELS + 0.3, WIDTH - 2 * MARGIN - _LABELS - 0.3 - _VALUES
    axes = drawn.panel(left, top, width, layout.height)
    axes.set_xlim(-3, 103)
    axes.set_xticks([0, 25, 50, 75, 100], [number(tick, language, 0) for tick in (0, 25, 50, 75, 100)])
    axes.axvline(50, color=INK, linewidth=0.7, linestyle=(0, (3, 2)), zorder=0)
    for row, label, middle in zip(account.profile, layout.labels, layout.middles, strict=True):
        y = top + middle
        drawn.write(MARGIN, y, label, size=layout.size)
        axes.plot([0, 100], [y, y], color=RULE, linewidth=0.8, zorder=0)
        if row.percentile is None:
            axes.annotate(_missing(row, language), (50, y), ha="center", va="center", size=SMALL, color=FAINT,
                          bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5}, parse_math=False)  # fmt: skip
        else:
            axes.plot([row.percentile], [y], linestyle="none", marker="o", **_DOT)
        drawn.write(WIDTH - MARGIN - _VALUES + 0.3, y, _value(row, language), size=SMALL)
    drawn.write(
        left + width / 2,
        drawn.height - 0.12,
        say("joint.figure.profile.axis", language),
        size=7,
        align="center",
        va="bottom",
    )
    return drawn.figure


def profile_alt(account: CaseAccount, language: str) -> str:
    """Each driver's place in words."""
    each = [
        f"{row.label.to(language)}: "
        + (_missing(row, language) if row.percentile is None else number(row.percentile, language, 0))
        for row in account.profile
    ]
    return f"{say('joint.figure.profile.alt', language, title=account.title)} {listed(each, language)}."


def _missing(row: ProfileRow, language: str) -> str:
    return row.why.to(language) if row.why else say("joint.account.not_known", language)


def _value(row: ProfileRow, language: str) -> str:
    if row.value is None:
        return "–"
    words = row.words.to(language) if row.words else number(row.value, language, 0 if row.value.is_integer() else 1)
    return wrap(words, _VALUES - 0.3, SMALL)
