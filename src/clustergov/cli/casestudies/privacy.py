"""``clustergov casestudies privacy``: does any listed name survive, and do quotes give somebody away?"""

from __future__ import annotations

from pathlib import Path

import click

from clustergov.cli.casestudies.inputs import folder_of, on_study, read_study, with_json, write_json


@click.command()
@on_study
@with_json
@click.pass_context
def privacy(context: click.Context, study: Path, language: str, json_file: Path | None, overwrite: bool) -> None:
    """Look for listed names in every file of STUDY's case studies, and for what gives somebody away in its quotes.

    Names are those of casestudies/pseudonyms.yml; no output shows one. Exit code 1 when something must be changed.
    """
    from clustergov.casestudies.documents.pseudonyms import FILE, read_pseudonyms, surviving_names
    from clustergov.casestudies.quotes import telling_quotes
    from clustergov.language import say
    from clustergov.problems import InputError, report

    folder = folder_of(study)
    pseudonyms = read_pseudonyms(folder / FILE)
    survivors = surviving_names(folder, pseudonyms)
    try:
        corpus = read_study(study)
    except InputError:
        if survivors:  # whatever else is wrong with the study, a name must not go unnoticed
            click.echo(report(survivors))
        raise
    quotes = sum(coding.passage is not None for coding in corpus.codings)
    problems = (*survivors, *telling_quotes(corpus, pseudonyms))
    if problems:
        click.echo(report(problems))
    wrong = [problem for problem in problems if problem.severity == "error"]
    click.echo(say("documents.privacy.summary", language, names=len(pseudonyms.entries), quotes=quotes,
                   wrong=len(wrong), perhaps=len(problems) - len(wrong)))  # fmt: skip
    rows = [
        {name: getattr(each, name) for name in ("rule", "message", "file", "line", "severity")} for each in problems
    ]
    write_json({"names": len(pseudonyms.entries), "passages": quotes, "found": rows}, json_file, overwrite=overwrite)
    if wrong:
        context.exit(1)
