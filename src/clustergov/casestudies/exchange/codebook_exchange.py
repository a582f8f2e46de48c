"""A REFI-QDA codebook (.qdc): codes without texts."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from clustergov.casestudies.exchange.code_elements import add_codes, read_codes
from clustergov.casestudies.exchange.refi import Code, Project
from clustergov.casestudies.exchange.safe_xml import child, children, legal, local, namespace, parse_xml
from clustergov.instruments.exchange import Notes
from clustergov.problems import InputError, Problem

NAMESPACE = "urn:QDA-XML:codebook:1.0"


def write_codebook(codes: Sequence[Code], *, origin: str, file: str = "") -> bytes:
    """A .qdc with these codes, each after the one above it.

    Raises
    ------
    InputError
        There is no code: the schema has no empty codebook.
    """
    if not codes:
        raise InputError(
            Problem("no-codes", "expected at least one concept, found none.", "A .qdc cannot be empty.", file=file)
        )
    tag = f"{{{NAMESPACE}}}"
    root = etree.Element(f"{tag}CodeBook", nsmap={None: NAMESPACE})
    root.set("origin", legal(origin))
    add_codes(etree.SubElement(root, f"{tag}Codes"), codes, tag, references=False)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content


def read_codebook(content: bytes, file: str, notes: Notes) -> Project:
    """Read a .qdc as a project that holds codes only.

    Raises
    ------
    InputError
        It is no REFI-QDA codebook.
    """
    root = parse_xml(content, wanted="a REFI-QDA codebook", file=file)
    if local(root) not in ("CodeBook", "Codebook"):
        raise InputError(
            Problem("refi-kind", f"expected a REFI-QDA codebook, found an XML document <{local(root)[:40]}>.",
                    "A whole project ends in .qdpx.", file=file)
        )  # fmt: skip
    known = namespace(root)
    if known != NAMESPACE:
        notes.add("refi-namespace", f"the namespace is {known or 'missing'}; it was read as {NAMESPACE}.")
    if sets := sum(1 for _ in children(child(root, "Sets"), "Set")):
        notes.add("refi-sets", f"left out: {sets} sets of codes; there is no place for them.")
    return Project(name="", origin=root.get("origin", ""), codes=read_codes(child(root, "Codes"), notes))
