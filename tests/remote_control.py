"""A LimeSurvey without LimeSurvey: RemoteControl's JSON-RPC on loopback, over surveys in memory, with the quirks of 6.14.

Names, shapes and status texts are those that a real server gave; `survey/limesurvey/test_live_deploy` asks both the same
questions and compares. `trouble` makes the next call of a method go wrong in one of the ways of the real one.
"""

from __future__ import annotations

import base64
import datetime
import html
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.etree import ElementTree

PATH = "/index.php/admin/remotecontrol"
USER, PASSWORD = "researcher", "correct horse battery staple"

INVALID_KEY = {"status": "Invalid session key"}
INVALID_SURVEY = {"status": "Error: Invalid survey ID"}
NO_PERMISSION = {"status": "No permission"}
NO_PARTICIPANTS_TABLE = {"status": "Error: No survey participants table"}

_SURVEY = {
    "owner_id": 1, "gsid": 1, "admin": "Admin", "active": "N", "expires": None, "startdate": None, "adminemail": "admin@example.org",
    "anonymized": "N", "format": "G", "savetimings": "N", "template": "inherit", "additional_languages": "", "datestamp": "N",
    "usecookie": "N", "allowregister": "N", "allowsave": "Y", "autonumber_start": 0, "autoredirect": "N", "allowprev": "N",
    "printanswers": "N", "ipaddr": "N", "ipanonymize": "N", "refurl": "N", "showsurveypolicynotice": 0, "publicstatistics": "N",
    "publicgraphs": "N", "listpublic": "N", "htmlemail": "Y", "sendconfirmation": "Y", "tokenanswerspersistence": "N",
    "assessments": "N", "usecaptcha": "N", "usetokens": "N", "bounce_email": None, "emailresponseto": None,
    "emailnotificationto": None, "tokenlength": 15, "showwelcome": "Y", "showprogress": "Y", "questionindex": 0,
    "alloweditaftercompletion": "N", "attributedescriptions": None, "googleanalyticsstyle": None, "googleanalyticsapikey": None,
}  # fmt: skip
_YES_NO = frozenset(name for name, value in _SURVEY.items() if value in ("Y", "N"))
_WORDS = (
    "surveyls_title", "surveyls_description", "surveyls_welcometext", "surveyls_endtext", "surveyls_policy_notice",
    "surveyls_url", "surveyls_urldescription", "surveyls_email_invite_subj", "surveyls_email_invite",
    "surveyls_email_remind_subj", "surveyls_email_remind", "surveyls_email_confirm_subj", "surveyls_email_confirm",
)  # fmt: skip
_PARTICIPANT = {
    "participant_id": None, "firstname": "", "lastname": "", "email": "", "emailstatus": "OK", "token": None, "language": "",
    "blacklisted": None, "sent": "N", "remindersent": "N", "remindercount": 0, "completed": "N", "usesleft": 1,
    "validfrom": None, "validuntil": None, "mpid": None,
}  # fmt: skip


@dataclass
class FakeSurvey:
    """One survey: its row, its words per language, and rows of groups, questions, answers and attributes as in a .lss."""

    sid: int
    row: dict[str, Any]
    words: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[tuple[str, int, str], dict[str, str]] = field(default_factory=dict)
    """("group" or "question", its number, language) → its texts."""
    answers: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    attributes: dict[int, dict[tuple[str, str], str]] = field(default_factory=dict)
    defaults: set[int] = field(default_factory=set)
    """Questions with an answer filled in beforehand: asking for it is an error of the server."""
    quotas: list[dict[str, Any]] = field(default_factory=list)
    participants: list[dict[str, Any]] | None = None
    attribute_columns: set[str] = field(default_factory=set)
    responses: list[dict[str, Any]] = field(default_factory=list)

    @property
    def languages(self) -> list[str]:
        return [self.row["language"], *str(self.row["additional_languages"] or "").split()]

    @property
    def active(self) -> bool:
        return bool(self.row["active"] == "Y")

    def question(self, code: str, parent: str = "") -> dict[str, Any]:
        """The row of a question, or of a subquestion of `parent`; to be changed by a test that sabotages."""
        above = self.question(parent)["qid"] if parent else 0
        return next(row for row in self.questions if row["title"] == code and row["parent_qid"] == above)


