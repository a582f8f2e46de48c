"""``clustergov casestudies joint``: survey, model and cases side by side; ``select`` freezes the choice, ``judge`` judges."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clustergov.cli.casestudies.inputs import FILE, on_study, with_json, write_json
from clustergov.problems import InputError, Problem, missing_file

if TYPE_CHECKING:
    from clustergov.cli.casestudies.joint_study import JointStudy

KINDS = (".docx", ".html", ".csv")


class JointGroup(click.Group):
    """A group whose first word may be a study: then it is shown."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return "show", self.commands["show"], args

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asks_for_help = any(each in ("--help", "-h") for each in args[:1])
        if not asks_for_help and (not args or args[0] not in self.commands):
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group(cls=JointGroup, short_help="Survey, model and cases side by side.")
def joint() -> None:
    """Survey, model and cases side by side: `joint STUDY` shows them (as `joint show STUDY`).

    `joint select STUDY` freezes which organisations the model points to, before a case is read; `joint judge STUDY` writes
    a person's judgement on one driver in one case.
    """


@joint.command()
@on_study
@with_json
@click.option("--out", type=FILE, help="A file for the display: joint.docx, joint.html or joint.csv.")
def show(study: Path, language: str, json_file: Path | None, overwrite: bool, out: Path | None) -> None:
    """Show survey, model and cases of STUDY side by side. Exit code 1 when a judgement is out of date or a frozen choice is not kept."""
    from clustergov.cli.casestudies.joint_study import read_joint_study

    _refuse_kind(out)
    found = read_joint_study(study)
    click.echo("\n".join(_summary(found, language)))
    write_json(found.content(), json_file, overwrite=overwrite)
    if out is not None:
        _write(found, out, language, overwrite=overwrite)
    if found.broken:
        click.get_current_context().exit(1)


def _refuse_kind(out: Path | None) -> None:
    if out is not None and out.suffix.lower() not in KINDS:
        raise InputError(
            Problem("unknown-format", f"expected a file that ends in {', '.join(KINDS)}, found “{out.name}”.",
                    "Name another file with --out.", file=str(out))
        )  # fmt: skip


def _summary(found: JointStudy, language: str) -> list[str]:
    from clustergov.language import Text
    from clustergov.reports.joint.cases_and_model import CasesAndModel

    lines = [found.display.sentence(language), ""]
    if isinstance(found.model, CasesAndModel):
        lines += [found.model.sentence(language), ""]
        lines += [f"  {line}" for line in _chosen(found.model, language)]
    elif isinstance(found.model, Text):
        lines += [found.model.to(language)]
    stale = [(row, cell) for row in found.display.rows for cell in row.cells if cell.state == "stale"]
    for row, cell in stale:
        lines.append(f"{row.driver.driver}, {cell.counted.case}: {_changed(cell.changed, language)}")
    return lines


def _changed(changed: tuple[str, ...], language: str) -> str:
    from clustergov.language import say

    what = say("joint.and", language).join(say(f"joint.changed.{name}", language) for name in changed)
    return say("joint.stale", language, what=what)


def _chosen(model: Any, language: str) -> list[str]:
    from clustergov.language import number, say

    lines = []
    for each in model.chosen:
        rule = say(f"case_selection.rule.{each.rule}", language) + (f" ({each.driver})" if each.driver else "")
        if each.name is None:
            lines.append(f"{rule} {each.rank}: {say('joint.model.not_shown', language)}")
            continue
        numbers = [number(value, language) for value in (each.observed, each.predicted, each.low, each.high)]
        told = say(
            "joint.terminal", language, **dict(zip(("observed", "predicted", "low", "high"), numbers, strict=True))
        )
        lines.append(f"{rule} {each.rank}: {each.name.to(language)}, {told}")
    return lines


def _write(found: JointStudy, out: Path, language: str, *, overwrite: bool) -> None:
    from clustergov.study.writing import write_files

    kind = out.suffix.lower()
    if kind == ".csv":
        content = found.display.frame().to_csv(index=False, lineterminator="\n").encode("utf-8-sig")
    else:
        content = found.document(language, word=kind == ".docx")
    write_files({out: content}, overwrite=overwrite)
    click.echo(f"Written: {out}")


