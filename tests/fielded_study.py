"""A whole small study in the field: four people invited by name, answers of three, fetched; and a search for traces.

The search is written anew here, and looks further than the one it tests: into databases and the opened key file.
"""

from __future__ import annotations

import base64
import contextlib
import email
import email.policy
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from click.testing import CliRunner, Result

from clustergov.cli import command
from clustergov.instruments.check import read_questionnaire
from clustergov.problems import InputError
from clustergov.survey.collection.address import opened, parse
from clustergov.survey.collection.fieldwork import read_fieldwork
from clustergov.survey.privacy.consent import fielded
from clustergov.survey.privacy.key_file import read_key_file

PASSPHRASE = "paard batterij nietje"
PEOPLE = {
    "jan@water.example.org": ("Jan de Vries", "Wij wachten op “vergunningen” & geld; al jaren"),
    "marie@food.example.org": ("Marie Dubois-Peeters", "=Subsidies drogen op, zegt het bestuur\nen de leden ook"),
    "ann@photonics.example.org": ("Ann O'Smith", "Nothing to add, really"),
    "zoe@health.example.org": ("Zoë Çelik", ""),
}
"""E-mail → name, and what each wrote; the last was invited and never answered."""


def question(code: str, kind: str, nl: str, en: str, **more: object) -> dict[str, object]:
    return {"code": code, "kind": kind, "text": {"nl": nl, "en": en}, **more}


def make_study(folder: Path) -> None:
    """Write the files that a researcher writes."""
    yes = {"code": "Y", "text": {"nl": "ja", "en": "yes"}}
    no = {"code": "N", "text": {"nl": "nee", "en": "no"}}
    questionnaire = {
        "questionnaire": "brief", "version": 1, "title": {"nl": "Kort", "en": "Brief"}, "languages": ["nl", "en"],
        "scales": {"yesno": {"direction": "none", "options": [yes, no]}},
        "sections": [
            {"code": "main", "title": {"nl": "Vragen", "en": "Questions"}, "questions": [
                question("legal", "single", "Rechtspersoon?", "A legal person?", scale="yesno"),
                question("staff", "number", "Hoeveel mensen?", "How many people?", minimum=0, maximum=500),
                question("remark", "text", "Wat moeten wij weten?", "What should we know?"),
            ]},
        ],
    }  # fmt: skip
    fieldwork = {
        "fieldwork": "brief", "questionnaire": "../instruments/brief.yml", "access": "invited", "anonymous": False,
        "notice": {"nl": "Vrijwillig.", "en": "Voluntary."}, "contact": {"name": "Team", "email": "team@example.org"},
        "consent": [{"use": "analysis", "required": True, "text": {"nl": "Mag het?", "en": "May we?"}}],
        "frame": "frame.csv",
    }  # fmt: skip
    study = {
        "study": "brief", "title": {"nl": "Kort", "en": "Brief"}, "languages": ["nl"], "date": "2026-11-22", "seed": 1,
        "questionnaire": "instruments/brief.yml", "responses": {"file": "survey/responses.csv"},
    }  # fmt: skip
    for name, content in (
        ("instruments/brief.yml", questionnaire), ("survey/fieldwork.yml", fieldwork), ("study.yml", study),
    ):  # fmt: skip
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    rows = [f"{name};{address};NL;{sector}" for sector, (address, (name, _)) in enumerate(PEOPLE.items())]
    (folder.parent / "list.csv").write_text("\n".join(["naam;e-mail;land;sector", *rows]) + "\n", encoding="utf-8")


