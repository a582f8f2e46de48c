// What SurveyJS makes of expressions and forms. Reads {"task": …, "jobs": […]} on standard input, writes one result per job.
"use strict";
const fs = require("fs");
const Survey = require("survey-core");
console.warn = console.error = () => {};

// The verdict on an expression for answers by element: true, false, or null where it is no expression.
function evaluate({ expression, data }) {
  const runner = new Survey.ConditionRunner(expression);
  return runner.canRun() ? Boolean(runner.runValues(data)) : null;
}

// Gives each element, in the order of the form, its answer of the round where it is shown; rows and boxes likewise.
function answer(survey, answers) {
  for (const question of survey.getAllQuestions()) {
    const value = answers[question.name];
    if (!question.isVisibleInSurvey || value === undefined) continue;
    if (question.getType() === "matrix") {
      const shown = new Set(question.visibleRows.map((row) => row.name));
      const kept = Object.fromEntries(Object.entries(value).filter(([row]) => shown.has(row)));
      question.value = { ...question.value, ...kept };
    } else if (question.getType() === "checkbox") {
      const shown = new Set(question.visibleChoices.map((choice) => choice.value));
      question.value = value.filter((box) => shown.has(box));
    } else {
      question.value = value;
    }
  }
}

// Fills a form in by rounds of answers, the later ones changes of mind, and completes it without its checks.
function fill({ form, rounds }) {
  const survey = new Survey.SurveyModel(form);
  const errors = (survey.jsonErrors || []).map((error) => error.message);
  for (const answers of rounds) answer(survey, answers);
  const shown = survey.getAllQuestions().filter((question) => question.isVisibleInSurvey).map((question) => question.name);
  const before = JSON.parse(JSON.stringify(survey.data));
  survey.doComplete();
  return { errors, shown, before, after: survey.data };
}

// The sentences with which a form refuses answers, by element.
function refuse({ form, data }) {
  const survey = new Survey.SurveyModel(form);
  survey.data = data;
  survey.autoFocusFirstError = false;
  survey.validate(true, false);
  const found = survey.getAllQuestions().filter((question) => question.errors.length > 0);
  return Object.fromEntries(found.map((question) => [question.name, question.errors.map((error) => error.getText())]));
}

const { task, jobs } = JSON.parse(fs.readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(jobs.map({ evaluate, fill, refuse }[task])));
