"""The dry run: power held against a closed form, and what a small study with known gaps is told about itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from scipy.stats import binom, norm

from clustergov.cli import command
from clustergov.study.dry_run import DryRun, dry_run
from clustergov.study.dry_run_document import dry_run_document, share_text
from clustergov.study.dry_run_output import write_dry_run
from clustergov.study.plan import Plan, check_study

DRAWS = 80
SHARE = 0.62
"""Planted; the claim says more than half."""

STUDY = """\
study: pilot
title: {nl: Proef, en: Pilot}
languages: [nl, en]
date: 2026-11-22
seed: 7
questionnaire: pilot.yml
responses: {file: answers.csv, rehearsal: sketch.yml}
claims: claims.yml
verdicts: verdicts.yml
drivers: drivers.yml
"""

QUESTIONNAIRE = """\
questionnaire: pilot
version: 1
title: {nl: Proef, en: Pilot}
languages: [nl, en]
scales:
  yesno: {direction: ascending, options: [{code: N, text: {nl: n, en: n}}, {code: Y, text: {nl: j, en: y}}]}
  three:
    direction: ascending
    options: [{code: 1, text: {nl: a, en: a}}, {code: 2, text: {nl: b, en: b}}, {code: 3, text: {nl: c, en: c}}]
sections:
  - code: one
    title: {nl: Een, en: One}
    questions:
      - {code: legal, kind: single, scale: yesno, text: {nl: legal, en: legal}, required: true}
      - {code: staff, kind: number, minimum: 0, maximum: 20, integer: true, text: {nl: staff, en: staff}, required: true}
      - {code: idle, kind: single, scale: yesno, text: {nl: idle, en: idle}}
      - {code: never, kind: single, scale: yesno, text: {nl: never, en: never}, when: staff > 19}
  - code: two
    title: {nl: Twee, en: Two}
    questions:
      - {code: good, kind: single, scale: three, text: {nl: good, en: good}, required: true}
"""

SKETCH = f"""\
simulation: pilot sketch
questionnaire: pilot
respondents: 80
marginals:
  staff: {{quantiles: [[0, 0], [1, 15]]}}
  legal: {{probabilities: {{N: {1 - SHARE}, Y: {SHARE}}}}}
  idle: {{probabilities: {{N: 0.99, Y: 0.01}}}}
effects: [{{outcome: good, drivers: {{staff: {{step: 0.15}}}}}}]
dropout: {{sections: {{two: 0.25}}}}
"""

CLAIM = """\
  - id: {id}
    statement: {{nl: {text}, en: {text}}}
    source: book
    locator: {{nl: p. 1, en: p. 1}}
    mark: P
    population: {{nl: p, en: p}}
    published: {{nl: p, en: p}}
    parts:
      - {{id: {id}a, label: {{nl: l, en: l}}, form: threshold, measure: share, outcome: {outcome}, yes: ["Y"], threshold: 0.5}}
"""
CLAIMS = "minimum n: 5\nsources: {book: {citation: Book}}\nclaims:\n" + "".join(
    CLAIM.format(id=number, text=f"more than half {outcome}", outcome=outcome)
    for number, outcome in ((1, "legal"), (2, "never"))
)

DRIVERS = """\
title: {nl: t, en: t}
mark: D
models: [{code: good, kind: ordinal, title: {nl: goed, en: good}, outcomes: [good]}]
predictors:
  - {code: staff, variable: staff, per: 5, label: {nl: personeel, en: staff}, step: {nl: vijf, en: five}, role: driver,
     reason: {nl: r, en: r}, mark: D}
  - {code: legal, variable: legal, label: {nl: vorm, en: form}, step: {nl: ja, en: yes}, role: driver,
     reason: {nl: r, en: r}, mark: D}
