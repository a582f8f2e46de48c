"""A report in one language: the chapters, in the order in which they are read."""

from __future__ import annotations

from clustergov.language import say
from clustergov.reports.chapters.agreement import agreement
from clustergov.reports.chapters.cases import cases
from clustergov.reports.chapters.claims import banner_mark, claims
from clustergov.reports.chapters.drivers import drivers
from clustergov.reports.chapters.factors import factors
from clustergov.reports.chapters.introduction import introduction
from clustergov.reports.chapters.items import items
from clustergov.reports.chapters.joint import joint
from clustergov.reports.chapters.limits import limits
from clustergov.reports.chapters.measurement import measurement
from clustergov.reports.chapters.method import method
from clustergov.reports.chapters.missing import missing
from clustergov.reports.chapters.multiverse import multiverse
from clustergov.reports.chapters.plan_deviations import plan_deviations
from clustergov.reports.chapters.qca import qca
from clustergov.reports.chapters.questions import questions
from clustergov.reports.chapters.reliability import reliability
from clustergov.reports.chapters.replication import replication
from clustergov.reports.chapters.respondents import respondents
from clustergov.reports.chapters.response import response
from clustergov.reports.chapters.sources import sources
from clustergov.reports.chapters.summary import summary
from clustergov.reports.chapters.sweet_spot import sweet_spot
from clustergov.reports.document import Block, Contents, Document
from clustergov.reports.findings import Findings
from clustergov.reports.wording import tagged


def compose(findings: Findings, language: str) -> Document:
    """Answers first, limits up front, then what the answers and the cases say, then how it was done."""
    banner = banner_mark(findings, language)
    blocks: list[Block] = [
        Contents(),
        *summary(findings, language),
        *limits(findings, language),
        *introduction(findings, language),
        *respondents(findings, language),
    ]
    if findings.responses.design is not None:
        blocks += response(findings, findings.responses.design, language)
    if findings.claimed is not None:
        blocks += claims(findings, findings.claimed, language)
        blocks += replication(findings.claimed.beside, language)
    if findings.drivers is not None:
        blocks += drivers(findings, findings.drivers, language)
    if findings.imputed is not None:
        blocks += missing(findings.imputed, language, banner=banner)
    if findings.multiverse is not None:
        blocks += multiverse(findings.multiverse, language, banner=banner)
    if findings.sweet_spot is not None:
        blocks += sweet_spot(findings.sweet_spot, language, banner=banner)
    if findings.qca is not None:
        blocks += qca(findings.qca, language, banner=banner)
    blocks += items(findings, language)
    blocks += reliability(findings, language)
    if findings.structures:
        blocks += factors(findings.structures, language, banner)
    if findings.measurement is not None:
        blocks += measurement(findings.measurement, language)
    if findings.cases is not None:
        blocks += cases(findings.cases, language)
        titles = {case.case: case.title for case in findings.cases.corpus.cases}
        remarks = [each.remark for each in findings.cases.corpus.rounds if each.remark]
        blocks += agreement(findings.cases.agreement, language, titles, remarks=remarks)
        if findings.cases.joint is not None:
            blocks += joint(findings.cases.joint, language, findings.cases.model, banner=banner)
    if findings.claimed is not None:
        blocks += method(findings.claimed, language)
    if findings.preregistered is not None:
        blocks += plan_deviations(findings.preregistered, language)
    blocks += questions(findings, language)
    blocks += sources(findings, language)
    return Document(
        title=tagged(findings.title, language),
        subtitle=findings.subtitle.to(language) if findings.subtitle else "",
        language=language,
        author=findings.author,
        date=findings.date,
        blocks=tuple(blocks),
        banner=say("chapters.banner", language) if findings.responses.synthetic else "",
    )
