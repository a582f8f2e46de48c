"""The manager's pages as HTML: where the survey stands, in numbers of persons; nothing of any respondent's answers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import LANGUAGES, number, say
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.service.dropout import Overview, QuestionCounts
from clustergov.survey.service.storage import Counts

_FOLDER = files("clustergov.survey.service") / "templates" / "manager"


@cache
def style() -> bytes:
    """The stylesheet of these pages, which comes after that of the respondents'."""
    return (_FOLDER / "manager.css").read_bytes()


@cache
def style_path() -> str:
    """Where it is served: its content is in its name, so that browsers may keep it."""
    return f"/manage/style-{hashlib.sha256(style()).hexdigest()[:12]}.css"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("clustergov.survey.service", "templates/manager"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["bar"] = bar
    return environment


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page of the manager.

    Attributes
    ----------
    questionnaire : Questionnaire
    language : str
        Of the page, nl or en.
    csrf : str
        For the forms on it; empty where there are none.
    respondent_style : str
        Path of the stylesheet that the respondents' pages have.
    here : str
        Last part of the page's path, for the other language's link.
    """

    questionnaire: Questionnaire
    language: str
    csrf: str
    respondent_style: str
    here: str = ""

    def page(self, template: str, title: str, **values: Any) -> str:
        """The page of a template."""
        language = self.language
        return (
            _environment()
            .get_template(template)
            .render(
                **values,
                say=lambda key, **fields: say(f"manager.{key}", language, **fields),
                language=language,
                languages=[(each, {"nl": "Nederlands", "en": "English"}[each]) for each in LANGUAGES],
                here=self.here,
                csrf=self.csrf,
                styles=[self.respondent_style, style_path()],
                heading=title,
                survey=self.questionnaire.title.to(language),
                survey_language=self.questionnaire.title.language(language),
                amount=lambda value, decimals=0: number(float(value), language, decimals),
            )
        )


def login_page(frame: Frame, *, wrong: bool = False, left: bool = False) -> str:
    """The page that asks for the password; it tells no more than that a try was wrong."""
    return frame.page("login.html.j2", say("manager.login.title", frame.language), wrong=wrong, left=left)


def confirm_page(frame: Frame, action: str, counts: Counts) -> str:
    """The page that asks whether to close or to open the survey; `action` is close or reopen."""
    language = frame.language
    text = say(f"manager.confirm.{action}_text", language, partial=counts.partial)
    return frame.page("confirm.html.j2", say(f"manager.confirm.{action}", language), action=action, text=text)


def overview_page(frame: Frame, fieldwork: Fieldwork, state: str, counts: Counts, overview: Overview) -> str:
    """The page that tells where the survey stands."""
    language = frame.language
    return frame.page(
        "overview.html.j2",
        frame.questionnaire.title.to(language),
        state=state,
        anonymous=fieldwork.anonymous,
        counted=_counted(counts, language),
        rate=_rate(counts, language),
        spoken=_spoken(overview, language),
        questions=[_question(each, frame.questionnaire, language) for each in overview.questions],
        days=[(day, begun, submitted) for day, begun, submitted in overview.days],
        busiest=max([submitted for _, _, submitted in overview.days], default=0),
        exports=_exports(counts, language),
    )


def _counted(counts: Counts, language: str) -> list[tuple[str, str]]:
    found = [
        (name, getattr(counts, name))
        for name in ("invited", "reminded", "opened", "completed", "complete", "partial")
        if getattr(counts, name) is not None
    ]
    return [(say(f"manager.count.{name}", language), number(float(value), language, 0)) for name, value in found]


def _rate(counts: Counts, language: str) -> str:
    if not counts.invited:
        return say("manager.count.no_rate", language)
    return say("manager.count.rate", language, rate=(counts.completed or 0) / counts.invited)


def _spoken(overview: Overview, language: str) -> str:
    told = ", ".join(
        f"{spoken} {number(float(many), language, 0)}" for spoken, many in sorted(overview.languages.items())
    )
    return say("manager.count.languages", language, list=told) if told else ""


def _question(counted: QuestionCounts, questionnaire: Questionnaire, language: str) -> dict[str, Any]:
    text = counted.question.text
    share = counted.answered / counted.saw if counted.saw else 0.0
    return {
        "code": counted.question.code,
        "text": text.to(language),
        "lang": text.language(language),
        "saw": counted.saw,
        "answered": counted.answered,
        "open": counted.left_open,
        "stopped": counted.stopped,
        "share": share,
        "percent": "–" if not counted.saw else number(100 * share, language, 0),
    }


def _exports(counts: Counts, language: str) -> list[tuple[str, str]]:
    both = counts.complete + counts.partial
    files_ = (
        ("complete.csv", "complete", counts.complete),
        ("partial.csv", "partial", counts.partial),
        ("all.csv", "all", both),
        ("all.xlsx", "xlsx", both),
        ("codebook.csv", "codebook", 0),
    )
    return [(file, say(f"manager.export.{key}", language, number=many)) for file, key, many in files_]


def bar(share: float) -> Markup:
    """A bar of a share of its width, as a figure without a style of its own (which the security policy forbids).

    Read with the number beside it: a screen reader passes it over.
    """
    width = round(100 * min(max(share, 0.0), 1.0), 1)
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bar-whole" width="100" height="10"/><rect class="bar-part" width="{}" height="10"/></svg>'
    ).format(width)
