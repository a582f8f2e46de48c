"""Listed names neither come in nor go out; offsets follow."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.casestudies.corpus import read_corpus
from clustergov.casestudies.documents.pseudonyms import Pseudonym, Pseudonyms
from clustergov.casestudies.exchange.arriving import arrive
from clustergov.casestudies.exchange.departing import FORMATS, depart
from clustergov.casestudies.exchange.pseudonymising import pseudonymised
from clustergov.casestudies.exchange.refi import Project, Selection, TextSource
from clustergov.instruments.exchange import Notes
from clustergov.problems import InputError
from refi_project import CODE, Made

# A name that nobody has, made for the test.
LIST = 'pseudonyms:\n  - real: "Zzyzx Qwrtz"\n    pseudonym: "[manager 1]"\n    also: ["Qwrtz"]\n'
LISTED = Pseudonyms((Pseudonym(real="Zzyzx Qwrtz", pseudonym="[manager 1]", also=("Qwrtz",)),))


def test_names_give_way_and_offsets_follow(small_study: Path, tmp_path: Path) -> None:
    (small_study / "pseudonyms.yml").write_text(LIST, encoding="utf-8")
    text = "Zzyzx Qwrtz spoke. Then Qwrtz left.\n"
    marks = [(12, 17, "spoke"), (6, 17, "Qwrtz spoke"), (24, 29, "Qwrtz"), (30, 34, "left"), (0, 35, text[:35])]
    made = Made(
        text=text.encode(),
        marks=marks,
        name="Talk with Qwrtz.txt",
        users='<User guid="11111111-1111-4111-8111-111111111111" name="Qwrtz"/>',
    )
    (tmp_path / "t.qdpx").write_bytes(made.qdpx())
    arrived = arrive(tmp_path / "t.qdpx", small_study, language="en", case="south")
    new = [each for each in arrived.corpus.codings if each.case == "south" and each.passage]
    assert [each.passage.exact for each in sorted(new, key=lambda each: (each.passage.start, -each.passage.end))] == [
        "[manager 1] spoke. Then [manager 1] left.", "[manager 1] spoke", "spoke", "[manager 1]", "left",
    ]  # fmt: skip
    everything = b"".join(arrived.files.values()) + "".join(map(str, arrived.notes)).encode()
    assert b"Qwrtz" not in everything
    assert any(note.rule == "refi-pseudonyms" for note in arrived.notes)
    assert "pseudonyms.yml" not in arrived.files


@given(
    st.text(alphabet=st.sampled_from("ab ."), max_size=12),
    st.text(alphabet=st.sampled_from("ab ."), max_size=12),
    st.data(),
)
def test_what_is_no_name_keeps_its_words(before, after, data):
    text = f"{before} Qwrtz {after} Qwrtz."
    points = st.integers(0, len(text))
    start, end = sorted(data.draw(st.tuples(points, points)))
    source = TextSource("s", "n", text, selections=(Selection("x", start, end),))
    changed = pseudonymised(Project("p", sources=(source,)), LISTED, Notes()).sources[0]
    found = changed.selections[0]
    words, now = text[start:end], changed.text[found.start : found.end]
    if set(words) & set("Qwrtz"):
        assert "[manager 1]" in now
        assert "Qwrtz" not in now
    else:
        assert now == words


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("where", ["text", "memo", "code"])
def test_nothing_goes_out_in_which_a_name_stands(small_study: Path, format_, where) -> None:
    (small_study / "pseudonyms.yml").write_text(LIST, encoding="utf-8")
    depart(read_corpus(small_study), small_study, format_, language="en")
    file, old = {
        "text": ("north/case.yml", "There was a plan"), "memo": ("north/codings/statements.ann.yml", "Uncertain"),
        "code": ("codebook.yml", "Sharing"),
    }[where]  # fmt: skip
    path = small_study / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, f"{old} by Zzyzx Qwrtz"), encoding="utf-8")
    if (format_, where) in (("qdc", "text"), ("qdc", "memo"), ("csv", "code")):
        depart(read_corpus(small_study), small_study, format_, language="en")
        return
    with pytest.raises(InputError) as error:
        depart(read_corpus(small_study), small_study, format_, language="en")
    assert "name-survives" in str(error.value)
    assert "Qwrtz" not in str(error.value)


def test_without_a_list_nothing_is_changed() -> None:
    project = Project("Qwrtz", codes=(), sources=(TextSource(CODE, "Qwrtz", "Qwrtz"),))
    assert pseudonymised(project, Pseudonyms(), Notes()) is project
