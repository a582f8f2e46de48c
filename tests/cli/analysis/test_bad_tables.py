"""Every analysis command on tables with one defect each: an exit code, and a message that names it and says what to do."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from clustergov.cli import command
from clustergov.problems import ClustergovError
from clustergov.study.plan import check_study
from clustergov.survey.synthetic.simulation import generator, simulate
from clustergov.survey.writing import write_responses

MODEL = "f =~ i1 + i2 + i3\ng =~ i4 + i5 + i6\n"
ITEMS = ("--items", "i1,i2,i3,i4,i5,i6")


def sound(n: int = 90) -> pd.DataFrame:
    """Six items of one scale, two predictors, an outcome of every kind, groups, weights, parts of a whole."""
    rng = np.random.default_rng(1)
    z = rng.normal(size=n)
    table = pd.DataFrame(
        {f"i{j}": np.clip(np.round(3 + 0.8 * z + 0.8 * rng.normal(size=n)), 1, 5) for j in range(1, 7)}
    )
    table["x"], table["w"] = rng.normal(size=n).round(3), rng.normal(size=n).round(3)
    table["y"] = (0.5 * table.x + rng.normal(size=n)).round(3)
    table["grade"] = np.clip(np.round(3 + 0.6 * table.x + rng.normal(size=n)), 1, 5)
    table["tick"] = (rng.random(n) < 1 / (1 + np.exp(-table.x))).astype(float)
    table["share"] = np.clip(0.6 + 0.1 * table.x + 0.15 * rng.normal(size=n), 0.01, 0.99).round(3)
    table["percent"] = (100 * rng.beta(2, 3, size=n)).round(1)
    table["land"] = rng.choice(["NL", "DE", "BE", "FR", "SE", "DK"], size=n)
    table["half"] = rng.choice(["north", "south"], size=n)
    table["weight"], table["stratum"] = rng.uniform(0.5, 2, size=n).round(3), rng.choice(["a", "b"], size=n)
    parts = rng.dirichlet([2, 3, 4], size=n)
    table["fees"], table["sales"] = (100 * parts[:, 0]).round(1), (100 * parts[:, 1]).round(1)
    table["public"] = (100 - table.fees - table.sales).round(1)
    return table


def changed(**columns: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda table: table.assign(**columns)


def cell(value: str, *names: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """One cell, of the third row, replaced."""

    def change(table: pd.DataFrame) -> pd.DataFrame:
        for name in names:
            table[name] = table[name].astype(object)
            table.loc[2, name] = value
        return table

    return change


def separated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(tick=(table.x > 0).astype(float), grade=np.where(table.x > 0, 4, 2))


def copied(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(i2=table.i1, i3=table.i1)


def indefinite(table: pd.DataFrame) -> pd.DataFrame:
    """Items of two answers that lie close to one line: Pearson's matrix has an inverse, the polychoric one is none."""
    rng = np.random.default_rng(14)
    z = rng.normal(size=40)
    cuts = zip(range(1, 7), (-1, -0.5, 0, 0.3, 0.8, 1.2), strict=True)
    return table.iloc[:40].assign(
        **{f"i{j}": np.where(0.9 * z + 0.35 * rng.normal(size=40) > cut, 2.0, 1.0) for j, cut in cuts}
    )


DEFECTS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "sound": lambda table: table,
    "constant": changed(i1=3, x=1),
    "constant outcome": changed(y=2, grade=2, tick=1, share=0.5),
    "constant share": changed(percent=60),
    "separation": separated,
    "empty category": lambda table: table.assign(grade=table.grade.replace({3: 4}), i1=table.i1.replace({3: 4})),
    "empty in a group": lambda table: table.assign(i1=table.i1.mask(table.half == "north", table.i1.clip(2, 4))),
    "one country": changed(land="NL"),
    "few": lambda table: table.iloc[:4],
    "three": lambda table: table.iloc[:3],
    "one row": lambda table: table.iloc[:1],
    "no row": lambda table: table.iloc[:0],
    "copies": copied,
    "indefinite": indefinite,
    "all missing": changed(i1=np.nan, x=np.nan, percent=np.nan),
    "never together": lambda table: table.assign(i1=table.i1.where(table.index < 45), x=table.x.where(table.index < 45),
                                                 i2=table.i2.where(table.index >= 45), w=table.w.where(table.index >= 45)),
    "zero weights": changed(weight=0),
    "some zero weights": lambda table: table.assign(weight=table.weight.where(table.index > 9, 0)),
    "negative weight": lambda table: table.assign(weight=table.weight.where(table.index > 0, -1)),
    "duplicated": lambda table: pd.concat([table, table.iloc[:20]], ignore_index=True),
    "infinite": cell("inf", "i1", "x", "percent"),
    "text": cell("much", "i1", "x", "percent"),
    "collinear": lambda table: table.assign(w=2 * table.x),
    "blank": lambda table: table.assign(x=table.x.where(table.index % 9 > 0), i1=table.i1.where(table.index % 9 > 0)),
}  # fmt: skip

