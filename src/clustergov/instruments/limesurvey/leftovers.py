"""Notes of what a LimeSurvey file holds besides questions: settings, quotas, assessments, defaults, and stray cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from clustergov.instruments.limesurvey.losses import Losses, brief
from clustergov.instruments.limesurvey.rows import OFF
from clustergov.instruments.limesurvey.structure import Leftover, LimeSurvey

_TABLES: Mapping[str, tuple[str, str]] = {
    "assessments": ("assessments", "assessment rules are not imported"),
    "class AS": ("class AS", "assessment rules are not imported"),
    "quota": ("quota", "quotas are not imported"),
    "class QTA": ("class QTA", "quotas are not imported"),
    "quota_members": ("quota_members", "answers that count for quotas are not imported"),
    "class QTAM": ("class QTAM", "answers that count for quotas are not imported"),
    "quota_languagesettings": ("quota_languagesettings", "the messages of quotas are not imported"),
    "class QTALS": ("class QTALS", "the messages of quotas are not imported"),
    "defaultvalues": ("defaultvalues", "default answers are not imported"),
    "defaultvalue_l10ns": ("defaultvalues", "default answers are not imported"),
    "column default": ("column default", "default answers are not imported"),
    "survey_url_parameters": ("survey_url_parameters", "parameters of the survey's address are not imported"),
    "plugin_settings": ("plugin_settings", "settings of plugins are not imported"),
    "themes": ("themes", "settings of the survey's looks are not imported"),
    "themes_inherited": ("themes", "settings of the survey's looks are not imported"),
}  # fmt: skip
_COLUMNS: Mapping[str, tuple[str, str]] = {
    "randomization_group": ("limesurvey-order-of-groups", "groups are shown in random order; that is not imported"),
    "random_group": ("limesurvey-order-of-groups", "groups are shown in random order; that is not imported"),
    "encrypted": ("limesurvey-not-imported", "that answers are stored encrypted is not imported"),
    "question_theme_name": ("limesurvey-appearance", "how questions look is not imported"),
    "script": ("limesurvey-not-imported", "scripts of questions are not imported"),
    "help": ("limesurvey-not-imported", "help of single subquestions is not imported"),
    "preg": ("limesurvey-not-imported", "patterns of single subquestions are not checked"),
}
_PLAIN = re.compile(r"[A-Z]|-?\d{1,4}")
_ORPHANS = frozenset(["questions", "subquestions", "answers", "question_l10ns", "answer_l10ns", "group_l10ns", "question_attributes", "conditions"])  # fmt: skip


def note_leftovers(survey: LimeSurvey, losses: Losses) -> None:
    """Add everything that has no place in the questionnaire to the losses."""
    _note_settings(survey.settings, losses)
    for left in survey.leftovers:
        if left.table in _TABLES:
            at, what = _TABLES[left.table]
            losses.add("limesurvey-not-imported", what, left.place, value=left.value, at=at)
        elif not left.column:
            _note_row(left, losses)
        elif left.column == "assessment_value":
            # Every answer of a survey may have them: the question will do.
            what = "points for assessments are not imported"
            losses.add("limesurvey-not-imported", what, left.place.partition(", answer ")[0])
        elif left.column in _COLUMNS:
            rule, what = _COLUMNS[left.column]
            at = "groups" if rule == "limesurvey-order-of-groups" else ""
            losses.add(rule, what, left.place, value=left.value, at=at)
        elif left.column in OFF or left.table in _ORPHANS or left.table.startswith("class "):
            what = f"a second or stray value of “{brief(left.column)}” ({brief(left.table)}) is not imported"
            losses.add("limesurvey-stray", what, left.place, value=left.value)
        else:
            what = f"“{brief(left.column)}” of the table “{brief(left.table)}” is not imported"
            losses.add("limesurvey-not-imported", what, left.place, value=left.value)


def _note_row(left: Leftover, losses: Losses) -> None:
    if left.table in _ORPHANS:
        what = f"rows of the table “{left.table}” belong to no question and are not imported"
        losses.add("limesurvey-stray", what, left.place)
    elif left.table.startswith("class "):
        what = f"rows of the {brief(left.table)} are not imported here"
        losses.add("limesurvey-not-imported", what, left.place, at=left.table)
    else:
        what = f"rows of the table “{brief(left.table)}” are not imported"
        losses.add("limesurvey-not-imported", what, left.place, at=left.table)


def _note_settings(settings: Sequence[tuple[str, str]], losses: Losses) -> None:
    """Name every setting; its value only where it is a switch or a small number, for longer ones may tell of persons."""
    for name, value in settings:
        if value.strip():
            shown = value.strip() if _PLAIN.fullmatch(value.strip()) else ""
            told = f"{brief(name)} = {shown}" if shown else brief(name)
            losses.add("limesurvey-settings", "the survey's settings, addresses and e-mails are not imported", told, at="settings")  # fmt: skip
