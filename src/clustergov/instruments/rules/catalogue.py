"""Every rule of the check: its severity, whether an import may carry a break of it over, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clustergov.problems import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes
    ----------
    meaning : str
        What is wrong where it is broken, in one clause.
    severity : Severity
        error: cannot be represented or deployed, or cannot be what was meant. warning: can be, and is often a slip.
    carried_over : bool
        An imported questionnaire may have been in the field that way: there a break of it is a warning, marked imported.
    """

    meaning: str
    severity: Severity
    carried_over: bool


def _rules(severity: Severity, carried_over: bool, **meanings: str) -> dict[str, Rule]:
    return {name.replace("_", "-"): Rule(meaning, severity, carried_over) for name, meaning in meanings.items()}


RULES: Mapping[str, Rule] = {
    **_rules(
        "error", False,
        construct_code="The code of a construct is no letter followed by letters, digits and _.",
        duplicate_construct_code="Two constructs have one code.",
        duplicate_indicator="Two indicators have one code.",
        duplicate_item="A construct names an item twice, which would count twice.",
        duplicate_item_code="Two items of a question have one code (capitals do not count).",
        duplicate_question_code="Two questions have one code (capitals do not count).",
        duplicate_variable="Two answers, or an answer and a construct, would have one name.",
        formula_without_variable="The formula of an indicator looks at no answer.",
        indicator_code="The code of an indicator is no letter followed by letters, digits and _.",
        item_without_range="An item of a construct has no numbers within limits.",
        items_not_allowed="A kind of question that has no items has some.",
        languages="No language is declared, or one twice.",
        limit_not_allowed="A kind of question that has no numbers has a limit, a total or integer.",
        mark_without_source="A mark says that something stands in a source, and none is named.",
        minimum_valid="The number of valid items that a construct needs is not from 1 to their number.",
        missing_scale="A question that is answered on a scale has none.",
        mixed_scales="Items of a construct have scales of different length, so their mean has no meaning.",
        other_not_allowed="A kind of question that has no free “other” answer is given one.",
        reversed_not_item="A construct reverses what is no item of it.",
        routing_syntax="A condition, constraint or formula cannot be read.",
        scale_not_allowed="A kind of question that has no scale is given one.",
        unknown_dimension="An indicator belongs to a dimension that is not listed.",
        unknown_scale="There is no scale of that name.",
        unknown_source="A source is named that is not listed.",
        unknown_variable="A construct or formula names a variable that is not there.",
    ),
    **_rules(
        "error", True,
        answer_code="LimeSurvey: an answer code is not one to five letters and digits; it would be dropped in silence.",
        constraint_contradiction="No answer can meet the constraint, given the limits and what was answered before.",
        direction_of_one="An ordered scale has a single substantive option.",
        division_by_zero="A number is divided by the constant 0.",
        double_sum_rule="Two rules (totals, constraints) bound the same sum from the same side, or one fixes it.",
        duplicate_answer_code="Two options of a scale have one code (capitals do not count).",
        duplicate_section_code="Two sections have one code.",
        empty_scale="A scale has no substantive option.",
        item_code="LimeSurvey: an item code is not one to twenty letters and digits.",
        item_condition_not_allowed="A place of a ranking has a condition of its own.",
        minimum_above_maximum="The minimum is larger than the maximum.",
        missing_items="A question that has items, or a construct, has none.",
        missing_translation="A text is missing or empty in a declared language.",
        other_twice="A free “other” answer stands beside two options that mean other.",
        other_without_option="A free “other” answer is offered and the scale has no option for it.",
        question_code="LimeSurvey: a question code is no letter followed by letters and digits, at most 20 in all.",
        random_order_not_allowed="A question without options or items is to be shown in an order of chance.",
        required_note="A note is required, and has no answer.",
        required_unanswerable="A question is required and its constraint rules out every answer.",
        reserved_code="A code has a meaning of its own in routing or in LimeSurvey.",
        routing_beyond_range="A number is compared with one that its limits, or the scale, rule out.",
        routing_blank_code="A comparison with an option that is no substantive answer; it is always false.",
        routing_code_for_number="A number is compared with a code in quotation marks.",
        routing_contradiction="A condition contradicts itself.",
        routing_cycle="Questions wait for each other in a circle.",
        routing_forward="A condition looks at a question that comes later, or at its own.",
        routing_no_number="Something is computed with answers that are no numbers.",
        routing_no_order="Answers without an order are compared by size.",
        routing_unknown_code="A variable is compared with a code that it does not have.",
        routing_unknown_variable="A condition names a variable that is not there.",
        section_code="The code of a section is no letter followed by letters and digits, at most 20 in all.",
        total_without_minimum="Numbers that add up to a total may be negative.",
        unreachable="A question or item can never be asked because of what its condition looks at.",
        unreachable_total="The items' limits, or whole numbers, rule the total out.",
    ),
    **_rules(
        "warning", True,
        codes_against_order="The numeric codes of an ordered scale run against the order of its options.",
        comparison_always="A comparison holds for every allowed answer, as the number is out of range.",
        constraint_always="Every allowed answer meets the constraint anyway, or it never applies to anybody.",
        constraint_without_message="Nobody is told what is wrong when the constraint does not hold.",
        ddi_id="DDI: the code cannot begin the ID of a variable.",
        duplicate_text="Two options of a scale, or two items of a question, read the same in a language.",
        message_without_constraint="There is a message for a constraint, and no constraint.",
        missing_code="The numeric codes of an ordered scale have a gap, as in 1, 2, 4.",
        mixed_directions="Scales of a construct's items run in different directions, and none is listed as reversed.",
        overlapping_options="Two classes of numbers share one, as 1-5 and 5-10 do.",
        routing_always="A condition holds for everybody who gets to it.",
        scale_direction="The texts of a scale run against its declared direction.",
        spss_name="SPSS: a variable gets another name there (too long, a reserved word, or only capitals tell it from another).",
        stata_name="Stata: a variable gets another name there (too long, a reserved word, or only capitals tell it from another).",
        undeclared_language="A text is given in a language that is not declared.",
        xlsform_choice_name="XLSForm: a choice of a select_multiple has a blank in its code.",
        xlsform_name="XLSForm: a question code is no name there.",
    ),
    **_rules(
        "warning", False,
        source_without_mark="A source is named and no mark says how well it is known.",
        unused_dimension="No indicator belongs to a dimension.",
        unused_scale="No question uses a scale.",
        unused_source="Nothing refers to a source.",
    ),
}  # fmt: skip
"""By name, in the groups of their severity."""


def rules_page() -> str:
    """The page of the documentation that lists the rules, in Markdown."""
    lines = [
        "# Rules for questionnaires",
        "",
        "`clustergov instruments check FILE` tells every break of these rules with line, column and remedy. An error stops",
        "whatever needs the questionnaire; a warning does not, unless `--strict` makes it an error. What an imported file",
        "may carry over from the original is a warning there, marked *imported*.",
        "",
        "| rule | severity | imported | what is wrong |",
        "| --- | --- | --- | --- |",
    ]
    for name, rule in sorted(RULES.items()):
        lines.append(
            f"| `{name}` | {rule.severity} | {'warning' if rule.carried_over else rule.severity} | {rule.meaning} |"
        )
    return "\n".join(lines) + "\n"