RELIABILITY = ("reliability", "DATA", *ITEMS, "--draws", "20")
EXPLORED = ("factors", "DATA", *ITEMS, "--draws", "20")
POLYCHORIC = (*EXPLORED, "--correlation", "polychoric")
ML = ("factors", "DATA", "--model", "MODEL", "--estimator", "ML")
WLSMV = ("factors", "DATA", "--model", "MODEL", "--estimator", "WLSMV")
GROUPS = (*ML, "--group", "half", "--invariance")
COUNTRIES = (*ML, "--group", "land")
DRIVERS = ("drivers", "DATA", "--predictors", "x,w", "--outcome")
LINEAR = (*DRIVERS, "y", "--family", "linear")
CLUSTERED = (*LINEAR, "--cluster", "land")
ORDINAL = (*DRIVERS, "grade", "--family", "ordinal")
PROBIT = (*DRIVERS, "grade", "--family", "probit")
BINOMIAL = (*DRIVERS, "tick", "--family", "binomial")
FRACTIONAL = (*DRIVERS, "share", "--family", "fractional")
BETA = (*DRIVERS, "share", "--family", "beta")
SURVEY = (*LINEAR, "--weights", "weight", "--strata", "stratum", "--fpc", "500")
MIXED = (*LINEAR, "--random", "land")
IMPUTED = (*LINEAR, "--impute", "3")
COMPOSED = ("drivers", "DATA", "--outcome", "y", "--family", "linear", "--composition", "fees,sales,public")
SPOT = ("sweet-spot", "DATA", "--share", "percent", "--outcome", "y", "--country", "land")
FORKS = ("multiverse", "DATA", "--outcome", "y", "--focal", "x", "--covariates", "w,tick", "--permutations", "20")
POWER = ("power", "DATA", "--family", "linear", "--effect", ".3", "--n", "60", "--predictors", "x,w", "--draws", "20")
MISSING = ("missing", "DATA", "--items", "i1,i2,x", "-m", "3", "--iterations", "3")

FITTED = (LINEAR, ORDINAL, PROBIT, BINOMIAL, FRACTIONAL, BETA)
SCALED = (RELIABILITY, EXPLORED, POLYCHORIC, ML, WLSMV)
ALL = (*SCALED, GROUPS, *FITTED, CLUSTERED, SURVEY, MIXED, COMPOSED, SPOT, FORKS, POWER)

