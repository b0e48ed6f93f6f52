"""Markup to PDF with WeasyPrint. Runs in a worker process only, never in the web process.

One file is PDF/A-3a and PDF/UA-1 at once, carries its figures as an attachment, and has the same bytes for
the same job and the same versions.
"""

import base64
import hashlib
import logging
import re
import zlib
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import cssselect2  # type: ignore[import-untyped]
import pydyf  # type: ignore[import-untyped]
import weasyprint
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from coachkit.platform.pdf import shape, signature_field
from coachkit.platform.pdf.glyphs import fallback_files
from coachkit.platform.pdf.job import MOST_PAGES, Rendered, RenderError, RenderJob

STATIC = Path(__file__).parents[2] / "static" / "report"
MOST_PADDING = 8
VARIANT = "pdf/a-3a"
OUR_FACES = ("Source-Sans-3", "Source-Serif-Display", "Source-Serif-4-Display", "Noto-Sans", "Noto-Emoji")

FORBIDDEN_LINK = "This report refers to something outside itself and was not printed."
FAULTY = "This report could not be printed without faults."

# A stream whose last byte is a line end leaves open where it ends; validators then count one byte less.
_UNCLEAR_END = re.compile(rb"[\r\n]\nendstream")
_LINE_ENDS = (10, 13)
_NO_WIDTH = b"<200b>"

# PDF/A knows the PDF/UA mark only when its little schema is described in the same metadata.
_UA_MARK = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>\
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>\
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of the standard</pdfaProperty:description></rdf:li></rdf:Seq>\
</pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


class OwnFontsOnly(URLFetcher):  # type: ignore[misc]
    """Reads our font files while the style sheet loads; afterwards nothing but the pictures that came with a job."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False, fail_on_errors=True)
        self._folder = folder.resolve()
        self.shut = False
        self.pictures: dict[str, str] = {}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url in self.pictures:
            return URLFetcherResponse(url, base64.b64decode(self.pictures[url]), {"Content-Type": "image/png"})
        path = Path(url.removeprefix("file://")).resolve()
        ours = url.startswith("file:///") and path.is_relative_to(self._folder) and path.suffix == ".ttf"
        if self.shut or not ours:
            raise FatalURLFetchingError("address refused")
        return super().fetch(url, headers)


class Xhtml(weasyprint.HTML):  # type: ignore[misc]
    """Well-formed markup through expat, which costs a tenth of an HTML parser."""

    def __init__(self, string: str, base_url: str, url_fetcher: OwnFontsOnly) -> None:
        root = ET.fromstring(string)  # noqa: S314 - no document type passes, see `parsed`
        self.base_url, self.url_fetcher, self.media_type = base_url, url_fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


class _Complaints(logging.Handler):
    """WeasyPrint only logs what is wrong; an error in its log is an error of the report."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(str(record.msg))


class Engine:
    """Fonts and style sheets, loaded once. Not for threads: one engine per process."""

    def __init__(self, stylesheets: tuple[str, ...] = ("report.css",), own_fonts: Path | None = None) -> None:
        self.complaints = _Complaints()
        logging.getLogger("weasyprint").addHandler(self.complaints)
        self.fetcher = OwnFontsOnly(STATIC / "fonts")
        self.base_url = (STATIC.resolve()).as_uri() + "/"
        self.fonts = FontConfiguration()
        families = fallback_families(own_fonts)
        self.styles = {name: self._stylesheet(name, families) for name in stylesheets}
        self.fetcher.shut = True
        self.name = f"WeasyPrint {weasyprint.__version__}, Pango {_dotted(pango.pango_version())}"

    def _stylesheet(self, name: str, further: tuple[str, ...]) -> weasyprint.CSS:
        text = (STATIC / name).read_text("utf-8")
        families = "".join(f',"{family}"' for family in further)
        if families:
            text = re.sub(r'(font:[^;}]*"Source S[^"]+")', rf"\1{families}", text)
        return weasyprint.CSS(string=text, base_url=self.base_url, font_config=self.fonts, url_fetcher=self.fetcher)

    def render(self, job: RenderJob, *, parser: str = "xhtml") -> Rendered:
        """One PDF, or `RenderError` with a sentence for the person who asked for it."""
        self.complaints.messages.clear()
        self.fetcher.pictures = job.pictures
        try:
            pdf, pages, last = self._write(job, parser)
        except FatalURLFetchingError as refused:
            raise RenderError(FORBIDDEN_LINK, str(refused)) from None
        if self.complaints.messages:
            raise RenderError(FAULTY, "; ".join(self.complaints.messages[:3]))
        return Rendered(pdf, hashlib.sha256(pdf).hexdigest(), pages, self.name, last)

    def _write(self, job: RenderJob, parser: str) -> tuple[bytes, int, float]:
        style = self.styles.get(job.stylesheet)
        if style is None:
            raise RenderError(FAULTY, "unknown style sheet")
        page = self.parsed(job.html, parser)
        shape.check(page.etree_element)
        document = page.render(font_config=self.fonts, stylesheets=[style], pdf_variant=VARIANT)
        if len(document.pages) > MOST_PAGES:
            raise RenderError(shape.TOO_LONG, f"{len(document.pages)} pages")
        metadata = document.metadata
        metadata.generate_rdf_metadata = partial(_with_ua_mark, metadata.generate_rdf_metadata)
        for padding in range(MOST_PADDING):
            written: bytes = document.write_pdf(
                finisher=partial(_finish, links=job.links, to_be_signed=job.to_be_signed),
                pdf_variant=VARIANT,
                attachments=[_attachment(job, padding)],
                pdf_identifier=hashlib.sha256(job.identifier.encode()).hexdigest()[:32].encode(),
            )
            if not _UNCLEAR_END.search(written):
                return written, len(document.pages), _filled(document.pages[-1])
        raise RenderError(FAULTY, "no layout of the file with clear ends of streams")

    def parsed(self, html: str, parser: str) -> weasyprint.HTML:
        """Expat first; the slower HTML parser where markup is not well-formed or internals have moved."""
        if "<!" in html:
            raise RenderError(FAULTY, "document types and comments do not belong here")
        if parser == "xhtml":
            try:
                return Xhtml(html, self.base_url, self.fetcher)
            except (ET.ParseError, AttributeError, TypeError) as error:
                logging.getLogger(__name__).warning("fell back to the HTML parser: %s", error)
        return weasyprint.HTML(string=html, base_url=self.base_url, url_fetcher=self.fetcher)


