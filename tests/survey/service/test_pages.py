"""Pages say what they must, hold their fields together, and print nothing of a respondent unescaped."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey_pages
from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import catalogue
from clustergov.survey.service.form import Form
from clustergov.survey.service.pages import KINDS, Chrome, simple_page, style
from questionnaire_strategy import questionnaires, tries
from survey_visitors import careless, hostile, without_files

NAMED_BY = ("aria-labelledby", "aria-describedby")


def flaws(page: str) -> list[str]:
    """What is wrong with a page's own references: ids that stand twice, labels without a field, fields without a label."""
    tree = lxml.html.document_fromstring(page.removeprefix("<!doctype html>\n"))
    ids = Counter(tree.xpath("//@id"))
    found = [f"id {each} stands {count} times" for each, count in ids.items() if count > 1]
    found += [f"label for {each}, which is not there" for each in tree.xpath("//label/@for") if each not in ids]
    for name in NAMED_BY:
        named = [each for value in tree.xpath(f"//@{name}") for each in value.split()]
        found += [f"{name} {each}, which is not there" for each in named if each not in ids]
    found += [
        f"link to #{each[1:]}, which is not there"
        for each in tree.xpath("//a/@href")
        if each[0] == "#" and each[1:] not in ids
    ]
    for field in tree.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        inside = field.getparent().tag == "label"
        if not inside and not tree.xpath(f"//label[@for='{field.get('id')}']"):
            found.append(f"no label for {field.get('name')}")
        if field.tag == "label" and not field.text_content().strip():
            found.append(f"empty label for {field.get('name')}")
    headings = [int(each.tag[1]) for each in tree.xpath("//h1 | //h2 | //h3")]
    found += [] if headings.count(1) == 1 else ["not one main heading"]
    return found + [
        f"{each} in the page" for each in ("<script", "style=", "javascript:", " onclick") if each in page.casefold()
    ]


def values(page: str) -> dict[str, list[str]]:
    """What a browser would send back."""
    form = lxml.html.document_fromstring(page.removeprefix("<!doctype html>\n")).forms[0]
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        # A browser drops the first new line of a text area.
        sent.setdefault(name, []).append(value.removeprefix("\n"))
    return sent


def test_every_page_of_the_shipped_questionnaires_is_sound(root: Path) -> None:
    pages = [*survey_pages.simple_pages(), *survey_pages.screens("every", survey_pages.every_kind())]
    for name, questionnaire in survey_pages.shipped(root):
        pages += survey_pages.screens(name, questionnaire)
    found = {name: flaws(page) for name, page in pages}
    assert not {name: wrong for name, wrong in found.items() if wrong}
    assert len(found) > 200


@tries(25)
@given(questionnaires(), st.integers(0, 2**32))
def test_pages_of_any_questionnaire_are_sound_whatever_was_posted(drawn: Questionnaire, seed: int) -> None:
    form, rng = Form(without_files(drawn), "survey"), random.Random(seed)
    for number in range(1, form.end):
        for post in (hostile(form, number, rng), careless(form, number, rng, {})):
            entered = form.enter(number, post, {})
            for language in form.languages:
                chrome = Chrome("/", seed=str(seed))
                page = form.page(number, language, entered.answers, entered.drafts, entered.mistakes, chrome)
                assert not flaws(page)
                page.encode("utf-8")


@tries(25)
@given(questionnaires(), st.integers(0, 2**32))
def test_going_back_and_on_again_changes_no_answer(drawn: Questionnaire, seed: int) -> None:
    form, rng = Form(without_files(drawn), "survey"), random.Random(seed)
    for language in form.languages:
        answers: dict[str, str] = {}
        for number in range(1, form.end):
            first = form.enter(number, careless(form, number, rng, {}), answers)
            page = form.page(number, language, first.answers, first.drafts, (), Chrome("/", seed="r"))
            again = form.enter(number, values(page), first.answers, first.drafts)
            assert (again.answers, again.drafts) == (first.answers, first.drafts)
            # A code that is none was never kept: it is as if nothing had been chosen.
            kept = [each for each in first.mistakes if each.rule not in ("unknown-code", "required")]
            assert [each for each in again.mistakes if each.rule != "required"] == kept
            answers = again.answers


def test_what_was_typed_is_escaped_and_comes_back_as_it_was() -> None:
    form = Form(survey_pages.every_kind())
    bad = '"><script>alert(1)</script>&amp;</textarea>'
    page = form.page(1, "en", {"texts_a": bad, "story": bad}, {"number": bad}, (), Chrome("/", {"csrf": bad}))
    assert "<script" not in page
    sent = values(page)
    assert [sent[name] for name in ("texts_a", "number", "csrf")] == [[bad]] * 3
    assert sent["story"] == [bad]


