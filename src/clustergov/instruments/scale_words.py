"""Words by which ordered scales and non-answers are recognised in English, Dutch, German, French and Spanish.

Written for labels in the spelling of `plain_text.normalise_words`: lower case, letters and digits only. A label must be
matched as a whole; a lower level means less.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def _either(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases))


NOT_APPLICABLE = _either(
    "n ?a", "n ?v ?t", "(this is |it is )?(not|non|in) ?applicable( to me)?", "does not apply( to me)?", "not relevant",
    "niet van toepassing", "niet relevant", "nicht zutreffend", "entfällt", "nicht anwendbar",
    "sans objet", "non applicable", "ne s applique pas", "no (se )?aplica", "no procede", "no corresponde",
)  # fmt: skip
NO_ANSWER = _either(
    r"(i )?(do not|don ?t|dont) know( not sure| no answer| n a| no opinion)?", "dk", "no (answer|opinion|response)",
    "unknown", "(i )?(would )?(prefer|rather|wish|choose) not (to )?(say|answer|disclose|declare|state|tell|respond)( this)?",
    "(i )?(do not|don ?t) (wish|want) to (say|answer|disclose|declare|state)", "(can ?not|can ?t|cannot) (say|tell|judge|answer)",
    "undisclosed", "refused", "decline to (answer|state)",
    "(ik )?weet (ik |het )?niet( geen (mening|antwoord))?", "weet ik niet", "(dat )?weet ik niet", "geen (antwoord|mening|idee)",
    "(dat )?(wil ik |zeg ik )?liever niet( zeggen| beantwoorden)?", "zeg ik liever niet", "wil ik niet zeggen", "onbekend",
    "(ich )?wei(ß|ss) (ich |es )?nicht( keine angabe)?", "keine (angaben?|antwort|meinung)", "k ?a", "möchte ich nicht (sagen|angeben)",
    "unbekannt", "(je )?ne sai[st] pas", "sans (réponse|opinion|avis)", "pas de réponse", "(je )?préfère ne pas (répondre|dire|le dire)",
    "ne se prononce pas", "no (lo )?s[ée]", "no sabe( no contesta)?", "ns nc", "no contesta", "sin (respuesta|opinión)",
    "prefiero no (contestar|responder|decir(lo)?)",
)  # fmt: skip

_VERY = "(?:very|extremely|highly|zeer|erg|heel|sehr|äußerst|très|tout à fait|muy|really)"
_FULLY = (
    "(?:strongly|completely|totally|fully|entirely|absolutely|helemaal|volledig|sterk|zeer|volkomen|geheel|voll|völlig"
    "|vollständig|stark|absolut|totalmente|completamente|muy|tout à fait|totalement|pleinement|complètement|fortement)"
)
_RATHER = (
    "(?:slightly|somewhat|rather|mostly|moderately|partly|tend to|mildly|enigszins|een beetje|deels|eerder|grotendeels"
    "|eher|etwas|teilweise|größtenteils|plutôt|assez|un peu|partiellement|más bien|algo|parcialmente|bastante)"
)


def _bipolar(plus: str, minus: str, middle: str, also: Mapping[float, str]) -> Mapping[float, re.Pattern[str]]:
    return {
        -3: _either(f"{_FULLY} (?:{minus})", f"(?:{minus}) {_FULLY}", f"{_VERY} (?:{minus})", also.get(-3, "-")),
        -1: _either(f"{_RATHER} (?:{minus})", f"(?:{minus}) {_RATHER}", also.get(-1, "-")),
        -2: _either(minus),
        0: _either(middle),
        1: _either(f"{_RATHER} (?:{plus})", f"(?:{plus}) {_RATHER}", also.get(1, "-")),
        3: _either(f"{_FULLY} (?:{plus})", f"(?:{plus}) {_FULLY}", f"{_VERY} (?:{plus})", also.get(3, "-")),
        2: _either(plus),
    }


_NEUTRAL = "neutral(?: undecided)?|neutraal|neutre|undecided|indifferent|unentschieden|indécise?|neither(?: nor)?|weder noch|teils teils|"

FAMILIES: Mapping[str, Mapping[float, re.Pattern[str]]] = {
    "agreement": _bipolar(
        "agree|agreed|(?:mee )?eens|akkoord|(?:stimme|ich stimme) zu|zustimmung|d accord|de acuerdo",
        "disagree|disagreed|(?:mee )?oneens|niet (?:mee )?eens|niet akkoord|(?:stimme|lehne) (?:nicht zu|ab)|ablehnung|"
        "pas d accord|en désaccord|en desacuerdo",
        _NEUTRAL + r"neith\w* agree (?:n?or|and) (?:dis)?agree|neith\w* agree nor disagree|niet (?:mee )?eens(?: en)?(?: ook)? niet (?:mee )?oneens|"
        "noch (?:mee )?eens noch (?:mee )?oneens|weder zustimmung noch ablehnung|ni d accord ni (?:pas d accord|en désaccord)|"
        "ni (?:de acuerdo ni en desacuerdo|en desacuerdo ni de acuerdo)",
        {
            -3: "(?:ich )?stimme (?:überhaupt |gar |absolut )nicht zu|lehne (?:voll|völlig|stark) ab|pas du tout d accord",
            -1: "(?:ich )?stimme (?:eher|weniger) nicht zu|stimme weniger zu|plutôt pas d accord",
            1: "(?:ich )?stimme (?:eher|teilweise) zu",
            3: "(?:ich )?stimme (?:voll|völlig|ganz|vollständig|stark|sehr)(?: und ganz)? zu",
        },
    ),
    "application": {
        -3: _either("trifft (?:überhaupt|gar|absolut) nicht zu", "helemaal niet van toepassing"),
        -1: _either("trifft (?:eher|kaum) nicht zu|trifft (?:kaum|weniger) zu"),
        -2: _either("trifft nicht zu"),
        0: _either("teils teils|" + "trifft teilweise zu|teilweise"),
        1: _either("trifft eher zu"),
        3: _either("trifft (?:voll|völlig|ganz|vollkommen|genau|sehr)(?: und ganz)? zu", "volledig van toepassing"),
        2: _either("trifft zu"),
    },
    "satisfaction": _bipolar(
        "satisfied|happy|tevreden|zufrieden|satisfaite?|satisfechos?|satisfecha",
        "dissatisfied|unsatisfied|unhappy|not satisfied|ontevreden|niet tevreden|unzufrieden|nicht zufrieden|insatisfaite?|"
        "mécontente?|pas satisfaite?|insatisfechos?|insatisfecha",
        _NEUTRAL + r"neith\w* (?:dis|un)?satisfied n?or (?:dis|un)?satisfied|niet tevreden(?: en)? niet ontevreden|"
        "noch tevreden noch ontevreden|weder zufrieden noch unzufrieden|ni satisfaite? ni insatisfaite?",
        {-3: "not at all satisfied|helemaal niet tevreden|(?:gar|überhaupt) nicht zufrieden|pas du tout satisfaite?|nada satisfech[oa]s?"},
    ),
    "likelihood": _bipolar(
        "likely|probable|waarschijnlijk|wahrscheinlich", "unlikely|improbable|onwaarschijnlijk|unwahrscheinlich|peu probable|poco probable",
        _NEUTRAL + r"neith\w* likely n?or unlikely",
        {},
    ),
    "change": {
        -3: _either("(?:much|a lot|strongly|significantly) (?:worse|deteriorated|decreased|lower|less)", "(?:deteriorated|decreased|worsened) (?:strongly|a lot|significantly)", "(?:veel|sterk) (?:slechter|verslechterd|afgenomen|minder)", "(?:viel|stark|deutlich) (?:schlechter|verschlechtert|gesunken|abgenommen)"),
        -1: _either("(?:slightly|somewhat|a little) (?:worse|deteriorated|decreased|lower|less)", "(?:iets|een beetje|licht) (?:slechter|verslechterd|afgenomen|minder)", "(?:etwas|leicht) (?:schlechter|verschlechtert|gesunken|abgenommen)"),
        -2: _either("worse|deteriorated|decreased?|worsened|declined|less|lower", "slechter|verslechterd|afgenomen|gedaald|minder", "schlechter|verschlechtert|gesunken|abgenommen|weniger", "pire|moins|diminué|peor|menos|disminuido"),
        0: _either("(?:about |stayed |remained )?(?:the )?same|unchanged|no change|not changed", "(?:ongeveer )?(?:gelijk|hetzelfde)(?: gebleven)?|onveranderd", "gleich(?: geblieben)?|unverändert", "inchangé|pareil|igual|sin cambios"),
        1: _either("(?:slightly|somewhat|a little) (?:better|improved|increased|higher|more)", "(?:iets|een beetje|licht) (?:beter|verbeterd|toegenomen|meer)", "(?:etwas|leicht) (?:besser|verbessert|gestiegen|zugenommen)"),
        3: _either("(?:much|a lot|strongly|significantly) (?:better|improved|increased|higher|more)", "(?:improved|increased) (?:strongly|a lot|significantly)", "(?:veel|sterk) (?:beter|verbeterd|toegenomen|meer)", "(?:viel|stark|deutlich) (?:besser|verbessert|gestiegen|zugenommen)"),
        2: _either("better|improved?|increased?|grown|more|higher", "beter|verbeterd|toegenomen|gestegen|meer", "besser|verbessert|gestiegen|zugenommen|mehr", "mieux|plus|augmenté|mejor|más|aumentado"),
    },
    "frequency": {
        0: _either("never|not at all|none at all", "nooit", "nie(?:mals)?", "jamais", "nunca"),
        1: _either("(?:very rarely|almost never|hardly ever)", "(?:bijna|vrijwel) nooit|zeer zelden", "fast nie|sehr selten", "presque jamais|très rarement", "casi nunca"),
        2: _either("rarely|seldom|not often", "zelden|niet vaak", "selten", "rarement", "rara vez|raramente|pocas veces"),
        3: _either("occasionally|once in a while|now and then", "af en toe|een enkele keer", "gelegentlich|ab und zu", "occasionnellement|de temps en temps", "ocasionalmente|de vez en cuando"),
        4: _either("some ?times?|about half the time", "soms", "manchmal", "parfois|quelquefois", "a veces|algunas veces"),
        5: _either("regularly|usually|frequently", "regelmatig|geregeld|meestal", "regelmäßig|meistens", "régulièrement|fréquemment", "regularmente|frecuentemente|generalmente|con frecuencia"),
        6: _either("often", "vaak|dikwijls", "oft|häufig", "souvent", "a menudo|muchas veces"),
        7: _either("very (?:often|frequently)", "(?:heel|zeer|erg) vaak", "sehr (?:oft|häufig)", "très souvent", "muy a menudo|muy frecuentemente"),
        8: _either("almost always|nearly always|most of the time|mostly", "bijna altijd|vrijwel altijd", "fast immer", "presque toujours|la plupart du temps", "casi siempre"),
        9: _either("always|all (?:of )?(?:the|my) time|constantly", "altijd", "immer", "toujours", "siempre"),
    },
    "how often": {
        0: _either("never", "nooit", "nie(?:mals)?", "jamais", "nunca"),
        1: _either("(?:less (?:often )?than|fewer than) once a year|less than yearly", "minder dan (?:eens|één keer|1 keer) per jaar", "seltener als einmal (?:im|pro) jahr"),
        2: _either("(?:about )?(?:once a year|yearly|annually|every year)", "(?:ongeveer )?(?:jaarlijks|(?:eens|één keer|1 keer) per jaar)", "(?:einmal (?:im|pro) jahr|jährlich)", "une fois par an|annuellement", "una vez al año|anualmente"),
        3: _either("(?:at most )?(?:a few|several|2 3) times a year|less than monthly", "(?:hooguit |hoogstens )?(?:een paar|enkele|enige|meerdere) (?:keer|keren|malen) per jaar", "(?:einige|ein paar|mehrere) mal(?:e)? (?:im|pro) jahr", "quelques fois par an|plusieurs fois par an", "(?:algunas|varias) veces al año"),
        4: _either("quarterly|every quarter|every three months", "(?:elk|per|ieder) kwartaal", "vierteljährlich", "trimestriellement", "trimestralmente"),
        5: _either("(?:about )?(?:once a month|monthly|every month)", "(?:ongeveer )?(?:maandelijks|(?:eens|één keer|1 keer) per maand)", "einmal (?:im|pro) monat|monatlich", "une fois par mois|mensuellement|tous les mois", "una vez al mes|mensualmente"),
        6: _either("(?:a few|several|2 3) times a month|less than weekly", "(?:een paar|enkele|meerdere) (?:keer|keren|malen) per maand", "(?:einige|ein paar|mehrere) mal(?:e)? (?:im|pro) monat", "plusieurs fois par mois|quelques fois par mois", "varias veces al mes"),
        7: _either("(?:about )?(?:once a week|weekly|every week)", "(?:ongeveer )?(?:wekelijks|(?:eens|één keer|1 keer) per week)", "einmal (?:in der|pro) woche|wöchentlich", "une fois par semaine|chaque semaine|toutes les semaines", "una vez (?:a la|por) semana|semanalmente"),
        8: _either("(?:a few|several|2 3) times a week", "(?:een paar|enkele|meerdere) (?:keer|keren|malen) per week", "(?:einige|ein paar|mehrere) mal(?:e)? (?:in der|pro) woche", "plusieurs fois par semaine|quelques fois par semaine", "varias veces (?:a la|por) semana"),
        9: _either("(?:almost )?(?:daily|every day|once a day)(?: or (?:almost daily|more(?: often)?))?|daily or almost daily", "(?:bijna |vrijwel )?(?:dagelijks|elke dag|iedere dag)", "(?:fast )?(?:täglich|jeden tag)", "(?:presque )?(?:tous les jours|chaque jour|quotidiennement)", "(?:casi )?(?:diariamente|todos los días|a diario)"),
        10: _either("(?:several|multiple) times a day|more than once a day", "meerdere keren per dag", "mehrmals täglich", "plusieurs fois par jour", "varias veces al día"),
    },
    "importance": {
        0: _either("(?:not (?:at all )?|un)important(?: at all)?|no (?:importance|priority)|of no importance", "(?:helemaal )?(?:niet belangrijk|onbelangrijk)|geen prioriteit", "(?:gar |überhaupt )?(?:nicht wichtig|unwichtig)|keine priorität", "pas (?:du tout )?important|aucune priorité", "(?:nada|no) importante|ninguna prioridad"),
        1: _either("not very important|(?:of )?(?:little|low) (?:importance|priority)", "niet zo belangrijk|weinig belangrijk|lage prioriteit", "weniger wichtig|nicht sehr wichtig|geringe priorität", "peu important|priorité faible", "poco importante|prioridad baja"),
        2: _either("slightly important|somewhat important", "enigszins belangrijk|een beetje belangrijk", "etwas wichtig", "un peu important", "algo importante"),
        3: _either("moderately important|fairly important|neutral|(?:medium|moderate|some) (?:importance|priority)", "neutraal|redelijk belangrijk|(?:enige|gemiddelde) prioriteit", "mäßig wichtig|mittlere priorität|neutral|teils teils", "moyennement important|assez important|neutre|priorité moyenne", "moderadamente importante|neutral|prioridad media"),
        4: _either("important|(?:of )?high (?:importance|priority)", "belangrijk|hoge prioriteit", "wichtig|hohe priorität", "important|priorité élevée", "importante|prioridad alta"),
        5: _either(f"{_VERY} important|very high (?:importance|priority)|essential|top priority", "(?:zeer|heel|erg) belangrijk|zeer hoge prioriteit|essentieel|topprioriteit", "sehr wichtig|sehr hohe priorität", "très important|essentiel|priorité très élevée", "muy importante|esencial|prioridad muy alta"),
        6: _either("extremely important|crucial|critical", "uiterst belangrijk|cruciaal", "äußerst wichtig|extrem wichtig", "extrêmement important", "extremadamente importante"),
    },
    "quality": {
        0: _either("(?:very|extremely) (?:bad|poor)|terrible|awful|worst", "(?:zeer|heel|erg) slecht|slechtst", "sehr schlecht|am schlechtesten", "très mauvaise?", "muy malo|muy mala|pésimo"),
        1: _either("bad|poor", "slecht", "schlecht|mangelhaft", "mauvaise?", "malo|mala"),
        2: _either("fair|average|neutral|acceptable|ok|okay|mediocre|neither good nor bad", "matig|redelijk|gemiddeld|neutraal|voldoende", "mittelmäßig|durchschnittlich|befriedigend|ausreichend", "moyenne?|passable|acceptable", "regular|aceptable"),
        3: _either("good", "goed", "gut", "bonne?", "bueno|buena"),
        4: _either("very good", "(?:zeer|heel|erg) goed", "sehr gut", "très bonne?", "muy bueno|muy buena"),
        5: _either("excellent|outstanding|best|exceptional", "uitstekend|best", "ausgezeichnet|hervorragend|am besten", "excellente?", "excelente"),
    },
    "amount": {
        0: _either("not at all(?: \\w+)?|none(?: at all)?|nothing|to no extent", "helemaal niet(?: \\w+)?|in het geheel niet|niets", "gar nicht(?: \\w+)?|überhaupt nicht(?: \\w+)?|nichts", "pas du tout(?: \\w+)?|rien", "nada(?: \\w+)?|en absoluto"),
        1: _either("(?:very )?(?:slightly|little)|a little(?: bit)?|to a (?:small|limited) extent", "een (?:klein )?beetje|nauwelijks|weinig|in (?:geringe|beperkte) mate", "(?:ein )?wenig|kaum|in geringem maße", "(?:un )?peu", "(?:un )?poco"),
        2: _either("somewhat|moderately|to some extent|partly|to a moderate extent", "enigszins|deels|in (?:enige|redelijke) mate|matig|gedeeltelijk", "etwas|teilweise|mäßig|einigermaßen", "moyennement|en partie|assez", "algo|moderadamente|en parte"),
        3: _either("mostly|quite a bit|a lot|much|to a (?:large|great) extent|largely", "grotendeels|veel|in (?:grote|hoge) mate", "überwiegend|ziemlich|viel|in hohem maße|weitgehend", "beaucoup|en grande partie", "mucho|en gran medida|bastante"),
        4: _either("very much|a great deal|extremely|to a very (?:large|great) extent", "heel (?:erg|veel)|zeer veel|in zeer (?:grote|hoge) mate", "sehr(?: viel)?|äußerst|in sehr hohem maße", "énormément|extrêmement", "muchísimo|extremadamente"),
        5: _either("completely(?: \\w+)?|fully|entirely|totally|to the full extent", "helemaal|volledig|geheel", "völlig|vollständig|ganz|voll und ganz", "complètement|totalement|entièrement", "completamente|totalmente"),
    },
    "height": {
        0: _either(f"{_VERY} (?:low|small|laag|klein|niedrig|gering|faible|bajo|baja)"),
        1: _either("low|small|laag|klein|niedrig|gering|faible|bas|bajo|baja"),
        2: _either("medium|moderate|average|middle|neutral|gemiddeld|midden|neutraal|mittel|mittelmäßig|moyen|moyenne|medio|media"),
        3: _either("high|large|hoog|groot|hoch|groß|élevée?|haute?|alto|alta"),
        4: _either(f"{_VERY} (?:high|large|hoog|groot|hoch|groß|élevée?|haute?|alto|alta)"),
    },
    "strength": {
        0: _either(f"{_VERY} (?:weak|zwak|schwach|faible|débil)"),
        1: _either("weak|zwak|schwach|faible|débil"),
        2: _either("neutral|neither weak nor strong|moderate|average|medium|neutraal|gemiddeld|zwak noch sterk|niet zwak(?: en)? niet sterk|mittel|moyen|medio"),
        3: _either("strong|sterk|stark|forte?|fuerte"),
        4: _either(f"{_VERY} (?:strong|sterk|stark|forte?|fuerte)"),
    },
    "yes and no": {
        0: _either("no|nee|nein|non"),
        1: _either("yes|ja|oui|s[ií]"),
    },
}  # fmt: skip
"""Family → level → every way to say it; within a family, levels of one scale must all differ."""

INTERVAL_WORDS = frozenset(
    ["less", "fewer", "under", "below", "up", "to", "than", "more", "over", "above", "or", "and", "between", "from", "until", "at", "least", "most", "older", "younger", "maximum", "minimum", "age", "aged", "none", "of", "minder", "onder", "tot", "dan", "meer", "boven", "of", "en", "tussen", "van", "vanaf", "met", "t", "m", "jonger", "ouder", "leeftijd", "geen", "hoogstens", "minstens", "weniger", "unter", "bis", "als", "mehr", "über", "oder", "und", "zwischen", "von", "ab", "jünger", "älter", "mindestens", "höchstens", "keine", "moins", "de", "plus", "ou", "et", "entre", "à", "a", "partir", "ans", "aucun", "menos", "hasta", "que", "más", "mas", "o", "y", "desde", "al", "year", "years", "yr", "yrs", "jaar", "jahr", "jahre", "jahren", "an", "année", "années", "año", "años", "month", "months", "maand", "maanden", "monat", "monate", "monaten", "mois", "mes", "meses", "week", "weeks", "weken", "woche", "wochen", "semaine", "semaines", "semana", "semanas", "day", "days", "dag", "dagen", "tag", "tage", "tagen", "jour", "jours", "día", "días", "hour", "hours", "uur", "stunde", "stunden", "heure", "heures", "hora", "horas", "minute", "minutes", "minuut", "minuten", "minuto", "minutos", "people", "persons", "person", "employees", "employee", "staff", "personen", "persoon", "medewerkers", "werknemers", "fte", "mitarbeiter", "personnes", "personas", "empleados", "times", "keer", "mal", "fois", "veces", "members", "leden", "firms", "bedrijven", "percent", "per", "cent", "procent", "prozent", "eur", "euro", "euros", "usd", "gbp", "r", "k", "m", "mln", "million", "miljoen", "thousand", "duizend"]
)  # fmt: skip
"""The only words that may stand beside the numbers of an interval."""
