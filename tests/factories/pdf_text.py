"""What a PDF says, read from its pages: for checking that page, object and attachment agree."""

import re
from io import BytesIO

import pikepdf

_PAIR = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def pdf_text(pdf: bytes) -> str:
    """All text of all pages in drawing order; text runs are joined by spaces."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return " ".join(" ".join(_page_runs(page)) for page in document.pages)


def everything_in(pdf: bytes) -> str:
    """Whatever somebody with tools could read out of a file: its pages, its bytes as they lie there, every stream
    unpacked, and every word of its objects (titles, descriptions for screen readers, names of attachments).
    """
    found = [pdf_text(pdf), pdf.decode("latin-1")]
    with pikepdf.open(BytesIO(pdf)) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Stream):
                found.append(thing.read_bytes(pikepdf.StreamDecodeLevel.all).decode("utf-8", "replace"))
            found.append(_words(thing))
    return "\n".join(found)


def _words(thing) -> str:
    """All strings of one object; objects beside it come by themselves."""
    if isinstance(thing, pikepdf.String):
        return str(thing)
    if isinstance(thing, pikepdf.Array):
        parts = list(thing)
    elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        parts = [value for _key, value in thing.items()]
    else:
        return ""
    return " ".join(_words(part) for part in parts if not getattr(part, "is_indirect", False))


def font_names(pdf: bytes) -> set[str]:
    """The names of all fonts that pages refer to, without their subset mark."""
    names = set()
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            names |= {str(font.BaseFont).partition("+")[2] for font in page.Resources.Font.values()}
    return names


def embedded_files(pdf: bytes) -> dict[str, bytes]:
    """The attachments by name."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return {name: spec.get_file().read_bytes() for name, spec in document.attachments.items()}


def _page_runs(page):
    characters = {}
    for name, font in page.Resources.Font.items():
        table = font.ToUnicode.read_bytes().decode("ascii")
        characters[name] = {
            int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in _PAIR.findall(table)
        }
        characters[name].pop(0, None)  # the empty box
    current = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = characters[str(operands[0])]
        elif str(operator) in {"TJ", "Tj"}:
            yield _run(operands[0], current)


def _run(operand, characters):
    parts = operand if isinstance(operand, pikepdf.Array) else [operand]
    text = ""
    for part in parts:
        if not isinstance(part, pikepdf.String):
            continue
        codes = bytes(part)
        text += "".join(characters.get(int.from_bytes(codes[at : at + 2]), "\ufffd") for at in range(0, len(codes), 2))
    return text
