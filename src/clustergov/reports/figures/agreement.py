"""Agreement per code: a dot for alpha, a line for its interval, and a word where there is no coefficient."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from clustergov.casestudies.agreement.code_agreement import CodeAgreement
from clustergov.language import number, say
from clustergov.reports.figures.alternative import clipped, listed
from clustergov.reports.figures.picture import png
from clustergov.reports.figures.style import (
    BLUE,
    FAINT,
    INK,
    MARGIN,
    RULE,
    SMALL,
    TALLEST,
    WIDTH,
    head,
    house_style,
    rows,
    sheet,
)  # fmt: skip

_LABELS = 5.4
_RIGHT = 3.3
"""Centimetres for the names of codes, and for the numbers beside the panel."""
_AXIS = 0.95


@house_style()
def agreement_figure(codes: Sequence[CodeAgreement], language: str, *, banner: str = "") -> bytes:
    """Alpha per code with its interval, as a PNG; the axis runs from the lowest end shown, at most −1, to 1."""
    return png(agreement_drawing(codes, language, banner=banner))


@house_style()
def agreement_drawing(codes: Sequence[CodeAgreement], language: str, *, banner: str = "") -> Figure:
    """`agreement_figure` before it becomes a PNG."""
    top = head(banner) + 0.15
    layout = rows([code.name.to(language) for code in codes], _LABELS, TALLEST - top - _AXIS)
    drawn = sheet(top + layout.height + _AXIS, banner)
    left, width = MARGIN + _LABELS + 0.3, WIDTH - 2 * MARGIN - _LABELS - 0.3 - _RIGHT
    axes = drawn.panel(left, top, width, layout.height)
    least = min([0.0, *(code.alpha.low for code in codes if code.alpha.low is not None)])
    low = -1.0 if least < -0.5 else -0.5 if least < 0 else 0.0
    axes.set_xlim(low, 1.02)
    ticks = [low + 0.25 * step for step in range(round((1 - low) / 0.25) + 1)]
    axes.set_xticks(ticks, [number(tick, language, 2) for tick in ticks])
    axes.axvline(0, color=INK, linewidth=0.7, linestyle=(0, (3, 2)), zorder=0)
    for code, label, middle in zip(codes, layout.labels, layout.middles, strict=True):
        y = top + middle
        axes.axhline(y, color=RULE, linewidth=0.35, zorder=0)
        drawn.write(MARGIN, y, label, size=layout.size)
        told = code.alpha.value is not None
        words = _beside(code, language)
        drawn.write(left + width + 0.2, y, words, size=SMALL if told else 6.0, color=INK if told else FAINT)
        if code.alpha.value is None:
            continue
        if code.alpha.low is not None and code.alpha.high is not None:
            axes.plot([max(low, code.alpha.low), code.alpha.high], [y, y], color=BLUE, linewidth=1.6, zorder=2)
            if code.alpha.low < low:
                axes.plot([low], [y], marker="<", markersize=4, color=BLUE, clip_on=False, zorder=3)
        axes.plot([code.alpha.value], [y], marker="o", markersize=5, color=BLUE, clip_on=False, zorder=4)
    drawn.write(left + width / 2, drawn.height - 0.1, say("agreement.figure.axis", language), size=7, align="center",
                va="bottom")  # fmt: skip
    return drawn.figure


def _beside(code: CodeAgreement, language: str) -> str:
    if code.alpha.value is None:
        return say("agreement.figure.counts", language, somebody=code.somebody, everybody=code.everybody)
    return code.alpha.text(language) if code.alpha.low is not None else number(code.alpha.value, language)


def agreement_alt(codes: Sequence[CodeAgreement], language: str) -> str:
    """The codes with a coefficient, highest first, and how many have none."""
    told = sorted((code for code in codes if code.alpha.value is not None), key=lambda code: -(code.alpha.value or 0.0))
    opening = say("agreement.figure.alt", language, told=len(told), all=len(codes))
    findings = [f"{clipped(code.name.to(language))} {code.alpha.text(language)}" for code in told]
    return f"{opening} {listed(findings, language)}" if told else opening
