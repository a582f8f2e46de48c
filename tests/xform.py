"""An XForm as ODK would run it, evaluated by libxml2 instead of our own code: which rows are relevant for which answers.

pyxform makes the XForm; the functions of ODK that XPath 1.0 lacks are written here from their specification
(https://getodk.github.io/xforms-spec/#xpath-functions).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree
from pyxform.xls2xform import convert

XF = "{http://www.w3.org/2002/xforms}"


def _expression(text: str) -> str:
    return f"boolean({re.sub(r'(?<![a-z-])round[(]', 'rounded(', text)})"


def _text(value: Any) -> str:
    if isinstance(value, list):
        return (value[0].text or "") if value else ""
    return str(value)


def _number(value: Any) -> float:
    if isinstance(value, bool | int | float):
        return float(value)
    try:
        return float(_text(value))
    except ValueError:
        return math.nan


def _round(_: Any, value: Any, places: float = 0.0) -> float:
    number = _number(value)
    return round(number, int(places)) if math.isfinite(number) else number


def _selected_at(_: Any, value: Any, place: float) -> str:
    codes = _text(value).split()
    return codes[int(place)] if int(place) < len(codes) else ""


def _plain(value: Any) -> Any:
    return _text(value) if isinstance(value, list) else value


FUNCTIONS = {
    (None, "selected"): lambda _, value, code: _text(code) in _text(value).split(),
    (None, "selected-at"): _selected_at,
    (None, "count-selected"): lambda _, value: float(len(_text(value).split())),
    (None, "coalesce"): lambda _, one, other: _plain(one) if _text(one) != "" else _plain(other),
    (None, "if"): lambda _, test, yes, no: _plain(yes) if test else _plain(no),
    # libxml2 has a function of that name with one argument, which cannot be replaced.
    (None, "rounded"): _round,
}


class XForm:
    """One form with its answers, all blank at first."""

    def __init__(self, workbook: bytes) -> None:
        self.xml = convert(xlsform=workbook, validate=False, file_type=".xlsx").xform
        root = etree.fromstring(self.xml.encode())
        self.data = _bare(next(iter(root.find(f".//{XF}instance"))))
        self.binds = {bind.get("nodeset"): dict(bind.attrib) for bind in root.iter(f"{XF}bind")}
        self.itext = {
            translation.get("lang"): {
                text.get("id"): "".join(text.find(f"{XF}value").itertext()).strip() for text in translation
            }
            for translation in root.iter(f"{XF}translation")
        }
        self.filters = {
            select.get("ref"): match[1]
            for select in root.iter(f"{XF}select")
            for itemset in select.iter(f"{XF}itemset")
            if (
                match := re.fullmatch(
                    r"(?:randomize\()?instance\('[^']*'\)/root/item\[(.*)\]\)?", itemset.get("nodeset")
                )
            )
        }
        self.choices = {
            instance.get("id"): [item.findtext(f"{XF}name") for item in instance.iter(f"{XF}item")]
            for instance in root.iter(f"{XF}instance")
            if instance.get("id")
        }
        self.paths = {path.rsplit("/", 1)[-1]: path for path in self.binds}

    def node(self, path: str) -> Any:
        return self.data.getroottree().xpath(path)[0]

    def answer(self, values: Mapping[str, str]) -> set[str]:
        """Fill in values by row name; names of the rows that are relevant. What is not relevant is emptied."""
        for name, path in self.paths.items():
            node = self.node(path)
            if not len(node):
                node.text = values.get(name, "")
        hidden: set[str] = set()
        for path, bind in self.binds.items():
            covered = any(path.startswith(f"{other}/") for other in hidden)
            if covered or ("relevant" in bind and not self.holds(bind["relevant"], path)):
                hidden.add(path)
                for node in self.node(path).iter():
                    node.text = None
        return {name for name, path in self.paths.items() if path not in hidden}

    def holds(self, expression: str, path: str) -> bool:
        return bool(self.node(path).xpath(_expression(expression), extensions=FUNCTIONS))

    def offered(self, name: str, code: str) -> bool:
        """Whether a choice is shown, as its filter says."""
        expression = self.filters.get(self.paths[name])
        if expression is None:
            return True
        item = etree.SubElement(self.data, "item")
        etree.SubElement(item, "name").text = code
        try:
            return bool(item.xpath(_expression(expression), extensions=FUNCTIONS))
        finally:
            self.data.remove(item)


def _bare(element: Any) -> Any:
    """A copy without namespaces, for the paths in a form have none."""
    copy = etree.Element(etree.QName(element).localname)
    for child in element:
        copy.append(_bare(child))
    return copy
