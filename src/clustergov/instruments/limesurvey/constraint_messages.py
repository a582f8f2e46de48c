"""What a respondent is told when a rule or limit that came from LimeSurvey does not hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clustergov.language import Language, Text, number, say

LEAST = {"en": "At least {}", "nl": "Ten minste {}", "de": "Mindestens {}", "fr": "Au moins {}", "es": "Al menos {}", "it": "Almeno {}"}  # fmt: skip
MOST = {"en": "At most {}", "nl": "Ten hoogste {}", "de": "Höchstens {}", "fr": "Au plus {}", "es": "Como máximo {}", "it": "Al massimo {}"}  # fmt: skip
ALONE = {"en": "“{}” cannot be combined with another answer", "nl": "“{}” kan niet samengaan met een ander antwoord",
          "de": "„{}“ kann nicht mit einer anderen Antwort verbunden werden", "fr": "« {} » ne peut pas être combiné avec une autre réponse",
          "es": "«{}» no puede combinarse con otra respuesta", "it": "«{}» non può essere combinato con un'altra risposta"}  # fmt: skip
_OF = {
    "ticks": {"en": "ticked", "nl": "aangekruist", "de": "angekreuzt", "fr": "cochés", "es": "marcadas", "it": "selezionate"},
    "answers": {"en": "answered", "nl": "beantwoord", "de": "beantwortet", "fr": "répondus", "es": "respondidas", "it": "con risposta"},
    "sum": {"en": "in all", "nl": "in totaal", "de": "insgesamt", "fr": "au total", "es": "en total", "it": "in totale"},
}  # fmt: skip


def own_words(said: str, language: str, total: float | None) -> str:
    """A message without the sentences that an export adds of its own accord."""
    code = language.partition("-")[0]
    spoken: Language = "nl" if code == "nl" else "en"
    if total is not None:
        shown = number(total, spoken, 0 if total.is_integer() else 2)
        said = said.removeprefix(say("limesurvey.total", spoken, total=shown)).strip()
    return "" if said == say("limesurvey.constraint", spoken) else said


def said_of(words: Mapping[str, str], of: str, value: str) -> Mapping[str, str]:
    said = {language: f"{text.format(value)} {_OF[of][language]}" for language, text in words.items()}
    return said | {"": said["en"]}


def message_of(messages: Sequence[Mapping[str, str]], languages: tuple[str, ...]) -> Text | None:
    """The messages of all parts, in every language; in one for which there are no words, in English."""
    if not messages:
        return None
    said: dict[str, str] = {}
    for language in languages:
        each = [message.get(language) or message.get(language.split("-")[0]) or message.get("") for message in messages]
        shown = [text.rstrip(" .") if len(each) > 1 else text for text in dict.fromkeys(filter(None, each))]
        if shown:
            said[language] = ". ".join(shown) + (
                "." if len(shown) > 1 or not shown[0].endswith((".", "!", "?")) else ""
            )
    return Text(said) if said else None
