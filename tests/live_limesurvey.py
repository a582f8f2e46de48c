"""A real LimeSurvey as a test instrument: bring a structure in, read it again, answer it, take the responses out.

`LiveSurvey` is one survey on a server that ``CLUSTERGOV_LIMESURVEY_URL`` (address of its RemoteControl), ``_USER`` and
``_PASSWORD`` name; it deletes itself at the end. Run as a program, ``python tests/live_limesurvey.py record``, it
stores the replies of that server to the questionnaires in ``instruments/`` as fixtures.
"""

from __future__ import annotations

import io
import os
import random
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import citric
import requests
from citric.exceptions import LimeSurveyApiError, LimeSurveyStatusError

from limesurvey_pages import (
    Page,
    Verdict,
    all_shown,
    group_title,
    hidden_fields,
    messages_of,
    move,
    questions_form,
    verdict_of,
)

Format = Literal["lss", "txt", "lsa"]
Answer = str | int | float

VARIABLES = ("CLUSTERGOV_LIMESURVEY_URL", "CLUSTERGOV_LIMESURVEY_USER", "CLUSTERGOV_LIMESURVEY_PASSWORD")
MISSING = f"a LimeSurvey server is needed: set {', '.join(VARIABLES)}"

_EXPORTS = {"lss": "exportstructurexml", "txt": "exportstructuretsv", "lsa": "exportarchive"}
_PROPERTIES = [
    "title", "type", "mandatory", "other", "relevance", "preg", "question", "help", "question_order", "subquestions",
    "answeroptions", "attributes", "attributes_lang",
]  # fmt: skip
"""What is asked of every question; `defaultvalue` is not among them: the server fails on a question that has one."""

DATES = dict(enumerate(
    ["{d}.{m}.{y}", "{d}-{m}-{y}", "{y}.{m}.{d}", "{shortd}.{shortm}.{y}", "{d}/{m}/{y}", "{y}-{m}-{d}", "{y}/{m}/{d}",
     "{shortd}/{shortm}/{y}", "{m}-{d}-{y}", "{m}.{d}.{y}", "{m}/{d}/{y}", "{shortd}-{shortm}-{y}"], start=1,
))  # fmt: skip
"""How a date is typed in the date formats of a survey's language settings, by LimeSurvey's numbers."""


def configured() -> bool:
    """Whether a server is named in the environment."""
    return all(os.environ.get(name) for name in VARIABLES)


@dataclass
class LimeServer:
    """A LimeSurvey server: RemoteControl for what it can, the administration's pages for the rest."""

    url: str
    user: str
    password: str
    client: citric.Client = field(init=False)
    web: requests.Session = field(init=False)

    @classmethod
    def from_environment(cls) -> LimeServer:
        return cls(*(os.environ[name] for name in VARIABLES))

    def __post_init__(self) -> None:
        self.client = citric.Client(self.url, self.user, self.password)
        self.web = requests.Session()
        self._log_in()

    @property
    def pages(self) -> str:
        """The address that a page's path is added to: ``https://host/index.php``."""
        return re.sub(r"/?admin/remotecontrol/?$", "", self.url)

    @property
    def version(self) -> str:
        return str(self.client.get_server_version())

    @contextmanager
    def survey(self, content: bytes, kind: Format = "lss") -> Iterator[LiveSurvey]:
        """Import a structure and delete the survey at the end, also what a failed import leaves behind.

        An import is no transaction: what came in before a failure stays. A .lss has the number that we chose; for the
        other formats the server chooses, and the error names the surveys that came up meanwhile, which may be others'.
        """
        before = self.numbers()
        wanted = _free_number(before) if kind == "lss" else None
        try:
            number = self.client.import_survey(io.BytesIO(content), kind, survey_id=wanted)
        except Exception as error:
            if wanted is not None:
                self._delete(wanted)
            error.add_note(f"surveys that came up meanwhile: {sorted(self.numbers() - before) or 'none'}")
            raise
        try:
            yield LiveSurvey(self, number)
        finally:
            self._delete(number)

    def close(self) -> None:
        self.client.close()
        self.web.close()

    def _log_in(self) -> None:
        address = f"{self.pages}/admin/authentication/sa/login"
        form = hidden_fields(self.web.get(address).text, "YII_CSRF_TOKEN")
        form |= {"authMethod": "Authdb", "user": self.user, "password": self.password, "loginlang": "en"}
        reply = self.web.post(address, data=form | {"action": "login", "login_submit": "login"})
        reply.raise_for_status()
        if "authentication/sa/login" in reply.url:
            raise PermissionError("LimeSurvey does not let this user in to its administration")

    def numbers(self) -> set[int]:
        """The surveys that are there."""
        try:
            return {int(survey["sid"]) for survey in self.client.list_surveys()}
        except LimeSurveyStatusError:  # “No surveys found” is how it says none
            return set()

    def _delete(self, number: int) -> None:
        with _ignored(LimeSurveyStatusError, LimeSurveyApiError):
            self.client.delete_survey(number)


