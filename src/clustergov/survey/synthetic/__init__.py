"""Synthetic respondents of any questionnaire: what they could answer, and a covering set of them for tests of fieldwork."""
