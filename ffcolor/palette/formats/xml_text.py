"""XML as palette files have it: a document type is passed over, and its entities are plain words that cannot grow."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from ffcolor.palette.content import file_error

_TYPE = re.compile(r"""<!DOCTYPE\s(?:"[^"]*"|'[^']*'|[^\["'>])*(?:\[(?P<inside>[^\]]*)\]\s*)?>""")
_ENTITY = re.compile(r"""<!ENTITY\s+([\w.-]+)\s+("[^"&%<]*"|'[^'&%<]*')\s*>""")
_OTHER = re.compile(r"<!(?:ELEMENT|ATTLIST|NOTATION)\s[^>]*>|<!--.*?-->", re.DOTALL)
_GROWN = 1 << 22  # letters that all entities together may come to


def parsed_xml(text: str) -> ElementTree.Element:
    """The root of an XML text.

    Raises:
        FfcolorError: ``palette-file``: it is not XML, or its document type declares what could grow without end.
    """
    start = text.find("<!DOCTYPE")
    if start >= 0:
        _check_type(text, start)
    try:
        return ElementTree.fromstring(text.encode())
    except (ElementTree.ParseError, ValueError) as error:
        raise file_error(f"it is not XML: {error}") from error


def _check_type(text: str, start: int) -> None:
    """Refuse a document type whose entities are more than plain words, or come to too much."""
    declared = _TYPE.match(text, start)
    if declared is None:
        raise file_error("its document type is not read: it is not closed, or holds what is not a plain declaration")
    inside = declared["inside"] or ""
    if rest := _OTHER.sub("", _ENTITY.sub("", inside)).strip():
        message = f"its document type declares {rest.split()[0]!r}…, which is not read; an entity may be a plain word"
        raise file_error(message)
    grown = sum(text.count(f"&{name};") * len(value) for name, value in _ENTITY.findall(inside))
    if grown > _GROWN:
        raise file_error(f"its entities come to {grown:,} letters; they may come to {_GROWN:,}")
