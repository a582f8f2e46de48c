"""A questionnaire as a LimeSurvey survey, and that as the bytes of a file.

Read `survey` first: it goes from questionnaire to survey, with `type_letters`, `attributes` and `markup` for its parts and
`unheld` for what LimeSurvey has no place for. `lss` and `txt` write the survey in the two formats, with `settings`.
"""
