"""Projects with the habits of other programs come in right, and what was done with them is told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from clustergov.casestudies.corpus import read_corpus
from clustergov.casestudies.exchange.arriving import Arrived, arrive
from clustergov.casestudies.exchange.departing import depart
from clustergov.problems import InputError
from refi_project import CODE, SOURCE, USER, Made, guid, package


def taken(
    tmp_path: Path, made: Made | bytes, *, into: Path | None = None, name: str = "trial.qdpx", **options
) -> Arrived:
    path = tmp_path / name
    path.write_bytes(made if isinstance(made, bytes) else made.qdpx())
    return arrive(path, into, language="en", **options)


def passages(arrived: Arrived) -> list[tuple[str, str, str]]:
    return [(each.coder, each.concept, each.passage.exact) for each in arrived.corpus.codings]


def rules(arrived: Arrived) -> set[str]:
    return {note.rule for note in arrived.notes}


def note(arrived: Arrived, rule: str) -> str:
    return next(f"{each.place} {each.message}" for each in arrived.notes if each.rule == rule)


@pytest.mark.parametrize(
    "made",
    [
        Made(),
        Made(upper=True),
        Made(braces=True),
        Made(upper=True, braces=True, folder="Sources/", qde="Project.qde"),
        Made(qde="Trial.qde", folder="SOURCES/"),
        Made(qde="Trial/project.qde", folder="Trial/sources/"),
        Made(namespace="urn:QDA-XML:project:0:4"),
        Made(namespace="urn:qda-xml:project:1:0"),
        Made(namespace="http://elsewhere.example"),
        Made(path=f"{SOURCE}.txt"),
        Made(path=f"internal:///{SOURCE}.txt"),
        Made(path=f"internal://{SOURCE.upper()}.TXT"),
        Made(content="Trust came first, then a plan.\n", path="", with_text=False),
        Made(content="Trust came first, then a plan.\n", path="internal://gone.txt", with_text=False),
        Made(entries={"sources/.root": b"", "sources/picture.png": b"\x89PNG"}),
        Made(text="Trust came first, then a plan.\n".encode("utf-16")),
    ],
)  # fmt: skip
def test_every_spelling_is_read(tmp_path, made):
    arrived = taken(tmp_path, made)
    assert passages(arrived) == [("ann", "trust", "Trust")]
    assert arrived.corpus.documents[0].text == "Trust came first, then a plan.\n"


# QualCoder 4.0 writes a byte-order mark that its offsets do not count, and shifts its own file by one when it reads it.
BOM = b"\xef\xbb\xbf"
WINDOWS = "Één lijn.\r\nVertrouwen 🚰 kwam.\r\n"


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (Made(text=BOM + b"Trust came.\n"), "byte-order mark not counted: 1 of 1"),
        (Made(text=BOM + b"Trust came.\n", marks=[(1, 6, "Trust")]), "byte-order mark counted: 1 of 1"),
        (Made(text=WINDOWS.encode(), marks=[(10, 20, "Vertrouwen")]), "CRLF counted as one character: 1 of 1"),
        (Made(text=WINDOWS.encode(), marks=[(11, 21, "Vertrouwen")]), "CRLF counted as two characters: 1 of 1"),
        (Made(text=BOM + WINDOWS.encode(), marks=[(11, 21, "Vertrouwen")]), "not counted, CRLF counted as two characters: 1 of 1"),
        (Made(text=WINDOWS.encode(), marks=[(11, 21, "")], origin="X 1"), "CRLF counted as two characters: no selection has a name"),
        (Made(text=WINDOWS.encode(), marks=[(10, 20, "")], origin="ATLAS.ti 26"), "CRLF counted as one character: no selection"),
        (Made(text=WINDOWS.encode(), marks=[(10, 20, "")], origin="MAXQDA 24"), "CRLF counted as one character: no selection"),
        (Made(text="🚰🚰 Trust".encode(), marks=[(5, 10, "Trust")]), "UTF-16 units counted instead of code points: 1 of 1"),
        (Made(marks=[(0, 4, "Trust"), (11, 15, "first")]), "the end taken as the last character: 2 of 2"),
    ],
)  # fmt: skip
def test_the_reading_of_the_offsets_is_found_and_told(tmp_path, made, words):
    arrived = taken(tmp_path, made)
    assert words in note(arrived, "refi-counting")
    assert passages(arrived)[0][2] in ("Trust", "Vertrouwen")


def test_names_that_are_no_words_are_told(tmp_path):
    arrived = taken(tmp_path, Made(marks=[(0, 5, "line:1"), (6, 10, "line:2")]))
    assert "are none of their words" in note(arrived, "refi-names")
    assert [words for _, _, words in passages(arrived)] == ["Trust", "came"]


def test_a_selection_that_does_not_hold_its_name_is_told(tmp_path):
    arrived = taken(tmp_path, Made(marks=[(0, 5, "Trust"), (6, 10, "came"), (11, 16, "other")]))
    assert "1 selection of 3 with a name do not hold the words" in note(arrived, "refi-words")


NESTED = (
    f'<Code guid="{guid(1)}" name="Folder" isCodable="false"><Description>What it orders</Description>'
    f'<Code guid="{CODE}" name="Trust" isCodable="true" color="#36C"><Description>Believing &amp; sharing</Description>'
    f'<NoteRef targetGUID="{guid(9)}"/><Code guid="{guid(2)}" name="trust" isCodable="true"/></Code></Code>'
    f'<Code guid="{guid(3)}" name="信任" isCodable="true"/><Code guid="{guid(3)}" name="2 reasons" isCodable="true"/>'
)


def test_codes_keep_their_tree_colour_and_words(tmp_path):
    arrived = taken(tmp_path, Made(codes=NESTED, after=f'<Notes><Note guid="{guid(9)}"><PlainTextContent>Sharpened twice</PlainTextContent></Note></Notes>'))  # fmt: skip
    concepts = arrived.corpus.codebook.by_code
    assert {code: concept.parent for code, concept in concepts.items()} == {
        "folder": "", "trust": "folder", "trust-2": "trust", "code": "", "code-2-reasons": "",
    }  # fmt: skip
    assert (concepts["trust"].colour, concepts["folder"].codable) == ("#3366cc", False)
    assert concepts["trust"].definition.to("en") == "Believing & sharing"
    assert concepts["trust"].memo.to("en") == "Sharpened twice"
    assert "2 codes share their name" in note(arrived, "refi-same-name")
    assert "a GUID that another code has" in note(arrived, "refi-guid")
    assert arrived.corpus.codebook.origin == "imported from Some program 1.0"


def test_guids_come_back_at_the_next_export(tmp_path):
    arrived = taken(tmp_path, Made(codes=NESTED, upper=True, braces=True))
    folder = tmp_path / "study"
    for name, content in arrived.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    made = depart(read_corpus(folder), folder, "qdpx", language="en", withheld=True).content
    (tmp_path / "again.qdpx").write_bytes(made)
    with zipfile.ZipFile(tmp_path / "again.qdpx") as package_:
        xml = package_.read("project.qde").decode()
        assert f"sources/{SOURCE}.txt" in package_.namelist()
    for each in (CODE, USER, SOURCE, guid(1), guid(2), guid(3), guid(100), guid(500)):
        assert f'guid="{each}"' in xml
    assert 'creationDateTime="2024-05-06T07:08:09Z"' in xml


def test_two_users_with_one_name_stay_two_coders(tmp_path):
    users = f'<User guid="{USER}" name="Ann"/><User guid="{guid(7)}" name="ann"/><User guid="{guid(8)}" name="Ann"/>'
    extra = "".join(
        f'<PlainTextSelection guid="{guid(20 + i)}" startPosition="0" endPosition="5"><Coding guid="{guid(30 + i)}" '
        f'creatingUser="{guid(i)}"><CodeRef targetGUID="{CODE}"/></Coding></PlainTextSelection>' for i in (7, 8)
    )  # fmt: skip
    arrived = taken(tmp_path, Made(users=users, in_source=extra))
    assert sorted(arrived.corpus.coders) == ["Ann", "Ann (3)", "ann (2)"]
    assert "can be taken for the coder" in note(arrived, "refi-coder")


def test_offsets_that_cannot_be(tmp_path):
    marks = [(0, 5, "Trust"), (10, 6, ""), (25, 99, ""), (200, 210, ""), (7, 7, ""), (-3, 2, "")]
    arrived = taken(tmp_path, Made(text=b"Trust came first, then a plan.", marks=marks))
    assert [words for _, _, words in passages(arrived)] == ["Trust", "came", "plan."]
    assert "ended before they began, and were turned round: 1" in note(arrived, "refi-reversed")
    assert "reached beyond the end of the text, and end there now: 1" in note(arrived, "refi-cut")
    assert "2 codings, since its selection lies outside" in note(arrived, "refi-coding-outside")
    assert "1 coding, since its selection holds nothing" in note(arrived, "refi-coding-empty")


def test_what_leads_nowhere_is_told(tmp_path):
    extra = (
        f'<PlainTextSelection guid="{guid(20)}" startPosition="0" endPosition="5" creatingUser="{guid(77)}">'
        f'<Coding guid="{guid(21)}"><CodeRef targetGUID="{guid(66)}"/></Coding></PlainTextSelection>'
        f'<PlainTextSelection guid="{guid(100)}" startPosition="6" endPosition="10">'
        f'<Coding guid="{guid(22)}" creatingUser="{guid(77)}"><CodeRef targetGUID="{CODE}"/></Coding></PlainTextSelection>'
    )
    arrived = taken(tmp_path, Made(in_source=extra))
    assert guid(66) in note(arrived, "refi-dangling")
    assert guid(77) in note(arrived, "refi-user")
    assert guid(100) in note(arrived, "refi-guid-twice")
    assert "1 coding, since its code is not in the file" in note(arrived, "refi-coding-code")
    assert passages(arrived) == [("ann", "trust", "Trust"), ("unknown", "trust", "came")]


def test_memos_become_memos_and_remarks_without_a_code_are_told_in_full(tmp_path):
    in_source = (
        f'<PlainTextSelection guid="{guid(20)}" startPosition="6" endPosition="10"><Description>A plain memo</Description>'
        f'<Coding guid="{guid(21)}" creatingUser="{USER}"><CodeRef targetGUID="{CODE}"/><NoteRef targetGUID="{guid(40)}"/></Coding></PlainTextSelection>'
        f'<PlainTextSelection guid="{guid(22)}" startPosition="11" endPosition="16"/>'
    )
    after = (
        f'<Notes><Note guid="{guid(40)}" name="m"><PlainTextContent>More of it</PlainTextContent></Note>'
        f'<Note guid="{guid(41)}" name="tied"><PlainTextContent>Only tied by a link</PlainTextContent></Note>'
        f'<Note guid="{guid(42)}" name="journal" plainTextPath="internal://{guid(42)}.txt"/></Notes>'
        f'<Links><Link guid="{guid(50)}" originGUID="{guid(41)}" targetGUID="{guid(22)}"/></Links>'
        f'<Sets><Set guid="{guid(60)}" name="Group 1"><MemberSource targetGUID="{SOURCE}"/></Set></Sets>'
    )
    made = Made(in_source=in_source, after=after, entries={f"sources/{guid(42)}.txt": BOM + b"Dagboek\r\nblad 2"})
    arrived = taken(tmp_path, made)
    memo = next(each.memo for each in arrived.corpus.codings if each.passage.exact == "came")
    assert memo.to("en") == "A plain memo\n\nMore of it"
    assert "Only tied by a link" in note(arrived, "refi-annotation")
    assert "Dagboek\nblad 2" in note(arrived, "refi-note")
    assert "Group 1 (0 codes, 1 sources, 0 notes)" in note(arrived, "refi-sets")
    assert "1 links" in note(arrived, "refi-links")


def test_words_that_look_almost_like_ours_stay_somebodys_memo(tmp_path):
    for words in ("polarity: maybe", "memo: as agreed", "round: 1\nand more", "polarity: supports\nfree words"):
        in_source = (
            f'<PlainTextSelection guid="{guid(20)}" startPosition="6" endPosition="10"><Description>{words}</Description>'
            f'<Coding guid="{guid(21)}" creatingUser="{USER}"><CodeRef targetGUID="{CODE}"/></Coding></PlainTextSelection>'
        )
        arrived = taken(tmp_path, Made(in_source=in_source))
        coding = next(each for each in arrived.corpus.codings if each.passage.exact == "came")
        assert (coding.memo.to("en"), coding.polarity, coding.round) == (words, None, 1)


def test_pictures_recordings_and_pdfs(tmp_path):
    more = (
        f'<PictureSource guid="{guid(70)}" name="Map"><PictureSelection guid="{guid(71)}" firstX="0" firstY="0" secondX="9" secondY="9">'
        f'<Coding guid="{guid(72)}"><CodeRef targetGUID="{CODE}"/></Coding></PictureSelection></PictureSource>'
        f'<PDFSource guid="{guid(80)}" name="Report.pdf" path="internal://x.pdf">'
        f'<PDFSelection guid="{guid(81)}" page="0" firstX="0" firstY="0" secondX="9" secondY="9"/>'
        f'<PDFSelection guid="{guid(82)}" page="0" firstX="0" firstY="0" secondX="9" secondY="9"/>'
        f'<Representation guid="{guid(83)}" plainTextPath="internal://pdf.txt"><PlainTextSelection guid="{guid(81)}" name="PDF" startPosition="4" endPosition="7">'
        f'<Coding guid="{guid(84)}" creatingUser="{USER}"><CodeRef targetGUID="{CODE}"/></Coding></PlainTextSelection></Representation></PDFSource>'
        f'<PDFSource guid="{guid(85)}" name="Scan.pdf" path="internal://y.pdf"/>'
        f'<AudioSource guid="{guid(90)}" name="Talk.mp3" path="relative:///talk.mp3"><Transcript guid="{guid(91)}">'
        f'<PlainTextContent>Hello there</PlainTextContent><SyncPoint guid="{guid(92)}" timeStamp="0" position="0"/>'
        f'<SyncPoint guid="{guid(93)}" timeStamp="900" position="5"/><TranscriptSelection guid="{guid(94)}" fromSyncPoint="{guid(92)}" toSyncPoint="{guid(93)}">'
        f'<Coding guid="{guid(95)}" creatingUser="{USER}"><CodeRef targetGUID="{CODE}"/></Coding></TranscriptSelection></Transcript></AudioSource>'
    )
    arrived = taken(tmp_path, Made(more_sources=more, entries={"sources/pdf.txt": b"The PDF text"}))
    assert sorted(words for _, _, words in passages(arrived)) == ["Hello", "PDF", "Trust"]
    left = {each.place: each.message for each in arrived.notes if each.rule == "refi-source"}
    assert left["Map"] == "left out: a picture, with 1 coding."
    assert left["Scan.pdf"] == "left out: a PDF without its text."
    assert "transcripts are read" in left["Talk.mp3"]
    assert "1 selection of a part of a page" in note(arrived, "refi-pdf-selection")
    assert {each.code for each in arrived.corpus.documents} == {"interview", "report", "talk"}


def test_cases_variables_and_codes_that_stand_for_cases(tmp_path):
    before = (
        f'<Variables><Variable guid="{guid(10)}" name="year" typeOfVariable="Integer"/><Variable guid="{guid(11)}" name="public" typeOfVariable="Boolean"/>'
        f'<Variable guid="{guid(12)}" name="share" typeOfVariable="Float"/></Variables>'
        f'<Cases><Case guid="{guid(1)}" name="North &amp; co"><Description>Far up</Description><VariableValue><VariableRef targetGUID="{guid(10)}"/><IntegerValue>2015</IntegerValue></VariableValue>'
        f'<VariableValue><VariableRef targetGUID="{guid(12)}"/><FloatValue>x</FloatValue></VariableValue></Case>'
        f'<Case guid="{guid(2)}"><VariableValue><VariableRef targetGUID="{guid(11)}"/><BooleanValue>true</BooleanValue></VariableValue>'
        f'<SourceRef targetGUID="{SOURCE}"/></Case></Cases>'
    )
    codes = f'<Code guid="{CODE}" name="Trust" isCodable="true"/><Code guid="{guid(1)}" name="North &amp; co" isCodable="true"/>'
    whole = f'<Coding guid="{guid(30)}" creatingUser="{USER}"><CodeRef targetGUID="{guid(1)}"/></Coding>'
    arrived = taken(tmp_path, Made(before=before, codes=codes, in_source=whole))
    assert [(case.case, case.title.to("en"), case.subject.to("en"), dict(case.attributes)) for case in arrived.corpus.cases] == [
        ("north-co", "North & co", "Far up", {"year": 2015}),
    ]  # fmt: skip
    assert arrived.corpus.codebook.codes == ("trust",)
    assert dict(arrived.corpus.document("north-co", "interview").attributes) == {"public": True}
    assert "share: x" in note(arrived, "refi-value")


def test_consent_is_never_taken_for_granted(tmp_path):
    arrived = taken(tmp_path, Made())
    assert [document.consent for document in arrived.corpus.documents] == ["not given"]
    assert "nothing of them is shown" in note(arrived, "refi-consent")


def test_a_text_that_is_missing_empty_outside_or_not_utf8_is_told_and_the_rest_comes_in(tmp_path):
    more = "".join(
        f'<TextSource guid="{guid(70 + i)}" name="{name}" {path}><PlainTextSelection guid="{guid(80 + i)}" startPosition="0" endPosition="1">'
        f'<Coding guid="{guid(90 + i)}"><CodeRef targetGUID="{CODE}"/></Coding></PlainTextSelection></TextSource>'
        for i, (name, path) in enumerate([
            ("gone", 'plainTextPath="internal://gone.txt"'), ("outside", 'plainTextPath="absolute:///etc/hostname"'),
            ("up", 'plainTextPath="internal://../../../../etc/hostname"'), ("rich", 'richTextPath="internal://x.docx"'),
            ("empty", 'plainTextPath="internal://empty.txt"'), ("latin", 'plainTextPath="internal://latin.txt"'),
        ])
    )  # fmt: skip
    arrived = taken(
        tmp_path, Made(more_sources=more, entries={"sources/empty.txt": b" \n", "sources/latin.txt": b"caf\xe9"})
    )
    left = {each.place: each.message for each in arrived.notes if each.rule == "refi-no-text"}
    assert set(left) == {"gone", "outside", "up", "rich", "empty", "latin"}
    assert all("with 1 coding" in words for words in left.values())
    assert "0xe9" in note(arrived, "refi-encoding")
    assert "was not opened" in note(arrived, "refi-external")
    assert [document.code for document in arrived.corpus.documents] == ["interview"]


def test_codes_by_name_only_are_told_and_never_two_to_one(small_study, tmp_path):
    codes = f'<Code guid="{CODE}" name="TRUST" isCodable="true"/><Code guid="{guid(5)}" name="Trust" isCodable="true"/>'
    arrived = taken(tmp_path, Made(codes=codes), into=small_study, case="south")
    assert "recognised by nothing but their name: trust" in note(arrived, "refi-by-name")
    assert "trust-2" in note(arrived, "refi-new-concepts")
    assert [concept.code for concept in arrived.corpus.codebook.concepts] == ["trust", "vision", "trust-2"]
    assert arrived.corpus.codebook.by_code["trust-2"].definition.to("nl").startswith("Nog te schrijven")
    assert [each.place for each in arrived.corpus.codings if each.document == "interview" and each.case == "south"] == [
        ("south", "interview", "0-5")
    ]


def test_an_unknown_case_is_refused(small_study, tmp_path):
    with pytest.raises(InputError, match="the study has no case “west”"):
        taken(tmp_path, Made(), into=small_study, case="west")


def test_a_second_coder_who_worked_elsewhere_is_added_and_nothing_else_changes(small_study, small_corpus, tmp_path):
    """What the second coder's program did: other GUIDs, its own user, the text with a byte-order mark."""
    sent = depart(small_corpus, small_study, "qdpx", language="en", coders=[]).content
    (tmp_path / "sent.qdpx").write_bytes(sent)
    with zipfile.ZipFile(tmp_path / "sent.qdpx") as package_:
        files = {name: package_.read(name) for name in package_.namelist()}
    xml = files.pop("project.qde").decode()
    own = small_corpus.codebook
    code = next(line.split('guid="')[1][:36] for line in xml.splitlines() if 'name="Vision"' in line)
    position = xml.index('name="north interview"')
    end = xml.index("</Description>", position) + len("</Description>")
    xml = (
        xml[:end]
        + f'<PlainTextSelection guid="{guid(1)}" name="plan" startPosition="80" endPosition="84" creatingUser="{USER}">'
        f'<Coding guid="{guid(2)}" creatingUser="{USER}"><CodeRef targetGUID="{code}"/></Coding></PlainTextSelection>'
        + xml[end:]
    )
    xml = xml.replace("<CodeBook>", f'<Users><User guid="{USER}" name="carl"/></Users><CodeBook>', 1)
    texts = {name: BOM + content for name, content in files.items()}
    for number, each in enumerate(
        {part[:36] for part in xml.split('guid="')[1:]} - {USER, guid(1), guid(2)}, start=200
    ):
        xml = xml.replace(each, guid(number))
        texts = {name.replace(each, guid(number)): content for name, content in texts.items()}
    text = small_corpus.document("north", "interview").text
    start = text.index("plan")
    xml = xml.replace('startPosition="80" endPosition="84"', f'startPosition="{start}" endPosition="{start + 4}"')
    arrived = taken(tmp_path, package({"project.qde": xml.encode(), **texts}), into=small_study)
    assert arrived.corpus.codebook == own
    assert {each for each in arrived.files if not each.startswith("north/codings")} == {"exchange.csv"}
    new = set(arrived.corpus.codings) - set(small_corpus.codings)
    assert [(each.coder, each.concept, each.passage.exact) for each in new] == [("carl", "vision", "plan")]
    assert set(small_corpus.codings) < set(arrived.corpus.codings)