TABLE: list[tuple[str, tuple[tuple[str, ...], ...], int, str]] = [
    ("sound", ALL, 0, ""),
    ("sound", (COUNTRIES,), 2, "n = 13 .BE. is below what the model asks.*join groups"),
    ("sound", (IMPUTED,), 2, "no value is missing.*Leave --impute out"),
    ("sound", (MISSING,), 0, "Nothing was filled in"),
    # constant columns
    ("constant", SCALED, 2, "same answer to i1.*Leave it out"),
    ("constant", (GROUPS,), 2, "same answer to i1.*Leave the item out"),
    ("constant", (*FITTED, CLUSTERED, SURVEY, MIXED, IMPUTED), 2, "“x” has the same value.*Leave it out"),
    ("constant", (FORKS,), 2, "a predictor has the same value everywhere.*Correct the data, or the forks"),
    ("constant", (POWER,), 2, "x has no differences.*Leave one out"),
    ("constant", (MISSING,), 0, "Nothing was filled in"),
    ("constant outcome", (LINEAR, CLUSTERED, SURVEY, MIXED, ORDINAL, PROBIT, BINOMIAL, FRACTIONAL, BETA), 2,
     "(same|only one) (value|answer|class)"),
    ("constant outcome", (SPOT, FORKS), 2, "same value"),
    ("constant share", (SPOT,), 2, "differ"),
    # perfect separation, empty categories
    ("separation", (BINOMIAL, ORDINAL, PROBIT), 2, "without overlap.*(Join categories|leave)"),
    ("empty category", (POLYCHORIC, WLSMV), 0, "nobody chose.*i1: 3"),
    ("empty category", (ORDINAL, PROBIT), 0, "nobody chose.*grade: 3"),
    ("empty in a group", ((*WLSMV, "--group", "half"),), 2, "nobody.*(Join|join)"),
    # one country
    ("one country", (CLUSTERED,), 0, "No method keeps its promise.*one group only"),
    ("one country", (MIXED,), 2, "1 group.*Use a linear model without groups"),
    ("one country", (COUNTRIES,), 2, "only one group.*Leave the group out"),
    ("one country", ((*FORKS, "--cluster", "land"),), 1, "one group"),
    # n below the number of parameters
    ("few", SCALED, 2, "(Only|n =|items:) 4.*at least .* needed.*[Tt]ake fewer items"),
    ("few", (COUNTRIES,), 2, "fewer than 7 complete answers.*Join them or leave them out"),
    ("few", (ORDINAL, PROBIT, BETA, MIXED), 2, "4 complete rows for . parameters.*Use fewer predictors, or more rows"),
    ("three", (LINEAR, CLUSTERED, BINOMIAL, FRACTIONAL), 2, "3 complete rows for 3 parameters.*Use fewer predictors"),
    ("three", (SURVEY,), 2, "3 complete rows for 3 parameters.*Use fewer predictors"),
    ("few", (SPOT,), 2, "4 complete rows.*(Use fewer|more rows)"),
    ("one row", SCALED, 2, "1.*at least .* needed"),
    ("one row", (*FITTED, CLUSTERED, SURVEY, MIXED), 2, "1 complete row.*(Use fewer predictors|more rows)"),
    ("one row", (FORKS,), 2, "too few respondents.*Correct the data, or the forks"),
    ("one row", (POWER,), 2, "too few"),
    ("one row", (SPOT,), 2, "1 complete row|at least two organisations"),
    ("one row", (MISSING,), 2, "row"),
    ("no row", ALL, 2, "row|value|respondents"),
    # matrices that are no correlation matrices
    ("copies", (EXPLORED, POLYCHORIC, ML, WLSMV), 2, "copies of each other.*Leave one of them out"),
    ("copies", (RELIABILITY,), 0, "copies of each other.*Leave one of them out"),
    ("indefinite", (POLYCHORIC, WLSMV), 2, "do not fit together.*above all i.*Take fewer items"),
    ("indefinite", ((*POLYCHORIC, "--smooth"),), 0, "smoothed as asked"),
    # all missing
    ("all missing", (*SCALED, GROUPS, *FITTED, CLUSTERED, SURVEY, MIXED, IMPUTED, SPOT, FORKS, POWER, MISSING), 2,
     "expected numbers in (i1|x|percent), found no value.*Correct"),
    ("never together", (RELIABILITY, EXPLORED, POLYCHORIC), 2, "(Only|items:) 0.*at least.*look whether one item"),
    ("never together", (ML, WLSMV), 2, "None of the 90 respondents.*Leave out items with many gaps"),
    ("never together", (*FITTED, CLUSTERED, SURVEY, MIXED), 2, "0 complete rows|no complete row"),
    # weights
    ("zero weights", (SURVEY,), 2, "weights above 0, found 0 in every row.*Correct the weights"),
    ("some zero weights", (SURVEY,), 0, "weight is 0: 10 rows"),
    ("negative weight", (SURVEY,), 2, "negative ones in row 2.*Correct the weights"),
    # rows, values and columns
    ("duplicated", (*ALL, MISSING), 0, "40 rows hold the same as another.*nothing was left out"),
    ("infinite", (*SCALED, GROUPS, *FITTED, CLUSTERED, SURVEY, MIXED, IMPUTED, SPOT, FORKS, POWER, MISSING), 2,
     "infinite ones in row 4.*Correct these cells"),
    ("text", (*SCALED, GROUPS, *FITTED, CLUSTERED, SURVEY, MIXED, IMPUTED, SPOT, FORKS, POWER, MISSING), 2,
     "expected numbers in (i1|x|percent), found “much” .row 4"),
    ("collinear", (*FITTED, CLUSTERED, SURVEY, IMPUTED), 2, "“w” is fixed.*Leave one out"),
    ("collinear", (FORKS,), 1, "fixed once the others are known"),
    ("collinear", (POWER,), 2, "fixed once the others are known.*Leave one out"),
    ("blank", (*FITTED, CLUSTERED, MIXED), 0, "lost to a missing value: x 10; used: 80"),
    ("blank", (RELIABILITY, EXPLORED, POLYCHORIC, ML, WLSMV), 0, "10 [a-z ]*lost|lost[a-z ]*: 10"),
    ("blank", (IMPUTED, MISSING), 0, "(10|20) missing cells"),
    ("blank", ((*MISSING[:-1], "1"),), 0, "cannot be told after 1 iterations; take more"),
    ("blank", (FORKS,), 0, "80 to 80 of the 90"),
    ("blank", (SPOT,), 0, "0 were lost"),
]  # fmt: skip


IN_FILE = {
    ("blank", "drivers"): r'"lost",\s+"x",\s+10,\s+10,\s+80',
    ("one country", "drivers"): '"nothing.one group"',
}
"""How a --json file says it where it does not repeat the sentence of the terminal."""


