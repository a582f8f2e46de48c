"""A questionnaire, with or without answers, as files of statistical packages: SPSS and Stata."""