"""


@pytest.fixture(scope="module")
def study(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study whose answers do not exist yet."""
    folder = tmp_path_factory.mktemp("pilot")
    files = {"study": STUDY, "pilot": QUESTIONNAIRE, "sketch": SKETCH, "claims": CLAIMS, "drivers": DRIVERS}
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    shutil.copyfile(root / "analysis" / "verdicts.yml", folder / "verdicts.yml")
    return folder


@pytest.fixture(scope="module")
def plan(study: Path) -> Plan:
    return check_study(study, dry=True)


@pytest.fixture(scope="module")
def found(plan: Plan) -> DryRun:
    return dry_run(plan, replications=DRAWS, sizes=(40, 100))


def exact_power(n: int, p: float, threshold: float = 0.5, alpha: float = 0.05) -> float:
    """P(Wilson's lower end > threshold): it is where (x/n − t) / √(t (1 − t) / n) exceeds the normal quantile."""
    z = norm.ppf(1 - alpha / 2)
    x = np.arange(n + 1)
    above = (x / n - threshold) / np.sqrt(threshold * (1 - threshold) / n) > z
    return float(binom.pmf(x, n, p)[above].sum())


def test_the_power_of_a_claim_is_that_of_the_closed_form(found: DryRun) -> None:
    for at in found.sizes:
        power = at.claims[0].found
        assert power is not None
        exact = exact_power(at.n, SHARE)
        # Four Monte Carlo standard errors of a share of so many draws.
        assert power.share == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / DRAWS)), at.n
        assert power.interval.low <= power.share <= power.interval.high
    assert 0.2 < exact_power(40, SHARE) < exact_power(100, SHARE) < 0.8


def test_verdicts_of_all_draws_are_counted(found: DryRun) -> None:
    for at in found.sizes:
        for claim in at.claims:
            assert sum(claim.verdicts.values()) == pytest.approx(1)
    legal = found.sizes[1].claims[0]
    assert legal.found is not None
    assert legal.verdicts["supported"] == legal.found.share
    assert legal.wrong.share == 0


def test_a_planted_driver_is_found_more_often_with_more_respondents_and_none_seldom(found: DryRun) -> None:
    few, many = ({power.term: power for power in at.drivers} for at in found.sizes)
    # Per step 0.15 on the log odds, five staff at a time; the large draw's own error is 0.05 (two standard errors).
    assert many["staff"].planted == pytest.approx(0.75, abs=0.05)
    assert many["staff"].found.share > few["staff"].found.share
    assert many["legal"].planted == 0
    # Holm keeps the family at 5 %: of 80 draws more than 12 have a chance below 0.001.
    assert many["legal"].found.times <= 12


def test_respondents_are_followed_through_dropout(found: DryRun) -> None:
    for at in found.sizes:
        near = 4 * np.sqrt(0.25 * 0.75 * at.n / DRAWS)
        assert at.submitted == pytest.approx(0.75 * at.n, abs=near)
        assert at.used["good"] == pytest.approx(at.submitted)


def test_what_nobody_is_asked_and_what_nobody_uses_is_told(found: DryRun) -> None:
    assert found.unasked == ("2a",)
    assert [use.code for use in found.unused] == ["idle"]
    assert found.sizes[0].claims[1].found is None or found.sizes[0].claims[1].found.share == 0
    assert set(found.sizes[0].claims[1].verdicts) == {"not assessable"}
    assert found.sizes[0].tables["never"] == {"empty": 1.0}
    # One in a hundred ticks idle: with 40 respondents fewer than five, so that the other count gives it away.
    assert found.sizes[0].tables["idle"].get("whole", 0) < 1
    assert found.sizes[0].tables["legal"] == {"whole": 1.0}


def test_the_number_of_processes_changes_nothing(plan: Plan) -> None:
    assert dry_run(plan, replications=3, sizes=(30,), jobs=1) == dry_run(plan, replications=3, sizes=(30,), jobs=2)


