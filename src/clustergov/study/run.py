"""The main job: a checked plan becomes results, tables, figures and reports, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import clustergov
from clustergov.spread.threads import one_thread
from clustergov.study import manifest as record
from clustergov.study.analyse import Drawn, analyse, draw
from clustergov.study.output import MANIFEST, check_output, whole_folder
from clustergov.study.plan import Plan, check_study
from clustergov.study.results import results

if TYPE_CHECKING:
    import pandas as pd

    from clustergov.reports.document import Document
    from clustergov.reports.findings import Findings

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Outcome:
    """What a run wrote.

    Attributes
    ----------
    folder : Path
    reports : tuple of Path
        The Word and HTML reports.
    verdicts : DataFrame
        One row per claim for the terminal; empty when the study has none.
    synthetic : bool
    """

    folder: Path
    reports: tuple[Path, ...]
    verdicts: pd.DataFrame
    synthetic: bool


def run_study(study: Path | str, out: Path | str, *, tell: Tell | None = None) -> Outcome:
    """Check a study, analyse it and write its reports to `out`.

    `tell` is called with (stage, stages done, stages in all) before each stage.

    Raises
    ------
    InputError
        An input is wrong or `out` cannot be written; an earlier output in `out` is whole.
    """
    stages = ["read", "draw", "analyse", "claims", "drivers", "missing", "robustness", "cases", "reports", "write"]
    told = tell or (lambda stage, done, total: None)

    def stage(name: str) -> None:
        told(name, stages.index(name), len(stages))

    stage("read")
    folder = check_output(out)
    plan = check_study(study)
    stage("draw")
    drawn = draw(plan)
    responses = drawn.responses if drawn else plan.responses
    if responses is None:
        raise RuntimeError("a checked plan has a simulation or responses")
    # Sums in one order on every machine; and the many small matrices of an analysis are faster so.
    with one_thread():
        findings = analyse(plan, responses, drawn, stage=stage)
    stage("reports")
    documents, bytes_of = _reports(plan, findings)
    stage("write")
    with whole_folder(folder) as fresh:
        _write(fresh, plan, findings, drawn, documents, bytes_of)
    reports = tuple(folder / name for name in bytes_of if name.startswith("report."))
    return Outcome(folder, reports, _for_terminal(findings), responses.synthetic)


def _reports(plan: Plan, findings: Findings) -> tuple[tuple[Document, ...], Mapping[str, bytes]]:
    from clustergov.reports.compose import compose
    from clustergov.reports.html import render_html
    from clustergov.reports.word import render_word

    documents = tuple(compose(findings, language) for language in plan.study.languages)
    rendered: dict[str, bytes] = {}
    for document in documents:
        rendered[f"report.{document.language}.docx"] = render_word(document)
        rendered[f"report.{document.language}.html"] = render_html(document).encode()
    return documents, rendered


def _write(
    folder: Path, plan: Plan, findings: Findings, drawn: Drawn | None, documents: tuple[Document, ...],
    rendered: Mapping[str, bytes],
) -> None:  # fmt: skip
    from clustergov.analysis.claims.assessment import claims_frame
    from clustergov.reports.codebook_html import render_codebook_html
    from clustergov.reports.tables import write_figures, write_tables
    from clustergov.survey.columns import columns_frame
    from clustergov.survey.synthetic.truth import write_truth
    from clustergov.survey.writing import write_responses

    for name, content in rendered.items():
        (folder / name).write_bytes(content)
    responses = findings.responses
    private = folder if responses.synthetic else folder / "private"
    private.mkdir(exist_ok=True, mode=0o700)
    write_responses(responses, private / "responses.csv", free_text=responses.synthetic)
    if drawn is not None:
        write_truth(drawn.truth, folder / "truth.json")
    if responses.origin.columns:
        columns_frame(responses.origin.columns).to_csv(folder / "columns.csv", index=False, lineterminator="\n")
    if findings.claimed is not None:
        language = "en" if "en" in plan.study.languages else plan.study.languages[0]
        table = claims_frame(findings.claimed.assessments, language)
        table.to_csv(folder / "claims.csv", index=False, lineterminator="\n", encoding="utf-8")
    codebook = render_codebook_html(plan.questionnaire, responses=responses, minimum=findings.minimum)
    (folder / "codebook.html").write_text(codebook, encoding="utf-8", newline="\n")
    for document in documents:
        write_tables(document, folder / "tables" / document.language)
        write_figures(document, folder / "figures" / document.language)
    _write_json(folder / "results.json", dict(results(findings)))
    _write_json(folder / MANIFEST, asdict(_manifest(folder, plan, synthetic=responses.synthetic)))


def _manifest(folder: Path, plan: Plan, *, synthetic: bool) -> record.Manifest:
    return record.Manifest(
        study=plan.study.study,
        version=clustergov.__version__,
        code=record.code_hash(),
        inputs=record.hashes(plan.inputs, plan.folder),
        outputs=record.hashes((path for path in folder.rglob("*") if path.is_file()), folder),
        environment=record.environment(),
        seeds={"study": plan.study.seed},
        synthetic=synthetic,
    )


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _for_terminal(findings: Findings) -> pd.DataFrame:
    import pandas as pd

    claimed = findings.claimed
    if claimed is None:
        return pd.DataFrame()
    rows = []
    for assessment in claimed.assessments:
        row = {
            "claim": assessment.claim.id,
            "statement": assessment.claim.statement.to("en"),
            "verdict": assessment.verdict,
        }
        if claimed.rehearsal is not None:
            row["rehearsal"] = claimed.rehearsal.outcome_text(assessment.claim.id, "en")
        rows.append(row)
    return pd.DataFrame(rows)
