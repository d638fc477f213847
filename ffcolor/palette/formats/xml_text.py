"""XML as palette files have it: without a document type and without entities, which could grow without end."""

from __future__ import annotations

from xml.etree import ElementTree

from ffcolor.palette.content import file_error


def parsed_xml(text: str) -> ElementTree.Element:
    """The root of an XML text.

    Raises:
        FfcolorError: ``palette-file``: it is not XML, or declares what is not read.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise file_error("it declares a document type or entities, which are not read")
    try:
        return ElementTree.fromstring(text.encode())
    except (ElementTree.ParseError, ValueError) as error:
        raise file_error(f"it is not XML: {error}") from error
