"""Pages of a LimeSurvey taken apart: forms, what a respondent met, and what the survey logic page says."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import html as markup


class LogicPageError(AssertionError):
    """The survey logic page did not say what such a page says."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the survey logic page says.

    Attributes
    ----------
    clean : bool
        It says that there are no syntax errors, and no question has a warning.
    says : tuple of str
        Its headlines.
    errors, warnings : dict
        Code of the question → what is said about it, with the expressions' own messages.
    """

    clean: bool
    says: tuple[str, ...]
    errors: dict[str, str]
    warnings: dict[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a respondent met it.

    Attributes
    ----------
    title : str
        Of the group of questions.
    questions : tuple of str
        Codes of those that were visible when the page was sent, in the order of the page.
    variables : tuple of str
        Names of the fields that could be filled in then.
    refused : bool
        The server showed the page again.
    messages : tuple of str
        What the refused page said.
    texts : dict of str to str
        Everything that is written in a question, by its code; only a browser tells.
    """

    title: str
    questions: tuple[str, ...]
    variables: tuple[str, ...]
    refused: bool = False
    messages: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


def hidden_fields(page: str, *names: str) -> dict[str, str]:
    """Values of hidden fields by name."""
    found = {node.get("name"): node.get("value") or "" for node in markup.fromstring(page).iter("input")}
    return {name: found[name] for name in names}


def questions_form(page: str) -> dict[str, str] | None:
    """The fields of a page of questions as it came, or None when the questionnaire is over."""
    forms = markup.fromstring(page).xpath("//form[@id='limesurvey']")
    if not forms or not forms[0].xpath(".//input[@name='thisstep']"):
        return None
    found = {
        node.get("name"): node.get("value") or "" for node in forms[0].iter("input") if node.get("type") == "hidden"
    }
    # What is filled in already; a ticked “no answer” has the empty value.
    kept = forms[0].xpath(".//input[@checked]|.//input[@type='text']|.//input[@type='number']")
    found |= {node.get("name"): node.get("value") or "" for node in kept}
    return {name: value for name, value in found.items() if name and not name.startswith("java")}


def group_title(page: str) -> str:
    return " ".join(markup.fromstring(page).xpath("//*[contains(@class, 'group-title')]//text()")).strip()


def all_shown(form: Mapping[str, str]) -> dict[str, str]:
    """The marks of relevance, all set: a browser's scripts would set those that hold."""
    return {name: "1" for name in form if re.fullmatch(r"relevance.*", name)}


def move(page: str) -> str:
    return "movesubmit" if 'value="movesubmit"' in page else "movenext"


def messages_of(page: str) -> tuple[str, ...]:
    """What a refused page complains of."""
    tree = markup.fromstring(page)
    wanted = (
        "//*[contains(@class, 'ls-em-error') or contains(@class, 'text-danger')][not(contains(@class, 'js-hidden'))]"
    )
    texts = (" ".join(node.text_content().split()) for node in tree.xpath(wanted))
    return tuple(dict.fromkeys(text for text in texts if text))


def verdict_of(page: str) -> Verdict:
    tree = markup.fromstring(page)
    says = tuple(_text(node) for node in tree.xpath("//p[contains(@class, 'alert')]"))
    if not tree.xpath("//*[@id='logicfiletable']") or not says:
        raise LogicPageError("the page has no table of the survey's logic")
    errors = {_code(row): _told(row) for row in tree.xpath("//tr[.//*[contains(@class, 'bg-danger')]]")}
    warned = "//tr[contains(@class, 'LEMquestion')][.//*[contains(@class, 'warning')]]"
    warnings = {_code(row): _told(row) for row in tree.xpath(warned)}
    clean = any(text.startswith("No syntax errors detected") for text in says) and not errors and not warnings
    return Verdict(clean and len(says) == 1, says, errors, warnings)


def _code(row: Any) -> str:
    return str(row.xpath("string(td[2]//b)")).strip().lstrip("*")


def _told(row: Any) -> str:
    marked = ".//*[contains(@class, 'em-error') or contains(@class, 'em-warning') or contains(@class, 'em-haveerror')]"
    nodes = [node for found in row.xpath(marked) for node in found.iter() if (node.get("title") or "").strip()]
    return " | ".join(
        [_text(row.xpath("td[2]")[0]), *dict.fromkeys(f"{_text(node)}: {node.get('title')}" for node in nodes)]
    )


def _text(node: Any) -> str:
    return " ".join(html.unescape(node.text_content()).split())
