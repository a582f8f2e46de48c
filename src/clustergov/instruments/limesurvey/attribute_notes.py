"""LimeSurvey's attributes of questions: what each says, which values say nothing, and what of them is not expressed."""

from __future__ import annotations

from collections.abc import Mapping

from clustergov.instruments.limesurvey.losses import Losses, brief
from clustergov.instruments.limesurvey.structure import LimeQuestion

OFF = frozenset({"", "0", "N", "no", "off"})
"""Values by which an attribute is switched off."""

MEANING: Mapping[str, str] = {
    "array_filter": "shows only what was ticked in another question", "array_filter_exclude": "hides what was ticked in another question",
    "assessment_value": "points for an assessment", "choice_title": "words above the choices", "cssclass": "a style of its own",
    "date_format": "how a date is written", "date_max": "the latest date allowed", "date_min": "the earliest date allowed",
    "em_validation_q": "a rule for the answers", "em_validation_q_tip": "words that go with a rule for the answers",
    "em_validation_sq": "a rule for each answer", "em_validation_sq_tip": "words that go with a rule for each answer",
    "equals_num_value": "the sum that the numbers must have", "equation": "the formula of a computed answer",
    "exclude_all_others": "an item that excludes all others", "hidden": "never shown to respondents",
    "max_answers": "the most answers allowed", "max_filesize": "the largest file allowed, in kB", "max_num_of_files": "the most files allowed",
    "max_num_value": "the largest sum allowed", "max_num_value_n": "the largest number allowed", "maximum_chars": "the most characters allowed",
    "min_answers": "the fewest answers allowed", "min_num_of_files": "the fewest files allowed", "min_num_value": "the smallest sum allowed",
    "min_num_value_n": "the smallest number allowed", "multiflexible_step": "the step between numbers", "numbers_only": "only numbers may be written",
    "allowed_filetypes": "the kinds of files allowed", "other_comment_mandatory": "“other” needs a text", "other_numbers_only": "“other” takes numbers only",
    "placeholder": "words in the empty field", "prefix": "words before the field", "suffix": "words behind the field",
    "printable_help": "help in print", "random_group": "shown in random order with questions of the same name", "rank_title": "words above the ranking",
    "random_order": "a random order", "answer_order": "an order of the answers", "subquestion_order": "an order of the subquestions", "reverse": "the scale turned round",
    "slider_accuracy": "the step of the slider", "slider_default": "where the slider starts", "slider_layout": "shown as a slider",
    "time_limit": "seconds to answer within", "value_range_allows_missing": "whether the limits may be left open", "alphasort": "answers sorted by the alphabet",
    "other_replace_text": "the words for “other”", "slider_min": "the left end of the slider", "slider_max": "the right end of the slider",
    "commented_checkbox": "when a remark may be written", "multiflexible_min": "the smallest number allowed", "multiflexible_max": "the largest number allowed",
}  # fmt: skip
"""What an attribute does, in the words of a note."""

_DEFAULTS: Mapping[str, frozenset[str]] = {
    name: frozenset(values.split())
    for name, values in {
        "answer_order": "normal 0", "assessment_value": "1", "category_separator": "-", "commented_checkbox": "checked",
        "commented_checkbox_auto": "1", "crop_or_resize": "resize 0", "display_columns": "1 0", "dropdown_dates_minute_step": "1", "fix_height": "200",
        "fix_width": "-1", "location_mapheight": "300", "location_mapwidth": "500", "location_mapzoom": "11", "max_filesize": "10240",
        "max_num_of_files": "1", "multiflexible_step": "1", "other_position": "default end 0", "relevance": "1", "samechoiceheight": "1",
        "samelistheight": "1", "show_comment": "1", "show_title": "1", "showpopups": "1", "show_totals": "X", "show_search": "false", "show_tick": "false",
        "slider_custom_handle": "f1ae", "slider_default_set": "1", "slider_separator": "|", "statistics_showgraph": "1", "statistics_showmap": "1",
        "subquestion_order": "normal 0", "time_limit_action": "1", "value_range_allows_missing": "1", "visualize": "list", "width_entry": "false",
        "button_size": "default",
    }.items()
}  # fmt: skip
"""Values that LimeSurvey writes of its own accord and that mean: as usual. For these attributes “0” may mean something."""

_LOOKS = frozenset(
    ["add_platform_info", "addlineicon", "answer_width", "answer_width_bycolumn", "autoaddnewline", "button_size", "category_separator",
     "choice_input_columns", "crop_or_resize", "cssclass", "display_columns", "display_rows", "display_type", "dropdown_dates",
     "dropdown_dates_minute_step", "dropdown_dates_month_style", "dropdown_prefix", "dropdown_prepostfix", "dropdown_separators", "dropdown_size",
     "fix_height", "fix_width", "hide_tip", "horizontal_scroll", "input_boxes", "input_size", "keep_aspect", "label_input_columns",
     "max_buttons_row", "only_pull", "page_break", "public_statistics", "repeat_headings", "samechoiceheight", "samelistheight",
     "save_as_default", "scale_export", "show_grand_total", "show_handle", "show_number", "show_search", "show_tick", "show_totals", "showpopups",
     "slider_custom_handle", "slider_handle", "slider_orientation", "slider_rating", "slider_reset", "slider_reversed", "slider_separator",
     "slider_showminmax", "statistics_graphtype", "statistics_showgraph", "statistics_showmap", "text_input_columns", "text_input_width",
     "thousands_separator", "use_dropdown", "visualize", "width_entry"]
)  # fmt: skip
"""Attributes that change how a question looks, or how its statistics do, and nothing else."""


def says_nothing(name: str, value: str) -> bool:
    """Whether an attribute has the value that it has where nobody set it."""
    value = value.strip()
    return not value or value in _DEFAULTS.get(name, OFF)


def note_attributes(question: LimeQuestion, code: str, losses: Losses) -> None:
    """Add to the losses every attribute of a question that was not taken and says something."""
    for name, value in question.left():
        if says_nothing(name, value):
            continue
        if name in _LOOKS:
            losses.add("limesurvey-appearance", "how questions look is not imported", code, value=f"{name} = {value}")
            continue
        meaning = f", {MEANING[name]}," if name in MEANING else ""
        what = f"the attribute “{brief(name)}”{meaning} is not expressed"
        losses.add("limesurvey-attribute", what, code, value=value, line=question.line)


def is_on(question: LimeQuestion, name: str) -> bool:
    """Whether an attribute is switched on; it then counts as expressed."""
    return question.take(name) not in OFF