@dataclass
class LiveSurvey:
    """One survey on the server, by its number."""

    server: LimeServer
    number: int
    _map: dict[str, Any] | None = None
    _forms: dict[str, Any] | None = None

    @property
    def client(self) -> citric.Client:
        return self.server.client

    def languages(self) -> tuple[str, ...]:
        properties = self.client.get_survey_properties(self.number, ["language", "additional_languages"])
        return (properties["language"], *(properties["additional_languages"] or "").split())

    def texts(self, setting: Literal["title", "welcometext", "endtext"]) -> dict[str, str]:
        """The survey's title, or what is read before its first and after its last question."""
        name = f"surveyls_{setting}"
        return {
            language: self.client.get_language_properties(self.number, settings=[name], language=language)[name] or ""
            for language in self.languages()
        }

    def structure(self) -> list[dict[str, Any]]:
        """Groups in their order: titles and texts per language, relevance, and their questions (see `_question`)."""
        languages = self.languages()
        groups = {language: self.client.list_groups(self.number, language) for language in languages}
        rows = {language: self.client.list_questions(self.number, language=language) for language in languages}
        return [
            {
                "titles": {each: _row(groups[each], "gid", group["gid"])["group_name"] for each in languages},
                "texts": {each: _row(groups[each], "gid", group["gid"])["description"] for each in languages},
                "relevance": group["grelevance"] or "",
                "questions": [
                    self._question(row, rows)
                    for row in sorted(rows[languages[0]], key=lambda row: int(row["question_order"]))
                    if int(row["gid"]) == int(group["gid"]) and not int(row["parent_qid"])
                ],
            }
            for group in sorted(groups[languages[0]], key=lambda group: int(group["group_order"]))
        ]

    def _question(self, row: Mapping[str, Any], rows: Mapping[str, list[Any]]) -> dict[str, Any]:
        """Code, type, mandatory, other, relevance; texts, help, items, options and attributes, per language."""
        found = {
            language: self.client.get_question_properties(row["qid"], settings=_PROPERTIES, language=language)
            for language in rows
        }
        base = next(iter(found.values()))
        items = [each for each in rows[next(iter(rows))] if int(each["parent_qid"]) == int(row["qid"])]
        items.sort(key=lambda item: (int(item["scale_id"]), int(item["question_order"])))
        return {
            "code": base["title"],
            "type": base["type"],
            "mandatory": base["mandatory"],
            "other": base["other"] == "Y",
            "relevance": base["relevance"],
            "pattern": base["preg"] or "",
            "texts": {language: each["question"] for language, each in found.items()},
            "help": {language: each["help"] for language, each in found.items()},
            "items": [
                {"code": item["title"], "scale": int(item["scale_id"]), "relevance": item["relevance"],
                 "texts": {language: _row(rows[language], "qid", item["qid"])["question"] for language in rows}}
                for item in items
            ],
            "options": _options(found),
            "attributes": {name: value for name, value in base["attributes"].items() if value not in (None, "")},
            "translated": {
                language: {name: value for name, value in each["attributes_lang"].items() if value}
                for language, each in found.items()
                if isinstance(each["attributes_lang"], dict)
            },
        }  # fmt: skip

    def entered(self, name: str, value: Answer, language: str) -> str:
        """An answer as a respondent has to type it: dates and decimals in the form of the survey's language."""
        if self._forms is None:
            settings = ["surveyls_dateformat", "surveyls_numberformat"]
            self._forms = {
                each: self.client.get_language_properties(self.number, settings=settings, language=each)
                for each in self.languages()
            }
        form, kind = self._forms[language], self._kinds()[name]
        if kind == "D":
            year, month, day = str(value).split("-")
            pattern = DATES[int(form["surveyls_dateformat"])]
            return pattern.format(y=year, m=month, d=day, shortm=int(month), shortd=int(day))
        comma = kind in "NK" and int(form["surveyls_numberformat"]) == 1
        return str(value).replace(".", ",") if comma else str(value)

    def _fields(self) -> dict[str, Any]:
        """The fields of the questions, by the name that each has in a page; asked for once."""
        if self._map is None:
            self._map = {name: each for name, each in self.client.get_fieldmap(self.number).items() if each.get("qid")}
        return self._map

    def _kinds(self) -> dict[str, str]:
        """Name of the variable → letter of its question's type."""
        return {_variable(entry): str(entry["type"]) for entry in self._fields().values()}

    def columns(self) -> dict[str, str]:
        """Name of the variable, as LimeSurvey's expressions have it → name of its field in a page."""
        return {_variable(entry): name for name, entry in self._fields().items()}

    def codes(self) -> dict[int, str]:
        """The questions' numbers and codes."""
        return {int(entry["qid"]): str(entry["title"]) for entry in self._fields().values()}

    def export(self, kind: Format) -> bytes:
        """The structure (.lss, .txt), or that with the responses (.lsa), as the administration's pages give it."""
        path = f"admin/export/sa/survey/action/{_EXPORTS[kind]}/surveyid/{self.number}"
        reply = self.server.web.get(f"{self.server.pages}/{path}")
        reply.raise_for_status()
        if reply.headers.get("content-type", "").startswith("text/html"):
            raise AssertionError(f"LimeSurvey answered {path} with a page instead of a file")
        return reply.content

    def logic(self, language: str) -> Verdict:
        """What the survey logic page says of the expressions, in texts of one language."""
        path = f"admin/expressions/sa/survey_logic_file/sid/{self.number}/lang/{language}"
        reply = self.server.web.get(f"{self.server.pages}/{path}")
        reply.raise_for_status()
        return verdict_of(reply.text)

    def activate(self) -> None:
        self.client.activate_survey(self.number)

    def address(self, language: str) -> str:
        """Where a respondent begins."""
        return f"{self.server.pages}/{self.number}?lang={language}&newtest=Y"

    def responses(self, language: str | None = None) -> bytes:
        """Every response as CSV: codes, under the names that LimeSurvey's expressions use."""
        return self.client.export_responses(
            self.number, file_format="csv", language=language, additional_options={"useEMCode": True}
        )

    def count(self) -> int:
        """How many responses were submitted."""
        return int(self.client.get_summary(self.number)["completed_responses"])

    def submit(self, answers: Mapping[str, Answer], *, language: str) -> list[Page]:
        """Answer without a browser: post page by page until the end or until a page is refused.

        Every question that is answered is posted as one that was shown: nothing runs here that would know better.
        """
        respondent = requests.Session()
        columns = self.columns()
        reply = respondent.get(self.address(language))
        pages: list[Page] = []
        while (form := questions_form(reply.text)) is not None:
            step = form.get("thisstep")
            shown = [name for name, column in columns.items() if f'name="{column}"' in reply.text]
            data = form | all_shown(form) | {columns[name]: str(answers[name]) for name in shown if name in answers}
            title = group_title(reply.text)
            reply = respondent.post(f"{self.server.pages}/{self.number}", data=data | {"move": move(reply.text)})
            reply.raise_for_status()
            again = questions_form(reply.text)
            refused = again is not None and again.get("thisstep") == step
            if shown or refused:
                codes = tuple(dict.fromkeys(name.split("_")[0] for name in shown))
                pages.append(Page(title, codes, tuple(shown), refused, messages_of(reply.text) if refused else ()))
            if refused:
                break
        respondent.close()
        return pages