@joint.command()
@click.argument("study", type=FILE, default=Path())
@click.option("--time", help="When it is frozen, as 2026-11-22T10:00+01:00; by default now.")
@click.option("--note", default="", help="A note that is kept with the choice, such as where its hash is deposited.")
@click.option("--overwrite", is_flag=True, help="Replace a choice that was frozen before.")
def select(study: Path, time: str | None, note: str, overwrite: bool) -> None:
    """Freeze which organisations the model of STUDY points to, with rule, rank, numbers and reason, before a case is read.

    Deposit the hash elsewhere: it shows that the choice stayed the same, and only a deposit shows when it was made. Of real
    respondents the lock holds pseudonyms and answers; it is written to survey/raw, for its owner's eyes only.
    """
    from clustergov.cli.casestudies.joint_study import frozen_now, selection_of
    from clustergov.reports.joint.inputs import freeze_selection

    moment = frozen_now(time)
    folder, selection = selection_of(study)
    path, lock = freeze_selection(folder, selection, time=moment, note=note, overwrite=overwrite)
    for each in selection.chosen:
        who = " – ".join(selection.respondents(each))
        tied = f" ({each.tied} others equal)" if each.tied else ""
        click.echo(
            f"{each.rule.rule} {each.rule.driver}".rstrip()
            + f" {each.rank}: {who}, {each.measure} {each.value:.3f}{tied}"
        )
    click.echo(f"Time: {lock.time}")
    click.echo(f"Hash: {lock.hash}")
    click.echo(f"Written: {path}")


@joint.command()
@click.argument("study", type=FILE, default=Path())
@click.option("--driver", required=True, help="A driver of joint.yml.")
@click.option("--case", "case", required=True, help="A case, by its code.")
@click.option("--judgement", required=True, type=click.Choice(["confirm", "expand", "discord"]))
@click.option("--reason-nl", required=True, help="Why, in Dutch.")
@click.option("--reason-en", required=True, help="Why, in English.")
@click.option("--by", required=True, help="Your role, such as “first researcher”; never a name.")
@click.option("--date", required=True, help="As 2026-11-22.")
def judge(
    study: Path, driver: str, case: str, judgement: str, reason_nl: str, reason_en: str, by: str, date: str
) -> None:
    """Write a person's judgement on one driver in one case, with fingerprints of the evidence and the estimate it rests on."""
    from pydantic import ValidationError

    from clustergov.casestudies.integration import IntegrationCell, write_integration
    from clustergov.cli.casestudies.joint_study import read_joint_study
    from clustergov.reports.joint.inputs import INTEGRATION

    found = read_joint_study(study)
    drivers, cases = [row.driver.driver for row in found.display.rows], [code for code, _ in found.display.cases]
    for option, given, known in (("--driver", driver, drivers), ("--case", case, cases)):
        if given not in known:
            raise InputError(Problem("unknown-code", f"there is no {option[2:]} “{given}”.",
                                     f"Expected one of: {', '.join(known)}.", place=option))  # fmt: skip
    now = found.display.cell(driver, case)
    try:
        cell = IntegrationCell.model_validate({
            "driver": driver, "case": case, "judgement": judgement, "reason": {"nl": reason_nl, "en": reason_en}, "by": by,
            "date": date, "evidence": now.evidence_hash, "estimate": now.estimate_hash,
        })  # fmt: skip
    except ValidationError as error:
        raise InputError([
            Problem("judgement", str(each["msg"]).removeprefix("Value error, ") + ".", "Correct the option.",
                    place=f"--{each['loc'][0]}" if each["loc"] else "")
            for each in error.errors()
        ]) from None  # fmt: skip
    path = found.cases / INTEGRATION
    if not found.cases.is_dir():
        raise missing_file(found.cases, wanted="the folder casestudies of a study")
    write_integration(found.inputs.integration.written(cell), path)
    click.echo(f"Written: {path}")
