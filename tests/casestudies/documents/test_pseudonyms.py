"""Names that must not survive: found however they are written, never printed, replaced before anything is stored."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from clustergov.casestudies.documents.pseudonyms import FILE, Pseudonym, Pseudonyms, read_pseudonyms, surviving_names
from clustergov.casestudies.documents.reidentification import risks
from clustergov.cli import command
from clustergov.problems import InputError

# Nobody: names put together for these tests.
LIST = """\
pseudonyms:
  - {real: Zorba de Quux, pseudonym: "[manager 1]", also: [De Quux, Zorba]}
  - {real: Ynés Müxel, pseudonym: "[wethouder]", also: [Müxel]}
  - {real: Bosk, pseudonym: "[bedrijf 2]"}
  - {real: Frobs’ BV, pseudonym: "[bedrijf 3]"}
"""


@pytest.fixture
def names(tmp_path: Path) -> Pseudonyms:
    (tmp_path / FILE).write_text(LIST, encoding="utf-8")
    return read_pseudonyms(tmp_path / FILE)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Zorba de Quux zei het.", "[manager 1] zei het."),
        ("De Quux’ plan en ZORBA DE QUUX.", "[manager 1]’ plan en [manager 1]."),
        ("zorba\nde  quux, Zorba\u00a0de-Quux", "[manager 1], [manager 1]"),
        ("De Qu-\n  ux en Zor\u00adba's fiets", "[manager 1] en [manager 1]'s fiets"),
        ("Zorbas fiets", "[manager 1]s fiets"),
        ("Mu\u0308xel, MUXEL en Ynes mu\u0308xel!", "[wethouder], [wethouder] en [wethouder]!"),
        ("Frobs' BV en Frobs` bv", "[bedrijf 3] en [bedrijf 3]"),
        ("Bosk-achtig", "[bedrijf 2]-achtig"),
    ],
)
def test_a_name_is_replaced_however_it_is_written(names: Pseudonyms, text: str, written: str) -> None:
    assert names.apply(text)[0] == written
    assert names.find(written) == ()


@pytest.mark.parametrize("text", ["Boskoop", "Zorbasson", "in de bosken", "de Quuxlaan", "Muxelaar", ""])
def test_other_words_are_left(names: Pseudonyms, text: str) -> None:
    assert names.apply(text) == (text, 0)


def test_one_word_in_lower_case_is_told_but_not_replaced(names: Pseudonyms) -> None:
    assert names.apply("een bosk hier") == ("een bosk hier", 0)
    assert [named.sure for named in names.find("een bosk hier")] == [False]
    loose = Pseudonyms((Pseudonym(real="Bosk", pseudonym="[b]", any_case=True),))
    assert loose.apply("een bosk hier")[0] == "een [b] hier"


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_what_is_replaced_is_gone_and_the_rest_stays(before: str, after: str) -> None:
    names = Pseudonyms((Pseudonym(real="Zorba de Quux", pseudonym="[1]"),))
    written, number = names.apply(f"{before} Zorba de Quux {after}")
    assert number == 1
    assert written == f"{before} [1] {after}"


def test_the_list_is_refused_where_git_would_take_it_in_and_never_shown(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    path = tmp_path / FILE
    path.write_text(LIST, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_pseudonyms(path)
    assert [problem.rule for problem in caught.value.problems] == ["names-in-git"]
    (tmp_path / ".gitignore").write_text(FILE + "\n", encoding="utf-8")
    assert len(read_pseudonyms(path).entries) == 4
    assert "Quux" not in repr(read_pseudonyms(path))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"[manager 1]"', '"[Müxel]"'), ("real: Bosk", "real: B"), ("also: [Müxel]", "also: [M]"), ("also: [Müxel]", "Zorba: 1"),
        ("real: Bosk", "real: {Bosk: Quux}"), ("real: Bosk, ", ""), ("pseudonyms:", "- pseudonyms:"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_list_is_told_without_a_name(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / FILE
    path.write_text(LIST.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_pseudonyms(path)
    told = str(caught.value)
    assert not any(name in told for name in ("Zorba", "Quux", "Müxel", "Bosk", "Frobs", "Ynés"))


def test_a_list_that_is_not_there_is_empty(tmp_path: Path) -> None:
    names = read_pseudonyms(tmp_path / FILE)
    assert names.entries == ()
    assert names.apply("Zorba") == ("Zorba", 0)


def test_survivors_are_told_by_place_in_every_file(tmp_path: Path, names: Pseudonyms) -> None:
    (tmp_path / "north").mkdir()
    (tmp_path / "north" / "bosk.txt").write_text("een\nDe Quux’ idee, bosk", encoding="utf-8")
    (tmp_path / "north" / "a.yml").write_text('exact: "Zorba de\\nQuux zei"\n', encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    found = surviving_names(tmp_path, names)
    assert [(problem.rule, Path(problem.file).name, problem.line, problem.severity) for problem in found] == [
        ("name-survives", "a.yml", 1, "error"),
        ("name-survives", "bosk.txt", 2, "error"), ("name-perhaps", "bosk.txt", 2, "warning"),
    ]  # fmt: skip
    assert "Quux" not in "".join(str(problem) for problem in found)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("mail j.x@quux.example.org", {"e-mail"}),
        ("bel 06 1234 5678 of +31 (0)20-123 45 67", {"telephone"}),
        ("in 2008–2015 kreeg zij € 1.200.000 van 12 345 leden", set()),
        ("mevrouw van der Frob vond", {"form of address with a name"}),
        ("de burgemeester en mevrouw de wethouder", set()),
        ("rekening NL00 BANK 0123 4567 89", {"bank account", "telephone"}),
        ("woont op 1234 AB", {"postal code"}),
        ("linkedin.com/in/frob", {"profile on a network"}),
        ("bij De Quux en in de bosk", {"listed name", "perhaps a listed name"}),
    ],
)
def test_what_gives_somebody_away(names: Pseudonyms, text: str, kinds: set[str]) -> None:
    assert {risk.kind for risk in risks(text, names)} == kinds


def test_the_real_texts_hold_no_numbers_but_one_of_an_office(shared: Path) -> None:
    found = {
        (path.name[:3], risk.kind)
        for path in sorted((shared / "sources").glob("*.txt"))
        for risk in risks(path.read_text(encoding="utf-8"), Pseudonyms())
    }
    assert {pair for pair in found if pair[1] in ("telephone", "bank account", "postal code")} == {("001", "telephone")}


def test_the_command_tells_places_and_ends_with_1(small_study: Path) -> None:
    runner = CliRunner()
    study = str(small_study)
    assert runner.invoke(command, ["casestudies", "privacy", study]).exit_code == 0
    (small_study / FILE).write_text("pseudonyms: [{real: Toen Kwam, pseudonym: '[a]'}]\n", encoding="utf-8")
    result = runner.invoke(command, ["casestudies", "privacy", study, "--json", str(small_study / "out.json")])
    assert result.exit_code == 1
    assert "name 1 of pseudonyms.yml" in result.output
    assert "quote-gives-away" in result.output
    assert "toen kwam" not in (result.output + (small_study / "out.json").read_text(encoding="utf-8")).casefold()


# Nobody either.
HIDDEN = Pseudonyms(
    (
        Pseudonym(real="Zorba de Quux", pseudonym="[Z]"),
        Pseudonym(real="Ynto van der Meer", pseudonym="[Y]", also=("Van der Meer",)),
        Pseudonym(real="Wüxel Groß-Østby", pseudonym="[W]"),
        Pseudonym(real="De Groot", pseudonym="[G]"),
        Pseudonym(real="An Dere", pseudonym="[D]"),
    )
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Z. de Quux", "[Z]"),
        ("Z.de Quux", "[Z]"),
        ("Quux, Zorba de", "[Z]"),
        ("Zorba\u200b de\u2060 Quux", "[Z]"),
        ("Zorba\u2011de\u2010Quux", "[Z]"),
        ("zorba_de_quux", "[Z]"),
        ("v.d. Meer en Ynto vd Meer en Y. v/d Meer", "[Y] en [Y] en [Y]"),
        ("Wuxel Gross-Ostby", "[W]"),
        ("Wuexel Gross–Oestby", "[W]"),
        ("WÜXEL GROSS-ØSTBY", "[W]"),
        ("W. Groß-Østby's", "[W]'s"),
    ],
)
def test_names_hidden_in_initials_prefixes_signs_and_spellings_are_replaced(text: str, wanted: str) -> None:
    assert HIDDEN.apply(text)[0] == wanted


@pytest.mark.parametrize(
    "text", ["zorbadequux@mail.example", "ZorbaDeQuux", "de groot aangelegde haven", "iets anders of andere"]
)
def test_what_may_be_a_name_is_told_and_never_replaced(text: str) -> None:
    assert HIDDEN.apply(text) == (text, 0)
    assert [named.sure for named in HIDDEN.find(text)] == [False]


@pytest.mark.parametrize("text", ["hoe groot de kans is", "de quux en an", "een meer", "Z. Quux", "quux, zorba"])
def test_words_that_are_no_name_stay(text: str) -> None:
    assert HIDDEN.apply(text) == (text, 0)


def test_a_study_that_cannot_be_read_still_has_its_names_told(small_study: Path) -> None:
    (small_study / FILE).write_text("pseudonyms: [{real: Toen Kwam, pseudonym: '[a]'}]\n", encoding="utf-8")
    (small_study / "north" / "codings" / "broken.yml").write_text("document: nowhere\n", encoding="utf-8")
    result = CliRunner().invoke(command, ["casestudies", "privacy", str(small_study)])
    assert result.exit_code == 2
    assert "name 1 of pseudonyms.yml stands here" in result.output
    assert "broken.yml" in result.output