class TroubleError(Exception):
    """Something else than a result: an HTTP status with a page, or nothing at all."""

    def __init__(self, status: int = 200, body: bytes = b"", kind: str = "text/html") -> None:
        self.status, self.body, self.kind = status, body, kind


TROUBLES = {
    "error page": TroubleError(
        500, b"<html><head><title>Internal Server Error</title></head><body>CDbException</body></html>"
    ),
    "busy": TroubleError(503, b"<html><title>503 Service Unavailable</title></html>"),
    "log-in page": TroubleError(200, b"<!DOCTYPE html><html><title>Single sign-on</title></html>"),
    "nothing": TroubleError(200, b""),
    "hung up": TroubleError(0),
}


class FakeLimeSurvey:
    """The server; `calls` are the methods that arrived, `mails` what it would have sent."""

    def __init__(self) -> None:
        self.surveys: dict[int, FakeSurvey] = {}
        self.calls: list[str] = []
        self.mails: list[dict[str, Any]] = []
        self.interface = "json"
        self.version = "6.14.0"
        self.superadmin = True
        self.keys: set[str] = set()
        self.fail_import_after: str | None = None
        """“survey”, “settings” or “questions”: an import breaks off after that, and what came in stays."""
        self.max_emails = 50
        self.mail_errors: dict[str, str] = {}
        """Address → what the mail server says to a mail for it; “*” for all others."""
        self._number = 1000
        self._troubles: dict[str, list[str]] = {}
        self._lock = threading.RLock()
        self._http: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        assert self._http is not None
        return f"http://127.0.0.1:{self._http.server_address[1]}{PATH}"

    def trouble(self, method: str, kind: str, *, times: int = 1) -> None:
        """The next calls of `method` go wrong.

        `kind` is one of `TROUBLES`, ``expired``, ``status: …``, ``error: …``, or ``done, then hung up``.
        """
        self._troubles.setdefault(method, []).extend([kind] * times)

    # --- the protocol

    def reply(self, body: bytes) -> Any:
        """The answer to a request; raises TroubleError for what is no JSON-RPC."""
        if self.interface == "off":
            raise TROUBLES["nothing"]
        if self.interface == "xml":
            raise TroubleError(200, b'<?xml version="1.0"?><methodResponse><fault/></methodResponse>', "text/xml")
        request = json.loads(body)
        with self._lock:
            result, error = self._answer(request["method"], request["params"])
        return {"id": request["id"], "result": result, "error": error}

    def _answer(self, method: str, arguments: list[Any]) -> tuple[Any, str | None]:
        self.calls.append(method)
        own = getattr(self, f"rpc_{method}", None)
        if own is None:
            raise TROUBLES["error page"]  # so answers LimeSurvey to a method that it does not have
        trouble = self._troubles.get(method) or [""]
        kind = trouble.pop(0)
        if kind in TROUBLES:
            raise TROUBLES[kind]
        if kind == "expired":
            self.keys.clear()
        if kind.startswith("status: "):
            return {"status": kind.removeprefix("status: ")}, None
        if kind.startswith("error: "):
            return None, kind.removeprefix("error: ")
        if method not in ("get_session_key", "release_session_key"):
            if arguments[0] not in self.keys:
                return INVALID_KEY, None
            arguments = arguments[1:]
        result = own(*arguments)
        if kind == "done, then hung up":
            raise TROUBLES["hung up"]
        if isinstance(result, Exception):
            return None, str(result)
        return result, None

    def rpc_get_session_key(self, user: str, password: str, plugin: str = "Authdb") -> Any:
        if (user, password) != (USER, PASSWORD):
            return {"status": "Invalid user name or password"}
        key = f"key{len(self.calls)}"
        self.keys.add(key)
        return key

    def rpc_release_session_key(self, key: str) -> str:
        self.keys.discard(key)
        return "OK"

    def rpc_get_site_settings(self, name: str) -> Any:
        found = {"versionnumber": self.version, "dbversionnumber": "630"}
        return found[name] if self.superadmin and name in found else {"status": "Invalid setting"}

    # --- surveys

    def rpc_list_surveys(self, user: str | None = None, group: int | None = None) -> Any:
        """Those that have words in their base language: others are there and not listed."""
        found = [
            {"sid": each.sid, "gsid": 1, "surveyls_title": each.words[each.row["language"]]["surveyls_title"],
             "startdate": None, "expires": each.row["expires"], "active": each.row["active"]}
            for each in self.surveys.values() if each.row["language"] in each.words
        ]  # fmt: skip
        return found or {"status": "No surveys found"}

    def rpc_import_survey(self, data: str, kind: str, title: str | None = None, wanted: int | None = None) -> Any:
        root = ElementTree.fromstring(base64.b64decode(data))
        tables = {
            table.tag: [{cell.tag: cell.text or "" for cell in row} for row in table.iterfind("rows/row")]
            for table in root
        }
        number = int(wanted) if wanted and int(wanted) not in self.surveys else self._next() + 100_000
        row = {
            **_SURVEY,
            **{name: value for name, value in tables["surveys"][0].items() if name in {*_SURVEY, "language"}},
        }
        survey = self.surveys[number] = FakeSurvey(number, {"sid": number, **row})
        if self.fail_import_after == "survey":
            return RuntimeError(
                "CDbCommand failed to execute the SQL statement: SQLSTATE[22001]: Data too long for column"
            )
        for words in tables["surveys_languagesettings"]:
            language = words["surveyls_language"]
            survey.words[language] = {**dict.fromkeys(_WORDS, ""), **words, "surveyls_survey_id": number}
            survey.words[language] |= {
                name: int(words[name]) for name in ("surveyls_dateformat", "surveyls_numberformat") if name in words
            }
            if title:
                survey.words[language]["surveyls_title"] = title
        if self.fail_import_after == "settings":
            return {"status": "Error: Database definition for Questiontype ? is missing"}
        self._import_questions(survey, tables)
        if self.fail_import_after == "questions":
            raise TROUBLES["error page"]
        return number

    def _import_questions(self, survey: FakeSurvey, tables: Mapping[str, list[dict[str, str]]]) -> None:
        groups = {row["gid"]: self._next() for row in tables["groups"]}
        questions = {
            row["qid"]: self._next() for table in ("questions", "subquestions") for row in tables.get(table, [])
        }
        for row in tables["groups"]:
            survey.groups.append(
                {**row, "gid": groups[row["gid"]], "group_order": int(row["group_order"]), "sid": survey.sid}
            )
        for row in tables["group_l10ns"]:
            survey.texts["group", groups[row["gid"]], row["language"]] = row
        for row in [*tables["questions"], *tables.get("subquestions", [])]:
            numbers = {
                "qid": questions[row["qid"]],
                "parent_qid": questions.get(row["parent_qid"], 0),
                "gid": groups[row["gid"]],
            }
            orders = {name: int(row[name]) for name in ("question_order", "scale_id", "same_default")}
            survey.questions.append({**row, **numbers, **orders, "sid": survey.sid})
        for row in tables["question_l10ns"]:
            survey.texts["question", questions[row["qid"]], row["language"]] = row
        options: dict[str, dict[str, Any]] = {}
        for row in tables.get("answers", []):
            option = options[row["aid"]] = {
                "code": row["code"],
                "order": int(row["sortorder"]),
                "scale_id": int(row["scale_id"]),
                "texts": {},
            }
            survey.answers.setdefault(questions[row["qid"]], []).append(option)
        for row in tables.get("answer_l10ns", []):
            options[row["aid"]]["texts"][row["language"]] = row["answer"]
        for row in tables.get("question_attributes", []):
            survey.attributes.setdefault(questions[row["qid"]], {})[row["attribute"], row["language"]] = row["value"]

    def _next(self) -> int:
        self._number += 1
        return self._number

    def rpc_delete_survey(self, number: int) -> Any:
        if int(number) not in self.surveys:
            return NO_PERMISSION
        del self.surveys[int(number)]
        return {"status": "OK"}

    def rpc_get_survey_properties(self, number: int, wanted: list[str] | None = None) -> Any:
        survey = self.surveys.get(int(number))
        if survey is None:
            return INVALID_SURVEY
        found = {name: value for name, value in survey.row.items() if not wanted or name in wanted}
        return found or {"status": "No valid Data"}

    def rpc_set_survey_properties(self, number: int, values: dict[str, Any]) -> Any:
        """Per setting whether it was taken; those that do not exist are passed over."""
        survey = self.surveys.get(int(number))
        if survey is None:
            return INVALID_SURVEY
        fixed = {"sid", "active", "language", "additional_languages"}
        fixed |= {"anonymized", "datestamp", "savetimings", "ipaddr", "refurl"} if survey.active else set()
        told = {}
        for name, value in values.items():
            if name in fixed or name not in survey.row:
                continue
            told[name] = name not in _YES_NO or value in ("Y", "N", "I")
            if told[name]:
                survey.row[name] = value
        return told or {"status": "No valid Data"}

    def rpc_get_language_properties(
        self, number: int, wanted: list[str] | None = None, language: str | None = None
    ) -> Any:
        survey = self.surveys.get(int(number))
        if survey is None:
            return INVALID_SURVEY
        words = survey.words.get(language or survey.row["language"])
        if words is None:
            return {"status": "Error: Invalid language"}
        return {name: value for name, value in words.items() if not wanted or name in wanted}

    def rpc_set_language_properties(self, number: int, values: dict[str, Any], language: str | None = None) -> Any:
        survey = self.surveys[int(number)]
        words = survey.words[language or survey.row["language"]]
        known = {name: value for name, value in values.items() if name in words or name in _WORDS}
        words |= known
        return {**dict.fromkeys(known, True), "status": "OK"} if known else {"status": "No valid Data"}

    # --- groups, questions, fields

    def rpc_list_groups(self, number: int, language: str | None = None) -> Any:
        survey = self.surveys.get(int(number))
        if survey is None:
            return INVALID_SURVEY
        chosen = language or survey.row["language"]
        found = []
        for group in survey.groups:
            words = survey.texts.get(("group", group["gid"], chosen), {})
            texts = {"group_name": words.get("group_name"), "description": words.get("description"), "language": chosen}
            found.append({"id": group["gid"], **group, **texts})
        return found or {"status": "No groups found"}

    def rpc_list_questions(self, number: int, group: int | None = None, language: str | None = None) -> Any:
        survey = self.surveys.get(int(number))
        if survey is None:
            return INVALID_SURVEY
        chosen = language or survey.row["language"]
        rows = sorted(survey.questions, key=lambda row: row["question_order"])  # in no order that one could rely on
        found = []
        for row in rows:
            words = survey.texts[("question", row["qid"], chosen)]
            found.append(
                {"id": row["qid"], "question": words["question"], "help": words["help"], "language": chosen, **row}
            )
        return found or {"status": "No questions found"}

    def rpc_get_question_properties(
        self, number: int, wanted: list[str] | None = None, language: str | None = None
    ) -> Any:
        survey, row = self._question(int(number))
        if survey is None:
            return {"status": "Error: Invalid questionid"}
        wanted = wanted or [*row, "question", "help", "script", "defaultvalue"]
        if "defaultvalue" in wanted and row["qid"] in survey.defaults:
            raise TROUBLES["error page"]
        chosen = language or survey.row["language"]
        words = survey.texts["question", row["qid"], chosen]
        found = {**row, **{name: words[name] for name in ("question", "help", "script")}, "defaultvalue": None}
        found["subquestions"] = {
            str(each["qid"]): {"title": each["title"], "question": survey.texts["question", each["qid"], chosen]["question"], "scale_id": each["scale_id"]}
            for each in survey.questions if each["parent_qid"] == row["qid"]
        } or "No available answers"  # fmt: skip
        if ("answeroptions_multiscale" if row["type"] == "1" else "answeroptions") in wanted:
            wanted = [*wanted, "answeroptions"]  # under this name come both
            found["answeroptions"] = _options(survey.answers.get(row["qid"], []), chosen)
        own = survey.attributes.get(row["qid"], {})
        found["attributes"] = {"hidden": "0", **{name: value for (name, of), value in own.items() if not of}}
        found["attributes_lang"] = {"em_validation_q_tip": ""} | {
            name: value for (name, of), value in own.items() if of == chosen
        }
        return {name: value for name, value in found.items() if name in wanted} or {"status": "No valid Data"}

    def _question(self, number: int) -> tuple[FakeSurvey | None, dict[str, Any]]:
        for survey in self.surveys.values():
            for row in survey.questions:
                if row["qid"] == number:
                    return survey, row
        return None, {}

    def rpc_list_quotas(self, number: int) -> Any:
        survey = self.surveys.get(int(number))
        return (survey.quotas or {"status": "No quotas found"}) if survey else INVALID_SURVEY

    def rpc_get_fieldmap(self, number: int, language: str | None = None) -> Any:
        survey = self.surveys.get(int(number))
        if survey is None:
            return INVALID_SURVEY
        fields: dict[str, Any] = {}
        own = ("id", "submitdate", "lastpage", "startlanguage", "seed")
        for name in own if survey.row["anonymized"] == "Y" else (*own, "token"):
            fields[name] = {
                "fieldname": name,
                "type": name,
                "sid": survey.sid,
                "gid": "",
                "qid": "",
                "aid": "",
                "title": "",
            }
        for row in survey.questions:
            if row["parent_qid"]:
                continue
            for end, extra in _fields(survey, row):
                name = f"{survey.sid}X{row['gid']}X{row['qid']}{end}"
                entry = {
                    "type": row["type"],
                    "sid": survey.sid,
                    "gid": row["gid"],
                    "qid": row["qid"],
                    "title": row["title"],
                    "aid": end,
                }
                fields[name] = {"fieldname": name, **entry, **extra}
        return fields

    # --- fieldwork

    def rpc_activate_survey(self, number: int, settings: dict[str, str] | None = None) -> Any:
        survey = self.surveys.get(int(number))
        if survey is None:
            return NO_PERMISSION
        if survey.active:
            return {"status": "Error: Survey already active"}
        if not survey.groups:
            return {"status": "Error: Survey does not pass consistency check"}
        survey.row |= {**(settings or {}), "active": "Y"}
        return {"status": "OK", "pluginFeedback": None, "isAllowRegister": False}

    def rpc_activate_tokens(self, number: int, attributes: list[int] | None = None) -> Any:
        survey = self.surveys.get(int(number))
        if survey is None:
            return INVALID_SURVEY
        if survey.participants is not None:
            return RuntimeError(
                "CDbCommand failed to execute the SQL statement: SQLSTATE[42S01]: Base table or view already exists: 1050"
            )
        survey.participants = []
        survey.attribute_columns = {f"attribute_{number}" for number in attributes or []}
        return {"status": "OK"}

    def rpc_add_participants(self, number: int, people: list[dict[str, Any]], create: bool = True) -> Any:
        """Each person as it is now stored; a mistake stands in the row's `errors`, and create overwrites a given token."""
        survey = self.surveys[int(number)]
        if survey.participants is None:
            return {"status": "No survey participants table"}
        told = []
        for person in people:
            columns = {*_PARTICIPANT, *survey.attribute_columns}
            known = {name: value for name, value in person.items() if name in columns}
            row = {**_PARTICIPANT, **dict.fromkeys(survey.attribute_columns), **known, "tid": self._next()}
            if create:
                row["token"] = f"tok{self._next():011d}"
            if row["language"] and row["language"] not in survey.languages:
                told.append({**person, "errors": {"language": ["Language code is invalid in this survey"]}})
                continue
            taken = {other["token"] for other in survey.participants if other["token"]}
            if row["token"] in taken:
                told.append({**person, "errors": {"token": [f'Token "{row["token"]}" has already been taken.']}})
                continue
            survey.participants.append(row)
            told.append(dict(row))
        return told

    def rpc_list_participants(
        self,
        number: int,
        start: int = 0,
        limit: int = 10,
        unused: bool = False,
        attributes: Any = False,
        conditions: Any = (),
    ) -> Any:
        survey = self.surveys.get(int(number))
        if survey is None:
            return INVALID_SURVEY
        if survey.participants is None:
            return NO_PARTICIPANTS_TABLE
        wanted = dict(conditions or {})
        rows = [
            row
            for row in survey.participants
            if all(str(row.get(name)) == str(value) for name, value in wanted.items())
        ]
        rows = [row for row in rows if row["tid"] >= start and (not unused or row["completed"] == "N")][:limit]
        if not rows:
            return {"status": "No survey participants found."}
        names = attributes if isinstance(attributes, list) else []
        return [
            {"tid": row["tid"], "token": row["token"],
             "participant_info": {name: row[name] for name in ("firstname", "lastname", "email")}, **{name: row[name] for name in names if name in row}}
            for row in rows
        ]  # fmt: skip

    def rpc_set_participant_properties(self, number: int, query: Any, values: dict[str, Any]) -> Any:
        row = self._participant(int(number), query)
        if row is None:
            return {"status": "Error: No results were found based on your attributes."}
        row |= values
        return dict(row)

    def rpc_get_participant_properties(self, number: int, query: Any, wanted: list[str] | None = None) -> Any:
        row = self._participant(int(number), query)
        if row is None:
            return {"status": "Error: No results were found based on your attributes."}
        return {name: value for name, value in row.items() if not wanted or name in wanted}

    def _participant(self, number: int, query: Any) -> dict[str, Any] | None:
        wanted = query if isinstance(query, dict) else {"tid": query}
        people = self.surveys[number].participants or []
        return next((row for row in people if all(str(row.get(k)) == str(v) for k, v in wanted.items())), None)

    def rpc_invite_participants(self, number: int, ids: Any = None, email: bool = True, go_on: bool = False) -> Any:
        return self._send(int(number), ids, "invite", lambda row: row["sent"] == "N")

    def rpc_remind_participants(
        self, number: int, days: Any = None, most: Any = None, ids: Any = False, go_on: bool = False
    ) -> Any:
        """With `days` nobody whose invitation or last reminder is younger; “N” is after every date, as text."""
        before = (datetime.datetime.now() - datetime.timedelta(days=days or 0)).strftime("%Y-%m-%d %H:%M")

        def may(row: dict[str, Any]) -> bool:
            never = row["remindersent"] == "N"
            late = days is None or (row["sent"] < before if never else row["remindersent"] < before)
            return row["sent"] != "N" and bool(late)

        return self._send(int(number), ids, "remind", may)

    def _send(self, number: int, ids: Any, kind: str, may: Any) -> Any:
        survey = self.surveys.get(number)
        if survey is None:
            return INVALID_SURVEY
        if survey.participants is None:
            return NO_PARTICIPANTS_TABLE
        chosen = {int(each) for each in ids} if ids else None
        waiting = [
            row for row in survey.participants if may(row) and row["completed"] == "N" and row["emailstatus"] == "OK"
        ]
        rows = [row for row in waiting if chosen is None or row["tid"] in chosen][: self.max_emails]
        if not rows:
            return {"status": "Error: No candidate tokens"}
        told: dict[str, Any] = {}
        now = datetime.datetime.now().strftime("%Y-%m-%d %H:%M")
        for row in rows:
            language = row["language"] or survey.row["language"]
            words = survey.words[language]
            if error := self.mail_errors.get(row["email"], self.mail_errors.get("*")):
                told[str(row["tid"])] = {"name": row["firstname"], "email": row["email"], "status": "fail", "warning": None, "error": error}  # fmt: skip
                continue
            self.mails.append({"to": row["email"], "subject": words[f"surveyls_email_{kind}_subj"], "body": words[f"surveyls_email_{kind}"], "token": row["token"]})  # fmt: skip
            row["sent" if kind == "invite" else "remindersent"] = now
            row["remindercount"] += kind == "remind"
            told[str(row["tid"])] = {
                "name": f"{row['firstname']} {row['lastname']}",
                "email": row["email"],
                "status": "OK",
            }
        return {**told, "status": f"{len(waiting) - len(rows)} left to send"}

    def rpc_get_summary(self, number: int, name: str = "all") -> Any:
        survey = self.surveys.get(int(number))
        if survey is None:
            return NO_PERMISSION
        found: dict[str, int] = {}
        if (people := survey.participants) is not None:
            found |= {
                "token_count": len(people), "token_invalid": 0, "token_sent": sum(row["sent"] != "N" for row in people),
                "token_opted_out": 0, "token_completed": sum(row["completed"] != "N" for row in people), "token_screenout": 0,
            }  # fmt: skip
        if survey.active:
            complete = sum(bool(row.get("submitdate")) for row in survey.responses)
            found |= {"completed_responses": complete, "incomplete_responses": len(survey.responses) - complete, "full_responses": len(survey.responses)}  # fmt: skip
        return found or []  # PHP's empty array

    def rpc_get_response_ids(self, number: int, token: str) -> Any:
        return [row["id"] for row in self.surveys[int(number)].responses if row.get("token") == token]

    def rpc_delete_response(self, number: int, response: int) -> Any:
        survey = self.surveys[int(number)]
        survey.responses = [row for row in survey.responses if int(row["id"]) != int(response)]
        return {str(response): "deleted"}

    def rpc_delete_participants(self, number: int, ids: list[int]) -> Any:
        survey = self.surveys[int(number)]
        survey.participants = [
            row for row in survey.participants or [] if row["tid"] not in {int(each) for each in ids}
        ]
        return {str(each): "Deleted" for each in ids}

    def rpc_export_responses(
        self, number: int, kind: str, language: Any = None, completion: str = "all", heading: str = "code",
        response: str = "short", first: Any = None, last: Any = None, fields: Any = None, options: Any = None,
    ) -> Any:  # fmt: skip
        """CSV in LimeSurvey's form: a mark, semicolons, every filled cell in quotes, null bare, a blank line at the end."""
        survey = self.surveys.get(int(number))
        if survey is None or not survey.active:
            return {"status": "No Data, survey table does not exist."} if survey else NO_PERMISSION
        if not survey.responses:
            return {"status": "No Data, could not get max id."}
        rows = [row for row in survey.responses if int(first or 0) <= int(row["id"]) <= int(last or 10**9)]
        if completion != "all":
            rows = [row for row in rows if bool(row.get("submitdate")) == (completion == "complete")]
        if not rows:
            return base64.b64encode(b"\r\n").decode()
        names = list(dict.fromkeys(name for row in survey.responses for name in row))
        if fields is not None:
            fieldmap = self.rpc_get_fieldmap(number)
            wanted = {_expression_name(fieldmap[name]) if name in fieldmap else name for name in fields}
            names = [name for name in names if name in wanted]
        lines: list[list[Any]] = [names, *([row.get(name) for name in names] for row in rows)]
        text = "\r\n".join(";".join("" if cell is None else f'"{cell}"' for cell in line) for line in lines)
        return base64.b64encode(f"\ufeff{text}\r\n\r\n".encode()).decode()