def fallback_families(own: Path | None) -> tuple[str, ...]:
    """Noto's family names as fontconfig knows them, for the end of every font list."""
    from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]  # noqa: PLC0415

    names = set()
    for path in fallback_files(own):
        if path.suffix == ".ttc":
            with TTCollection(path, lazy=True) as collection:
                names |= {str(font["name"].getBestFamilyName()) for font in collection.fonts}
        else:
            with TTFont(path, lazy=True) as font:
                names.add(str(font["name"].getBestFamilyName()))
    return tuple(sorted(names))


def _filled(page: Any) -> float:  # noqa: ANN401 - WeasyPrint is untyped
    """How much of the page's height its content takes; all of it where that cannot be told."""
    try:
        box = page._page_box  # noqa: SLF001
        return round(min(1.0, float(box.children[0].margin_height()) / float(box.height)), 3)
    except (AttributeError, IndexError, TypeError):
        return 1.0


def _dotted(version: int) -> str:
    """Pango counts 1.50.12 as 15012."""
    return f"{version // 10000}.{version // 100 % 100}.{version % 100}"


def _attachment(job: RenderJob, padding: int) -> weasyprint.Attachment:
    """The figures. Spaces after the description move the checksums of all that is written after it."""
    return weasyprint.Attachment(
        string=job.attachment,
        name=job.attachment_name,
        description=job.attachment_description + " " * padding,
        created=job.issued_at,
        modified=job.issued_at,
        relationship="Data",
    )


def _with_ua_mark(generate: Any, *arguments: Any) -> bytes:  # noqa: ANN401 - WeasyPrint is untyped
    metadata = generate(*arguments)
    if isinstance(metadata, str):
        metadata = metadata.encode()
    end = b"</rdf:RDF>"
    if metadata.count(end) != 1:
        raise RenderError(FAULTY, "metadata has another form than expected")
    return bytes(metadata.replace(end, _UA_MARK + end))


def _finish(document: Any, pdf: Any, *, links: dict[str, str], to_be_signed: bool) -> None:  # noqa: ANN401
    """Plain metadata, links that are read as words, and proof that only our fonts went in."""
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Stream):
            _name_parts_of_letters(thing)
            _settle_stream(thing)
        if isinstance(thing, dict) and thing.get("Subtype") == "/Link" and "A" in thing:
            address = thing["A"]["URI"].string
            if address not in links:
                raise RenderError(FORBIDDEN_LINK, "a link that was not announced")
            thing["Contents"] = pydyf.String(links[address])
    for font in document.fonts.values():
        if font.missing:
            raise RenderError(FAULTY, f"{len(font.missing)} characters without a glyph")
        name = font.name.decode().partition("+")[2]
        if not name.startswith(OUR_FACES):
            raise RenderError(FAULTY, f"foreign font {name}")
    if to_be_signed:
        signature_field.add(pdf)


def _name_parts_of_letters(stream: Any) -> None:  # noqa: ANN401
    """Some fonts draw one letter from several parts. Its text is kept with one of them; WeasyPrint leaves the others
    without any, which is not allowed: they get a space that has no width.
    """
    if b"begincmap" in stream.stream:
        stream.stream = [part[:-2] + _NO_WIDTH if part.endswith(b"> <>") else part for part in stream.stream]


def _settle_stream(stream: Any) -> None:  # noqa: ANN401
    """Leaves metadata readable as text, and lets no stream end in a line end.

    The last byte of a compressed stream is the last of its checksum, so it is known beforehand; such a
    stream stays uncompressed. The streams that hold objects and the cross-reference are written later,
    out of reach from here; `_write` looks at them in the finished file.
    """
    if stream.extra.get("Type") == "/Metadata":
        stream.compress = False
        return
    body = b"\n".join(map(_as_written, stream.stream))
    stream.stream = [body]  # pydyf would join it once more
    if stream.compress and zlib.adler32(body) & 0xFF in _LINE_ENDS:
        stream.compress = False


def _as_written(part: Any) -> bytes:  # noqa: ANN401
    if isinstance(part, bytes):
        return part
    return bytes(part.data) if isinstance(part, pydyf.Object) else str(part).encode("ascii")