def test_numbers_stand_as_the_language_writes_them_and_are_read_back() -> None:
    form = Form(survey_pages.every_kind())
    for language, shown in (("nl", "2,5"), ("en", "2.5")):
        sent = values(form.page(1, language, {"number": "2.5"}, {}, (), Chrome("/")))
        assert sent["number"] == [shown]
        assert form.enter(1, sent, {}).answers["number"] == "2.5"


def test_mistakes_stand_first_lead_to_their_fields_and_are_in_the_title() -> None:
    form = Form(survey_pages.every_kind())
    entered = form.enter(1, {"number": ["many"]}, {})
    page = form.page(1, "nl", entered.answers, entered.drafts, entered.mistakes, Chrome("/"))
    tree = lxml.html.document_fromstring(page.removeprefix("<!doctype html>\n"))
    assert tree.findtext(".//title").startswith("Fout: ")
    alert = tree.xpath("//*[@role='alert']")[0]
    assert alert.get("autofocus") is not None
    assert alert.getparent().tag == "main"
    for link in alert.xpath(".//a"):
        target = tree.get_element_by_id(link.get("href")[1:])
        around = [target, *target.iterancestors()]
        assert any(each.get("aria-invalid") == "true" or "wrong" in (each.get("class") or "") for each in around)
    number = tree.xpath("//input[@name='number']")[0]
    described = [tree.get_element_by_id(each).text_content() for each in number.get("aria-describedby").split()]
    assert any("Vul een getal in, met cijfers." in text for text in described)


def test_an_order_of_chance_is_the_same_for_one_respondent_and_others_have_another() -> None:
    form = Form(survey_pages.every_kind())

    def order(seed: str) -> list[str]:
        page = form.page(1, "en", {}, {}, (), Chrome("/", seed=seed))
        return re.findall(r'name="chance" value="(\w+)"', page) + re.findall(r'name="(grid_\w)" value="1"', page)

    assert order("one") == order("one")
    assert len({tuple(order(str(seed))) for seed in range(20)}) > 2
    assert all(order(str(seed))[2] == "other" for seed in range(10))


def test_the_last_page_sends_and_only_a_page_that_cannot_know_it_is_the_last_has_one_after_it(root: Path) -> None:
    form = Form(survey_pages.every_kind())
    assert 'value="submit"' in form.page(1, "nl", {}, {}, (), Chrome("/"))
    assert 'value="submit"' in form.page(form.end, "nl", {}, {}, (), Chrome("/"))
    shipped = Form(read_questionnaire(root / "instruments" / "cluster-organisation.yml"), "survey")
    first = shipped.page(1, "nl", {}, {}, (), Chrome("/"))
    assert 'value="next"' in first
    assert 'value="submit"' not in first


def test_words_of_ours_are_marked_where_the_page_speaks_another_language() -> None:
    questionnaire = survey_pages.every_kind()
    german = questionnaire.model_copy(update={"languages": ("de", "nl")})
    page = Form(german).page(1, "de", {}, {}, (), Chrome("/"))
    assert '<html lang="de">' in page
    assert '<div class="moves" lang="en">' in page
    assert '<span lang="nl">Question number? (nl)</span>' in page


@pytest.mark.parametrize("language", ["nl", "en", "de"])
def test_pages_without_questions_say_what_happened_and_what_to_do(language: str) -> None:
    for kind in (*KINDS, "418", "502"):
        page = simple_page(
            kind, language, title="A <b>title</b>", receipt="R<1>", link="https://x.example/?a=1&b=2", back="/"
        )
        assert not flaws(page)
        assert "R&lt;1&gt;" in page
        assert "&lt;b&gt;" in page
        assert f'<html lang="{language}"' in page


def test_both_languages_have_every_sentence() -> None:
    own = {key: texts for key, texts in catalogue().items() if key.startswith("service.")}
    assert len(own) > 90
    assert all(set(texts) == {"nl", "en"} for texts in own.values())
    fields = {key: [re.findall(r"\{\w+\}", text) for text in texts.values()] for key, texts in own.items()}
    assert all(sorted(nl) == sorted(en) for nl, en in fields.values())


def test_the_stylesheet_asks_for_nothing_else() -> None:
    text = style().decode("utf-8")
    assert "url(" not in text
    assert "@import" not in text
