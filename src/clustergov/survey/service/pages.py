"""The pages that a respondent sees: screens with questions, and the few that ask nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import Text, catalogue, say
from clustergov.survey.service.entering import Mistake
from clustergov.survey.service.markup import QuestionMarkup
from clustergov.survey.service.screens import Answers, Screen, replay, route
from clustergov.survey.service.wording import environment, lang_attribute, worded, words_language

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
LANGUAGE_NAMES = {
    "nl": "Nederlands", "en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano",
    "pt": "Português", "pl": "Polski", "da": "Dansk", "sv": "Svenska", "nb": "Norsk bokmål", "fi": "Suomi", "cs": "Čeština",
    "fy": "Frysk", "tr": "Türkçe", "uk": "Українська", "ar": "العربية", "el": "Ελληνικά", "ro": "Română", "hu": "Magyar",
}  # fmt: skip
"""What each language calls itself; others are shown by their code."""

KINDS = (
    "thanks", "saved", "saved_invited", "resume", "closed", "used", "unknown", "language", "400", "403", "404", "405",
    "409", "413", "415", "421", "422", "429", "431", "500", "503",
)  # fmt: skip
"""The pages that ask nothing."""

_SCREEN_WORDS = ("skip", "languages", "next", "previous", "submit", "save", "problem")


@dataclass(frozen=True, slots=True)
class Chrome:
    """What stands around the questions of a page.

    Attributes
    ----------
    action : str
        Where the form is sent.
    hidden : mapping of str to str
        Hidden fields of the form.
    style : str
        Address of the stylesheet, on the same origin.
    languages : mapping of str to str
        Address of this page in each language. A page with questions has buttons for them, which send what was typed.
    notices : tuple of str
        Sentences above the questions, in the page's language.
    save : bool
        Whether answers can be saved to continue later.
    seed : str
        Of orders of chance: any text that stays the same for this respondent.
    """

    action: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)
    style: str = "/style.css"
    languages: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    save: bool = True
    seed: str = ""


@cache
def style() -> bytes:
    """The stylesheet of all pages."""
    return (files("clustergov.survey.service") / "templates" / "style.css").read_bytes()


class Pages:
    """The pages of one questionnaire, in all its languages."""

    def __init__(self, questionnaire: Questionnaire, screens: tuple[Screen, ...]) -> None:
        self._questionnaire, self._screens = questionnaire, screens
        self._ids = {variable.name: f"f{place}" for place, variable in enumerate(questionnaire.variables, start=1)}
        self._numbers = [
            tuple(each.name for posed in screen.posed for each in posed.fields if each.kind == "number")
            for screen in screens
        ]
        self._template = environment().get_template("screen.html")
        self._markup = {language: self._compile(language) for language in questionnaire.languages}
        self._words = {language: _words(language, _SCREEN_WORDS) for language in questionnaire.languages}

    def _compile(self, language: str) -> dict[str, QuestionMarkup]:
        every = (posed for screen in self._screens for posed in screen.posed)
        return {posed.code: QuestionMarkup(posed, number, self._ids, language) for number, posed in enumerate(every, 1)}

    def page(
        self,
        number: int,
        language: str,
        answers: Answers,
        drafts: Mapping[str, str],
        mistakes: Sequence[Mistake],
        chrome: Chrome,
    ) -> str:
        """One page (see `Form.page`)."""
        shown = route(self._screens, answers)
        spoken = words_language(language)
        count, place = len(shown), sum(each <= number for each in shown) or 1
        last = number > len(self._screens)
        screen = None if last else self._screens[number - 1]
        first = bool(shown) and number == shown[0]
        heading = self._heading(screen, language, first=first)
        step = "" if last else say("service.page.step", spoken, number=place, count=count)
        title = self._questionnaire.title.to(language)
        return self._template.render(
            language=language, rtl=language.split("-")[0] in _RIGHT_TO_LEFT, style=chrome.style, title=title,
            page_title=_page_title(heading.striptags(), step, title, spoken, wrong=bool(mistakes)),
            words=self._words[language], words_lang=lang_attribute(spoken, language),
            heading_lang=lang_attribute(spoken, language) if last else "",
            languages=_links(chrome.languages, language), count=count, step=step, step_number=count if last else place,
            notices=chrome.notices, problems=self._problems(mistakes, language), heading=heading,
            welcome=self._welcome(language, first=first, last=last), action=chrome.action,
            hidden=list(chrome.hidden.items()), forward="submit" if last or self._surely_last(number, shown) else "next",
            back=bool(shown) and number > shown[0], save=chrome.save and not last,
            questions=Markup(self._questions(screen, language, answers, drafts, mistakes, chrome.seed, first=first)),
        )  # fmt: skip

    def _heading(self, screen: Screen | None, language: str, *, first: bool) -> Markup:
        if screen is None:
            return Markup("{}").format(say("service.page.end_title", words_language(language)))
        titled = self._below_title(screen, first=first)
        return worded(self._questionnaire.title if titled else screen.section.title, language)

    def _below_title(self, screen: Screen, *, first: bool) -> bool:
        """Whether the page has the questionnaire's title at its head and those of sections below it."""
        several = len({posed.section.code for posed in screen.posed}) > 1
        return several or (first and self._questionnaire.text is not None)

    def _welcome(self, language: str, *, first: bool, last: bool) -> list[Markup]:
        if last:
            spoken = words_language(language)
            return [
                Markup("<span{}>{}</span>").format(
                    lang_attribute(spoken, language), say("service.page.end_text", spoken)
                )
            ]
        text = self._questionnaire.text
        return paragraphs(text, language) if first and text else []

    def _surely_last(self, number: int, shown: tuple[int, ...]) -> bool:
        """Whether no answer to this screen can bring another one."""
        if shown and number < shown[-1]:
            return False
        here = set(self._screens[number - 1].fields)
        for later in self._screens[number:]:
            if here & later.looks_at:
                return False
            here |= later.fields
        return True

    def _problems(self, mistakes: Sequence[Mistake], language: str) -> list[tuple[str, str, str]]:
        markup = self._markup[language]
        return [
            (
                self._ids[mistake.field],
                markup[mistake.question].named(mistake.field, whole=mistake.whole),
                mistake.text(language),
            )
            for mistake in mistakes
        ]

    def _questions(
        self,
        screen: Screen | None,
        language: str,
        answers: Answers,
        drafts: Mapping[str, str],
        mistakes: Sequence[Mistake],
        seed: str,
        *,
        first: bool,
    ) -> str:
        if screen is None:
            return ""
        # Nothing on a screen depends on that screen.
        known = replay(self._screens, answers, before=screen.number).known
        values = self._values(screen, language, answers, drafts)
        errors = _by_question(mistakes, language)
        titled = self._below_title(screen, first=first)
        parts: list[str] = []
        section = None
        for posed in screen.posed:
            fields = posed.open(known)
            if fields is None:
                continue
            if posed.section is not section:
                section = posed.section
                parts.append(_section_head(section.title if titled else None, section.text, language))
            parts.append(self._markup[language][posed.code].html(fields, values, errors.get(posed.code, {}), seed))
        return "".join(parts)

    def _values(self, screen: Screen, language: str, answers: Answers, drafts: Mapping[str, str]) -> Mapping[str, str]:
        """What stands in the fields: what was typed, else what was answered, numbers as the language writes them."""
        values = dict(answers)
        if language == "nl":
            for name in self._numbers[screen.number - 1]:
                if "." in values.get(name, ""):
                    values[name] = values[name].replace(".", ",")
        return values | dict(drafts) if drafts else values