def _expression_name(entry: Mapping[str, Any]) -> str:
    parts = [entry["title"] or entry["fieldname"], entry["aid"], entry["scale_id"] if entry["type"] == "1" else ""]
    return "_".join(str(part) for part in parts if part not in ("", None))


def _options(options: list[dict[str, Any]], language: str) -> Any:
    """Options by code, of a dual scale per scale; PHP writes the keys 0, 1, 2, … as a list, and none as a sentence."""
    scales: dict[str, Any] = {}
    for each in options:
        told = {
            "answer": each["texts"][language],
            "assessment_value": 0,
            "scale_id": each["scale_id"],
            "order": each["order"],
        }
        scales.setdefault(str(each["scale_id"]), {})[each["code"]] = told
    listed = _as_php({scale: _as_php(found) for scale, found in scales.items()})
    if len(scales) == 2:
        return listed
    return listed[0] if listed else "No available answer options"


def _as_php(found: dict[str, Any]) -> Any:
    return list(found.values()) if list(found) == [str(place) for place in range(len(found))] else found


def _fields(survey: FakeSurvey, row: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """End of a field's name and what else its entry holds."""
    subs = sorted(
        (each for each in survey.questions if each["parent_qid"] == row["qid"]), key=lambda each: each["question_order"]
    )
    rows = [each["title"] for each in subs if not each["scale_id"]]
    columns = [each["title"] for each in subs if each["scale_id"]]
    match row["type"]:
        case "L" | "!" | "O":
            yield "", {}
            if row["type"] == "O":
                yield "comment", {}
        case "M" | "P":
            for code in rows:
                yield code, {}
                if row["type"] == "P":
                    yield f"{code}comment", {}
        case ":" | ";":
            yield from ((f"{code}_{column}", {}) for code in rows for column in columns)
        case "1":
            for code in rows:
                yield f"{code}#0", {"aid": code, "scale_id": 0}
                yield f"{code}#1", {"aid": code, "scale_id": 1}
        case "R":
            yield from ((str(place), {"aid": place}) for place in range(1, len(survey.answers.get(row["qid"], [])) + 1))
        case "|":
            yield "", {}
            yield "_filecount", {"aid": "filecount"}
        case _ if rows:
            yield from ((code, {}) for code in rows)
        case _:
            yield "", {}
    if row["other"] == "Y":
        yield "other", {}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    fake: FakeLimeSurvey

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            if self.path != PATH:
                self._send(
                    404, f"<html><title>404 Not Found</title>{html.escape(self.path)}</html>".encode(), "text/html"
                )
                return
            self._send(200, json.dumps(self.fake.reply(body)).encode(), "application/json")
        except TroubleError as trouble:
            if not trouble.status:
                self.close_connection = True
                self.connection.close()
                return
            self._send(trouble.status, trouble.body, trouble.kind)
        except (TypeError, KeyError, ValueError) as error:
            self._send(500, f"<html><title>{type(error).__name__}: {error}</title></html>".encode(), "text/html")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def fake_limesurvey() -> Iterator[FakeLimeSurvey]:
    """A server that runs as long as the `with`."""
    fake = FakeLimeSurvey()
    handler = type("Handler", (_Handler,), {"fake": fake})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    http.daemon_threads = True
    fake._http = http
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