def test_codings_added_to_a_sheet_that_is_there_can_be_undone(small_study, small_corpus, tmp_path):
    from clustergov.casestudies.coding.workbench import Workbench

    text = small_corpus.document("north", "interview").text
    start = text.index("plan")
    made = Made(
        text=text.encode(),
        marks=[(start, start + 4, "plan")],
        codes=f'<Code guid="{CODE}" name="Vision" isCodable="true"/>',
    )
    arrived = taken(tmp_path, made, into=small_study)
    assert {
        each.concept for each in arrived.corpus.codings if each.coder == "ann" and each.document == "interview"
    } == {"trust", "vision"}
    for name, content in arrived.files.items():
        (small_study / name).write_bytes(content)
    with Workbench.open(small_study) as bench:
        bench.undo("ann", 1, "north", "interview")
    assert set(read_corpus(small_study).codings) == set(small_corpus.codings)


def test_a_text_that_was_edited_meanwhile_is_looked_up(small_study, small_corpus, tmp_path):
    sent = depart(small_corpus, small_study, "qdpx", language="en").content
    (small_study / "north" / "interview.txt").write_text(
        "Vooraf. " + small_corpus.documents[0].text, encoding="utf-8", newline=""
    )
    for path in (small_study / "north" / "codings").glob("interview.*"):
        path.unlink()
    arrived = taken(tmp_path, sent, into=small_study)
    assert "another than that of the study" in note(arrived, "refi-text")
    assert {each.passage.start for each in arrived.corpus.codings if each.passage} == {22 + len("Vooraf. ")}