def test_both_reports_say_that_they_are_synthetic(plan: Plan, found: DryRun, tmp_path: Path) -> None:
    for language, word in (("nl", "SYNTHETISCH"), ("en", "SYNTHETIC")):
        document = dry_run_document(plan, found, language)
        assert document.banner.startswith(word)
        assert {table.id for table in document.tables()} >= {"power", "driver-power", "flow", "hidden"}
    reports = write_dry_run(plan, found, tmp_path / "out")
    assert sorted(path.name for path in reports) == [
        "dry-run.en.docx", "dry-run.en.html", "dry-run.nl.docx", "dry-run.nl.html",
    ]  # fmt: skip
    assert "SYNTHETIC rehearsal" in (tmp_path / "out" / "dry-run.en.html").read_text(encoding="utf-8")
    plain = json.loads((tmp_path / "out" / "dry-run.json").read_text(encoding="utf-8"))
    assert plain["synthetic"] is True
    assert plain["seed"] == 7
    assert [at["n"] for at in plain["sizes"]] == [40, 100]


def clustergov(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def test_on_the_command_line(study: Path, tmp_path: Path) -> None:
    result = clustergov(
        "run", study, "--dry-run", "--replications", 3, "--n", "30,60", "--jobs", 1, "--out", tmp_path / "o"
    )
    assert result.exit_code == 0, result.output
    assert "SYNTHETIC rehearsal of pilot: 3 draws of each n" in result.output
    assert "Nobody gave a usable answer for part 2a" in result.output
    assert "routing: questions idle" in result.output
    again = clustergov("run", study, "--dry-run", "--replications", 2, "--jobs", 1, "--out", tmp_path / "o", "--quiet")
    assert again.exit_code == 0, again.output
    assert [at["n"] for at in json.loads((tmp_path / "o" / "dry-run.json").read_text())["sizes"]] == [80]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--dry-run", "--n", "60;120"], "60,120,240"),
        (["--dry-run", "--n", "3"], "60,120,240"),
        (["--dry-run", "--replications", "1"], "--replications"),
        (["--replications", "50"], "belongs to --dry-run"),
        (["--n", "50"], "belongs to --dry-run"),
        (["--dry-run", "--simulation", "nowhere.yml"], "nowhere.yml"),
    ],
)
def test_a_wrong_call_is_one_message(words: list[str], told: str, study: Path, tmp_path: Path) -> None:
    result = clustergov("run", study, *words, "--out", tmp_path / "o")
    assert result.exit_code == 2
    assert told in result.output
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_every_mistake_of_a_sketch_is_told_with_its_line(study: Path, tmp_path: Path) -> None:
    sketch = tmp_path / "wrong.yml"
    sketch.write_text(
        "simulation: x\nquestionnaire: pilot\n"
        "effects:\n  - {outcome: good, drivers: {stuff: {step: 0.1}}}\n  - {outcome: goods, drivers: {staff: {step: 1}}}\n"
        "careless: {share: 0.1, kinds: midpoint}\n"
        "dropout: {start: 0.9, growth: 3, sections: {one: 0.1, three: 0.1}}\n"
        "nonresponse:\n  exceptions:\n    - {questions: legal, rate: 0.1}\n    - {questions: idle, rate: 0.1, when: staf > 3}\n",
        encoding="utf-8",
    )
    result = clustergov("run", study, "--dry-run", "--simulation", sketch, "--out", tmp_path / "o")
    assert result.exit_code == 2
    told = [line for line in result.output.splitlines() if "wrong.yml:" in line]
    assert [line.split("wrong.yml:")[1].split(":")[0] for line in told] == ["4", "5", "6", "7", "7", "10", "11"]
    for rule in ("unknown-variable", "careless-nowhere", "unreachable-dropout", "unknown-section", "compulsory"):
        assert rule in result.output
    assert not (tmp_path / "o").exists()


def test_almost_all_is_not_all() -> None:
    assert [share_text(share, "en") for share in (0, 0.001, 0.3, 0.999, 1)] == [
        "0%", "<\N{NO-BREAK SPACE}1%", "30%", ">\N{NO-BREAK SPACE}99%", "100%",
    ]  # fmt: skip
