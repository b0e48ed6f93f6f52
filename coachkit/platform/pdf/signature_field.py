"""An empty field for a signature, named and tagged, so that the signed file still meets PDF/UA-1 and PDF/A-3a."""

from typing import Any

import pydyf  # type: ignore[import-untyped]

from coachkit.platform.pdf.job import RenderError
from coachkit.platform.pdf.signature import FIELD

SPOKEN = "Digital signature of the issuing organisation"
_PRINTED_AND_LOCKED = 132
_MOVED = "WeasyPrint's tag tree has another form than expected"


def add(pdf: Any) -> None:  # noqa: ANN401 - pydyf is untyped
    """Put the field on the last page, without a picture of its own."""
    try:
        _add(pdf)
    except (KeyError, IndexError, AttributeError, TypeError, ValueError) as error:
        raise RenderError("This report could not be prepared for its signature.", _MOVED) from error


def _add(pdf: Any) -> None:  # noqa: ANN401
    page = pdf.objects[pdf.pages["Kids"][-3]]
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    document = pdf.objects[_number(root["K"][0])]
    parents = pdf.objects[_number(root["ParentTree"])]["Nums"]
    place = max(parents[0::2]) + 1
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD),
            "TU": pydyf.String(SPOKEN),
            "F": _PRINTED_AND_LOCKED,
            "Rect": pydyf.Array([0, 0, 0, 0]),
            "P": page.reference,
            "StructParent": place,
        }
    )
    pdf.add_object(widget)
    link = pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": page.reference})
    pdf.add_object(link)
    element = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "P": document.reference,
            "Pg": page.reference,
            "K": pydyf.Array([link.reference]),
        }
    )
    pdf.add_object(element)
    document["K"].append(element.reference)
    parents += [place, element.reference]
    if "Annots" not in page:
        page["Annots"] = pydyf.Array([widget.reference])
    elif isinstance(page["Annots"], list):
        page["Annots"].append(widget.reference)
    else:
        pdf.objects[_number(page["Annots"])].append(widget.reference)
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([widget.reference]), "SigFlags": 3})


def _number(reference: object) -> int:
    return int(bytes(reference).split()[0] if isinstance(reference, bytes) else str(reference).split()[0])
