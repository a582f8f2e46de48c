"""``clustergov casestudies add``: a document of one's own becomes part of a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clustergov.cli.casestudies.inputs import FILE, folder_of

if TYPE_CHECKING:
    from clustergov.casestudies.documents.adding import Added


@click.command()
@click.argument("file", type=FILE)
@click.argument("study", type=FILE, default=Path())
@click.option("--case", default="", help="Folder of the case; may be left out in a study of one case.")
@click.option(
    "--code", default="", help="Such as interview-3. Default: document-1, document-2, … (never the file's name)."
)
@click.option("--title", default="", help="Shown to readers, so without names. Default: the code.")
@click.option("--language", default="", help="Of the document, such as nl.")
@click.option("--consent", type=click.Choice(["given", "not given", "not needed"]), help="May passages be shown?")
@click.option("--attribution", default="", help="Who speaks, as a role: “cluster manager”.")
@click.option("--mark", type=click.Choice(["P", "S", "D", "U"]), help="How sure what it says is. Default: P.")
@click.option("--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="May be given several times.")
@click.option("--encoding", default="", help="Of a text or web page that is not UTF-8, such as windows-1252.")
@click.option("--replace", is_flag=True, help="Give the document of that code this text.")
def add(
    file: Path, study: Path, case: str, code: str, title: str, language: str, consent: str | None, attribution: str,
    mark: str | None, attributes: tuple[str, ...], encoding: str, replace: bool,
) -> None:  # fmt: skip
    """Add FILE (.txt, .md, .docx, .odt, .pdf or .html) to a case of STUDY.

    Its text is stored in the form in which it is coded; FILE itself is not changed, and neither its name nor its
    properties are carried over. Names in casestudies/pseudonyms.yml are replaced before anything is stored.
    """
    from clustergov.casestudies.documents.adding import Told
    from clustergov.casestudies.documents.adding import add as add_document

    folder = folder_of(study)
    told = Told(
        consent=consent,  # type: ignore[arg-type]  # click.Choice admits these values only
        attribution=attribution,
        language=language,
        code=code,
        title=title,
        mark=mark,  # type: ignore[arg-type]  # click.Choice admits these values only
        attributes=dict(_pair(text) for text in attributes),
    )
    added = add_document(file, folder, case or _only_case(folder), told, encoding=encoding, replace=replace)
    click.echo("\n".join(_summary(added)))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise click.BadParameter(f"expected NAME=VALUE, found “{text}”.", param_hint="--attribute")
    return name.strip(), value.strip()


def _only_case(folder: Path) -> str:
    cases = sorted(path.parent.name for path in folder.glob("*/case.yml"))
    if len(cases) != 1:
        raise click.UsageError(f"Which case? Add --case with one of: {', '.join(cases) or '(there is none yet)'}.")
    return cases[0]


def _summary(added: Added) -> list[str]:
    pages = f", {added.pages} pages" if added.pages else ""
    lines = [f"Stored: {added.path} ({added.characters:,} characters{pages}, sha256 {added.entry.sha256[:12]}…)"]
    lines += [f"  {note.to('en')}" for note in added.notes]
    if added.replaced:
        lines.append("  The text is another one now. Anchor its codings again: clustergov casestudies reanchor STUDY")
    return lines
