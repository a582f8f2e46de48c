"""What a dry run writes: its figures as JSON, and a short report in each language, whole or not at all."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import clustergov
from clustergov.reports.html import render_html
from clustergov.reports.tables import write_tables
from clustergov.reports.word import render_word
from clustergov.study import manifest as record
from clustergov.study.dry_run import DryRun
from clustergov.study.dry_run_document import dry_run_document
from clustergov.study.output import MANIFEST, whole_folder
from clustergov.study.plain import plain
from clustergov.study.plan import Plan


def write_dry_run(plan: Plan, found: DryRun, folder: Path) -> tuple[Path, ...]:
    """Write dry-run.json, the reports and their tables to `folder`; return the reports.

    Raises
    ------
    InputError
        The folder cannot be written.
    """
    documents = [dry_run_document(plan, found, language) for language in plan.study.languages]
    rendered = {f"dry-run.{document.language}.docx": render_word(document) for document in documents}
    rendered |= {f"dry-run.{document.language}.html": render_html(document).encode() for document in documents}
    with whole_folder(folder) as fresh:
        for name, content in rendered.items():
            (fresh / name).write_bytes(content)
        for document in documents:
            write_tables(document, fresh / "tables" / document.language)
        _write(fresh / "dry-run.json", {"synthetic": True, "clustergov": clustergov.__version__, **plain(found)})
        manifest = record.Manifest(
            study=plan.study.study,
            version=clustergov.__version__,
            code=record.code_hash(),
            inputs=record.hashes(plan.inputs, plan.folder),
            outputs=record.hashes((path for path in fresh.rglob("*") if path.is_file()), fresh),
            environment=record.environment(),
            seeds={"study": plan.study.seed},
            synthetic=True,
        )
        _write(fresh / MANIFEST, asdict(manifest))
    return tuple(folder / name for name in rendered)


def _write(path: Path, content: dict[str, object]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
