"""Letters with personal links: to one person each, in their language, whatever stands in a name."""

from __future__ import annotations

import csv
import io
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from clustergov.language import Text
from clustergov.problems import InputError
from clustergov.survey.collection.collecting import Person
from clustergov.survey.collection.fieldwork import Contact, Fieldwork, Message
from clustergov.survey.collection.letters import letters, links_table, message_of

MESSAGE = Message(
    subject=Text({"nl": "Aan {name}", "en": "To {name}"}),
    body=Text({"nl": "{name}: {link}", "en": "{name} = {link} {x}"}),
)
CONTACT = Contact(name="Team, the", email="team@example.org")
LINK = "https://survey.example.org/i/abc"


def letter(person: Person, contact: Contact | None = CONTACT) -> EmailMessage:
    (content,) = letters([(person, LINK)], MESSAGE, contact).values()
    found = message_from_bytes(content, policy=default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.mark.parametrize("name", ["Jan Jansen", "José Ümit", "Jansen, Jan <x@y.nl>", 'Jan "JJ" Jansen', "王小明"])
def test_a_letter_is_to_one_person_by_name(name: str) -> None:
    found = letter(Person("P1", "jan@example.org", name, "nl"))
    (address,) = found["To"].addresses
    assert (address.display_name, address.addr_spec) == (name, "jan@example.org")
    (sender,) = found["From"].addresses
    assert sender.display_name == "Team, the"
    assert found["Subject"] == f"Aan {name}"
    assert found.get_content().strip() == f"{name}: {LINK}"


def test_a_line_break_in_a_name_makes_no_further_header() -> None:
    found = letter(Person("P1", "jan@example.org", "Jan\r\nBcc: all@example.org", "nl"))
    assert found["Bcc"] is None
    assert len(found["To"].addresses) == 1


def test_the_language_is_the_persons_or_the_first_there_is() -> None:
    assert letter(Person("P1", "a@example.org", "Jo", "en")).get_content().strip() == f"Jo = {LINK} {{x}}"
    assert letter(Person("P1", "a@example.org", "Jo", "fr")).get_content().strip() == f"Jo: {LINK}"


def test_who_has_no_name_is_addressed_all_the_same() -> None:
    assert letter(Person("P1", "a@example.org", "", "nl")).get_content().startswith("heer of mevrouw")
    assert letter(Person("P1", "a@example.org", "", "en"), None)["From"] is None


@pytest.mark.parametrize(
    ("email", "written"), [("a@exämple.org", b"a@xn--exmple-cua.org"), ("josé@b.nl", "josé@b.nl".encode())]
)
def test_an_address_beyond_ascii_is_written_as_mail_programs_take_it(email: str, written: bytes) -> None:
    (content,) = letters([(Person("P1", email, "Jo", "nl"), LINK)], MESSAGE, CONTACT).values()
    assert written in content


@pytest.mark.parametrize("email", ["", "a@example.org, b@example.org", "nobody"])
def test_who_has_not_one_address_gets_a_link_and_no_letter(email: str) -> None:
    person = Person("P1", email)
    assert letters([(person, LINK)], MESSAGE, CONTACT) == {}
    assert LINK.encode() in links_table([(person, LINK)])


def test_the_table_is_one_that_a_spreadsheet_runs_nothing_of() -> None:
    content = links_table([(Person("P1", "a@example.org", "=cmd()", "nl"), LINK)])
    assert content.startswith("\ufeff".encode())
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert row["name"] == "'=cmd()"


@pytest.mark.parametrize("kind", ["invitation", "reminder"])
def test_without_words_of_the_fieldwork_there_are_plain_ones(kind: str) -> None:
    message = message_of(
        "invitation" if kind == "invitation" else "reminder",
        Fieldwork(fieldwork="", questionnaire=""),
        title="Clusters",
    )
    for language in ("nl", "en"):
        assert "{link}" in message.body[language]
        assert "Clusters" in message.subject[language]


def test_words_without_a_place_for_the_link_are_refused() -> None:
    fieldwork = Fieldwork(
        fieldwork="",
        questionnaire="",
        reminder=Message(subject=Text({"nl": "x"}), body=Text({"nl": "{link}", "en": "no"})),
    )
    with pytest.raises(InputError, match="found none in: en"):
        message_of("reminder", fieldwork, title="x")
    assert message_of("invitation", fieldwork, title="x")