def test_the_codebook_alone(small_study, small_corpus, tmp_path):
    made = depart(small_corpus, small_study, "qdc", language="en").content
    arrived = taken(tmp_path, made, name="own.qdc")
    own = [concept.model_copy(update={"source": ()}) for concept in small_corpus.codebook.concepts]
    assert list(arrived.corpus.codebook.concepts) == own
    assert [case.case for case in arrived.corpus.cases] == ["own"]
    again = taken(tmp_path, made, name="own.qdc", into=small_study)
    assert again.files == {}


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:codebook:1.0", "urn:QDA-XML:codebook:0:4", "urn:QDA-XML:codebook:1:0", "urn:QDA-XML:project:1.0", ""])  # fmt: skip
def test_codebooks_of_every_namespace(tmp_path, namespace):
    declared = f' xmlns="{namespace}"' if namespace else ""
    xml = f'\ufeff<?xml version="1.0"?><CodeBook{declared} origin="X"><Codes><Code guid="{{{CODE.upper()}}}" name="A.B" isCodable="true"/></Codes><Sets/></CodeBook>'
    arrived = taken(tmp_path, xml.encode(), name="theirs.qdc")
    assert [(each.code, each.name.to("en")) for each in arrived.corpus.codebook.concepts] == [("a-b", "A.B")]
    assert CODE in arrived.files["exchange.csv"].decode()