def _by_question(mistakes: Sequence[Mistake], language: str) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for mistake in mistakes:
        about = found.setdefault(mistake.question, {})
        about.setdefault("" if mistake.whole else mistake.field, []).append(mistake.text(language))
    return found


def _section_head(title: Text | None, text: Text | None, language: str) -> str:
    head = Markup("<h2>{}</h2>").format(worded(title, language)) if title is not None else Markup("")
    told = paragraphs(text, language) if text is not None else []
    return str(head + Markup("").join(Markup('<p class="about-section">{}</p>').format(each) for each in told))


def paragraphs(text: Text, language: str) -> list[Markup]:
    """A longer text, one paragraph per line."""
    shown = text.language(language)
    lines = [line for line in text.to(language).split("\n") if line.strip()]
    return [Markup("<span{}>{}</span>").format(lang_attribute(shown, language), line) for line in lines]


def _page_title(heading: str, step: str, title: str, language: str, *, wrong: bool) -> str:
    named = f"{heading} ({step})" if step else heading
    head = f"{say('service.page.error', language)}: {named}" if wrong else named
    return head if heading == title else f"{head} – {title}"


def _words(language: str, keys: Sequence[str]) -> dict[str, str]:
    spoken = words_language(language)
    return {key: say(f"service.page.{key}", spoken) for key in keys}


def _links(languages: Mapping[str, str], current: str) -> list[tuple[str, str, str]]:
    """The other languages: code, what it calls itself, address."""
    return [(each, LANGUAGE_NAMES.get(each, each), url) for each, url in languages.items() if each != current]


def simple_page(
    kind: str,
    language: str,
    *,
    title: str,
    style: str = "/style.css",
    languages: Mapping[str, str] | None = None,
    text: Text | None = None,
    receipt: str = "",
    link: str = "",
    back: str = "",
    contact: str = "",
) -> str:
    """A page without questions.

    Parameters
    ----------
    kind : str
        One of `KINDS`; a status that has no page of its own is told as 500 or, below 500, as 400.
    language : str
    title : str
        Of the questionnaire, in that language.
    style : str
    languages : mapping of str to str
        Address of this page in each language; on the page `language` they are what is chosen from.
    text : Text or None
        Of the questionnaire's author, before our own words: its closing text.
    receipt : str
        Number by which a submission is acknowledged.
    link : str
        Address under which somebody can continue, shown in full.
    back : str
        Address of the questionnaire.
    contact : str
        Whom to ask, in words.
    """
    if f"service.simple.{kind}.title" not in catalogue():
        kind = "500" if kind.startswith("5") else "400"
    spoken = words_language(language)
    heading = say(f"service.simple.{kind}.title", spoken)
    others = _links(languages or {}, "" if kind == "language" else language)
    keys = ("receipt", "receipt_use", "link")
    words = {key: say(f"service.simple.{key}", spoken) for key in keys}
    words |= {"skip": say("service.page.skip_simple", spoken), "languages": say("service.page.languages", spoken)}
    return environment().get_template("simple.html").render(
        language=language, rtl=language.split("-")[0] in _RIGHT_TO_LEFT, style=style, title=title,
        page_title=f"{heading} – {title}" if title else heading, words=words, words_lang=lang_attribute(spoken, language),
        languages=[] if kind == "language" else others, choices=others if kind == "language" else [], heading=heading,
        own=paragraphs(text, language) if text is not None else [], said=say(f"service.simple.{kind}.text", spoken),
        receipt=receipt, shown_link=link, back=back,
        back_words=say(f"service.simple.{'start' if kind in ('resume', 'saved') else 'back'}", spoken),
        contact=say("service.simple.contact", spoken, contact=contact) if contact else "",
    )  # fmt: skip