def rows() -> Iterator[object]:
    for defect, lines, code, pattern in TABLE:
        for line in lines:
            extra = " ".join(word for word in line[2:] if not word.startswith("i1,"))
            yield pytest.param(defect, line, code, pattern, id=f"{defect}: {line[0]} {extra}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bad")
    for name, defect in DEFECTS.items():
        defect(sound()).to_csv(made / f"{name}.csv", index=False)
    (made / "model.lav").write_text(MODEL, encoding="utf-8")
    return made


def run(line: tuple[str, ...]) -> tuple[int, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        done = CliRunner().invoke(command, ["analysis", *line])
    if isinstance(done.exception, ClustergovError):  # which the program turns into one message and exit code 2
        return 2, f"{done.output} {done.exception}"
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    return done.exit_code, done.output


@pytest.mark.parametrize(("defect", "line", "code", "pattern"), list(rows()))
def test_bad_tables_are_answered_by_name(
    defect: str, line: tuple[str, ...], code: int, pattern: str, folder: Path, tmp_path: Path
) -> None:
    places = {"DATA": str(folder / f"{defect}.csv"), "MODEL": str(folder / "model.lav")}
    written = tmp_path / "found.json"
    found, told = run((*(places.get(word, word) for word in line), "--json", str(written)))
    assert found == code, told
    assert re.search(pattern, told, flags=re.DOTALL), told
    assert not re.search(r"\b(nan|NaN|inf|Traceback)\b|= None", told), told
    assert written.exists() == (code != 2)
    if code != 2:
        content = written.read_text(encoding="utf-8")
        json.loads(content, parse_constant=_no_constant)
        assert re.search(IN_FILE.get((defect, line[0]), pattern), content, flags=re.DOTALL), "the file does not say it"


def _no_constant(name: str) -> None:
    raise AssertionError(f"the file holds {name}")


def without_answers(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**dict.fromkeys(table.columns[3:], ""))


RESPONSES: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], int, str]] = {
    "sound": (lambda table: table, 0, "inconclusive"),
    "duplicated": (lambda table: pd.concat([table, table.iloc[:4]], ignore_index=True), 0, "8 rows hold the same"),
    "text": (cell("many", "experience"), 0, "experience “many” .not-a-number, 4.*Correct them in the file"),
    "no code": (cell("many", "staff"), 0, "staff “many” .unknown-code, 4.*Correct them in the file"),
    "infinite": (cell("inf", "experience"), 0, "experience “inf” .not-a-number, 4"),
    "impossible": (cell("-5", "experience"), 0, "experience “-5” .out-of-range, 4.*Correct them in the file"),
    "constant": (changed(strength="3"), 0, "not assessable"),
    "all missing": (changed(staff=""), 0, "Without a single answer.*staff.*not assessable"),
    "no column": (lambda table: table.drop(columns="staff"), 0, "without a column.*staff.*not assessable"),
    "nobody answered": (without_answers, 0, "country; field;.*not assessable"),
    "one row": (lambda table: table.iloc[:1], 0, "not assessable"),
    "no row": (lambda table: table.iloc[:0], 2, "headings only.*Export the responses again"),
}


@pytest.fixture(scope="module")
def answers(root: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Forty respondents to the shipped questionnaire, as codes, without the mark of the simulation."""
    plan = check_study(root)
    assert plan.simulation is not None
    drawn = simulate(plan.simulation, plan.questionnaire, n=40, rng=generator(7)).responses
    file = tmp_path_factory.mktemp("answers") / "drawn.csv"
    write_responses(drawn, file)
    return pd.read_csv(file, dtype="str").drop(columns="synthetic")


@pytest.mark.parametrize("defect", list(RESPONSES))
def test_bad_responses_are_answered_by_name(defect: str, answers: pd.DataFrame, root: Path, tmp_path: Path) -> None:
    change, code, pattern = RESPONSES[defect]
    file, written = tmp_path / "answers.csv", tmp_path / "found.json"
    change(answers.copy()).to_csv(file, index=False)
    asked = (
        "--questionnaire",
        root / "instruments" / "cluster-organisation.yml",
        "--claims",
        root / "analysis" / "claims.yml",
    )
    found, told = run(("claims", str(file), *map(str, asked), "--json", str(written)))
    assert found == code, told
    assert re.search(pattern, told, flags=re.DOTALL), told
    assert not re.search(r"\b(nan|NaN|Traceback)\b", told), told
    if code != 2:
        content = json.loads(written.read_text(encoding="utf-8"), parse_constant=_no_constant)
        assert bool(content["data_cautions"]) == (defect not in ("sound", "constant"))


def test_claims_of_a_plain_table_are_refused(folder: Path, root: Path) -> None:
    code, told = run(("claims", str(folder / "sound.csv"), "--claims", str(root / "analysis" / "claims.yml")))
    assert code == 2
    assert "Name the questionnaire with --questionnaire" in told