def test_a_case_whose_name_stands_in_quotation_marks(tmp_path):
    before = f'<Cases><Case guid="{guid(1)}" name="“North”"><Description>\'Far up\'</Description></Case></Cases>'
    arrived = taken(tmp_path, Made(before=before))
    assert {case.case: case.title.to("en") for case in arrived.corpus.cases} == {"north": "North", "trial": "Trial"}


def test_of_a_styled_text_the_plain_twin_counts(tmp_path):
    made = Made()
    xml = made.qde_xml().replace("plainTextPath=", f'richTextPath="internal://{SOURCE}.docx" plainTextPath=')
    files = {"project.qde": xml.encode(), f"sources/{SOURCE}.txt": made.text, f"sources/{SOURCE}.docx": b"PK"}
    arrived = taken(tmp_path, package(files))
    assert passages(arrived) == [("ann", "trust", "Trust")]
    assert "styled twin" in note(arrived, "refi-rich")


def recoded(content: bytes, old: str, new: str) -> bytes:
    """A package whose project file was edited by another program."""
    import io

    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    assert old in files["project.qde"].decode()
    files["project.qde"] = files["project.qde"].decode().replace(old, new).encode()
    return package(files)


def test_a_part_of_a_statement_stands_on_all_of_it_and_is_told(small_study, small_corpus, tmp_path):
    sent = depart(small_corpus, small_study, "qdpx", language="en").content
    # “There was a plan” (0–16), a blank line, “Perhaps a second” (18–34).
    changed = recoded(sent, 'startPosition="0" endPosition="16"', 'startPosition="10" endPosition="25"')
    arrived = taken(tmp_path, changed)
    found = {(each.at, each.concept) for each in arrived.corpus.codings if each.document == "statements"}
    assert found == {("s1", "vision"), ("s2", "vision"), ("s2", "trust"), ("s3", "trust")}
    assert "which stand on whole statements: 1" in note(arrived, "refi-widened")


