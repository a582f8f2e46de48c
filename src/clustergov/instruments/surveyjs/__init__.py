"""Export to SurveyJS (the form library survey-core, MIT): a form as JSON, and its results as our variables."""

from clustergov.instruments.surveyjs.answers import answers
from clustergov.instruments.surveyjs.form import to_surveyjs

__all__ = ["answers", "to_surveyjs"]
