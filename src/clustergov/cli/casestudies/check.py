"""``clustergov casestudies check``: every mistake in the case studies, or what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.casestudies.inputs import on_study, read_study

if TYPE_CHECKING:
    from clustergov.casestudies.corpus import Corpus


@click.command()
@on_study
def check(study: Path, language: str) -> None:
    """Report every mistake in the case studies of STUDY, or say what they hold."""
    corpus = read_study(study)
    click.echo("\n".join(_summary(corpus, language)))
    for caution in corpus.cautions:
        click.echo(str(caution), err=True)


def _summary(corpus: Corpus, language: str) -> list[str]:
    from clustergov.language import say

    lines = [
        say(
            "casestudies.check.fine", language, concepts=len(corpus.codebook.concepts), cases=len(corpus.cases),
            statements=sum(len(case.statements) for case in corpus.cases),
            notes=sum(len(case.notes) for case in corpus.cases), documents=len(corpus.documents),
            codings=len(corpus.codings), passages=corpus.coded_passages, coders=", ".join(corpus.coders) or "–",
        )
    ]  # fmt: skip
    for case in corpus.cases:
        contrast = sum(statement.about == "contrast" for statement in case.statements)
        codings = sum(coding.case == case.case for coding in corpus.codings)
        lines.append(
            say("casestudies.check.case", language, title=case.title, statements=len(case.statements),
                contrast=contrast, notes=len(case.notes), codings=codings)
        )  # fmt: skip
        lines += [
            f"  {say('casestudies.check.caveats', language)} {remark.text.to(language)}" for remark in case.caveats
        ]
    return lines