def test_the_same_coding_twice_is_one_with_both_memos(tmp_path):
    in_source = "".join(
        f'<PlainTextSelection guid="{guid(20 + i)}" startPosition="6" endPosition="10"><Description>{words}</Description><Coding guid="{guid(30 + i)}" '
        f'creatingUser="{USER}"><CodeRef targetGUID="{CODE}"/></Coding></PlainTextSelection>' for i, words in enumerate(["one", "two"])
    )  # fmt: skip
    arrived = taken(tmp_path, Made(in_source=in_source))
    assert [each.memo.to("en") for each in arrived.corpus.codings if each.memo] == ["one\n\ntwo"]
    assert note(arrived, "refi-repeated").endswith(": 1.")


def test_a_renamed_code_keeps_its_rules_and_is_told(small_study, small_corpus, tmp_path):
    sent = depart(small_corpus, small_study, "qdpx", language="en").content
    arrived = taken(tmp_path, recoded(sent, 'name="Trust"', 'name="Confidence"'))
    concept = arrived.corpus.codebook.by_code["trust"]
    assert dict(concept.name) == {"nl": "Vertrouwen", "en": "Confidence"}
    assert concept.include.to("nl") == "Delen"
    assert "“Trust” is called “Confidence”" in note(arrived, "refi-renamed")
    into = taken(tmp_path, recoded(sent, 'name="Trust"', 'name="Confidence"'), into=small_study)
    assert into.files == {}
    assert "called “Confidence” in the file; the study's name was kept" in note(into, "refi-renamed")


def test_another_polarity_elsewhere_does_not_overwrite_ours(small_study, small_corpus, tmp_path):
    sent = depart(small_corpus, small_study, "qdpx", language="en").content
    arrived = taken(tmp_path, recoded(sent, "polarity: contradicts", "polarity: supports"), into=small_study)
    assert arrived.files == {}
    assert "another polarity or memo; the study's were kept: 1" in note(arrived, "refi-differs")