def clustergov(*arguments: object) -> Result:
    done = CliRunner().invoke(command, [str(each) for each in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def run(*arguments: object) -> str:
    """A command that has to end well."""
    done = clustergov(*arguments)
    assert done.exit_code == 0, done.output
    return done.output


@dataclass(frozen=True)
class FieldedStudy:
    """Where it is, and who bears which pseudonym."""

    folder: Path
    url: str
    pseudonyms: Mapping[str, str]

    @property
    def survey(self) -> Path:
        return self.folder / "survey"


def seal(folder: Path) -> dict[str, str]:
    survey = folder / "survey"
    run("survey", "seal", folder.parent / "list.csv", "--key", survey / "key.enc", "--out", survey / "frame.csv")
    entries = read_key_file(survey / "key.enc", PASSPHRASE).entries
    return {entry.email: entry.pseudonym for entry in entries}


def field_in_service(folder: Path, url: str) -> FieldedStudy:
    """Everything up to the fetched responses, on the embedded service."""
    from clustergov.survey.service.keys import response_hash
    from clustergov.survey.service.record import prepare
    from clustergov.survey.service.storage import Page, Storage

    make_study(folder)
    pseudonyms = seal(folder)
    fieldwork = read_fieldwork(folder / "survey" / "fieldwork.yml")
    prepare(url, fielded(read_questionnaire(folder / "instruments" / "brief.yml"), fieldwork), fieldwork)
    storage = Storage(url)
    storage.set_setting("public", "https://survey.example.org")
    storage.close()
    run("survey", "invite", url, "--study", folder, "--yes")
    links = next((folder / "survey").rglob("links.csv")).read_text(encoding="utf-8-sig")
    storage = Storage(url)
    for place, (address, (_, remark)) in enumerate(PEOPLE.items()):
        who = pseudonyms[address]
        token = re.search(rf"{who}.*/i/([a-z2-7]+)", links)
        assert token is not None
        if remark:
            answers = {"consentanalysis": "Y", "legal": "Y", "staff": str(place), "remark": remark}
            drafts = {"staff": f"draft of {address}"} if place == 1 else {}
            storage.keep(Page(response_hash(token[1]), f"step{place}", 0, answers, drafts, 2, "nl", place != 2, who))
    storage.close()
    run("survey", "fetch", url, "--study", folder)
    return FieldedStudy(folder, url, pseudonyms)


def words_of(study: FieldedStudy, address: str) -> set[str]:
    """Every string that only this person has, as the files have it before anything is erased."""
    who = study.pseudonyms[address]
    name, remark = PEOPLE[address]
    words = {who, address, name, *(line for line in remark.splitlines() if line), f"draft of {address}"}
    with contextlib.suppress(InputError):  # the token of LimeSurvey
        words |= {token for token, pseudonym in _tokens(study).items() if pseudonym == who}
    for table in study.survey.rglob("links.csv"):
        words |= set(re.findall(rf"{who}.*/i/([a-z2-7]+)", table.read_text(encoding="utf-8-sig")))
    return words


def _tokens(study: FieldedStudy) -> dict[str, str]:
    if not study.url.isdigit():
        return {}
    with opened(parse(study.url)) as collector:
        return collector.pseudonyms()


def traces(folder: Path, words: set[str], passphrase: str = PASSPHRASE) -> list[str]:
    """Which file has which word, in whatever way it is packed."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            held = {word for text in _texts(path, passphrase) for word in words if word in text}
            held |= {word for word in words if word in path.name}
            found += [f"{path.relative_to(folder)}: {word}" for word in sorted(held)]
    return found


def _texts(path: Path, passphrase: str) -> Iterator[str]:
    content = path.read_bytes()
    yield from _of_bytes(content)
    if path.suffix == ".enc":
        yield repr([(e.pseudonym, dict(e.cells), e.name, e.email) for e in read_key_file(path, passphrase).entries])
    if content.startswith(b"SQLite format 3\0"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            dump = "\n".join(connection.iterdump())
        connection.close()
        yield dump
        yield re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), dump)
    if path.suffix == ".eml":
        letter = email.message_from_bytes(content, policy=email.policy.default)
        yield "\n".join([*map(str, letter.values()), *(str(part.get_content()) for part in letter.walk())])


def _of_bytes(content: bytes) -> Iterator[str]:
    for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
        text = content.decode(encoding, "ignore")
        yield text
        yield text.replace('""', '"').replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", '"')
    if content.lstrip()[:1] in (b"{", b"["):
        for line in content.splitlines():
            try:
                yield json.dumps(json.loads(line), ensure_ascii=False)
            except ValueError:
                continue
    for block in re.findall(rb"[A-Za-z0-9+/\n]{40,}={0,2}", content):
        try:
            yield base64.b64decode(block.replace(b"\n", b"")).decode("utf-8", "ignore")
        except ValueError:
            continue
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                yield member.filename
                yield from _of_bytes(archive.read(member))


def field_on_limesurvey(folder: Path, answer: Callable[[int, str, Mapping[str, str], bool], None]) -> FieldedStudy:
    """The same on LimeSurvey; `answer` fills in a questionnaire: survey, token, answers, whether it is submitted."""
    make_study(folder)
    pseudonyms = seal(folder)
    told = run("survey", "deploy", folder, "--activate", "--yes")
    found = re.search(r"survey invite (\d+)", told)
    assert found is not None, told
    number = int(found[1])
    clustergov("survey", "invite", number, "--study", folder, "--yes")  # whether mails can be sent is no matter here
    with opened(parse(str(number))) as collector:
        tokens = {pseudonym: token for token, pseudonym in collector.pseudonyms().items()}
    for place, (address, (_, remark)) in enumerate(PEOPLE.items()):
        if remark:
            answers = {"consentanalysis": "Y", "legal": "Y", "staff": str(place), "remark": remark}
            answer(number, tokens[pseudonyms[address]], answers, place != 2)
    run("survey", "fetch", number, "--study", folder)
    return FieldedStudy(folder, str(number), pseudonyms)