@contextmanager
def _ignored(*errors: type[Exception]) -> Iterator[None]:
    try:
        yield
    except errors:
        return


def _free_number(taken: set[int]) -> int:
    """A survey number nobody has; a wanted number that is taken would silently become another one."""
    return next(number for number in iter(lambda: random.randint(100_000, 999_999), None) if number not in taken)


def _row(rows: list[Any], key: str, value: Any) -> Any:
    return next(row for row in rows if int(row[key]) == int(value))


def _options(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Options in their order with the text of every language; none for a type that has none."""
    options = {language: _by_code(each["answeroptions"]) for language, each in found.items()}
    base = next(iter(options.values()))
    return [
        {"code": code, "texts": {language: each[code]["answer"] for language, each in options.items()}}
        for code in sorted(base, key=lambda code: int(base[code]["order"]))
    ]


def _by_code(options: Any) -> dict[str, Any]:
    """PHP writes the codes 0, 1, 2, … as a list without them, and no options as a sentence."""
    if isinstance(options, list):
        return {str(place): option for place, option in enumerate(options)}
    return options if isinstance(options, dict) else {}


def _variable(entry: Mapping[str, Any]) -> str:
    parts = [entry["title"], entry.get("aid") or ""]
    if entry["type"] == "1":
        parts.append(str(entry["scale_id"]))
    return "_".join(str(part) for part in parts if part != "")


if __name__ == "__main__":
    if sys.argv[1:] != ["record"] or not configured():
        sys.exit(f"usage: python tests/live_limesurvey.py record ({MISSING})")
    from limesurvey_recorder import record

    record()
