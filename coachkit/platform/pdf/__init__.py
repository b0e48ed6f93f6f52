"""PDF documents from trusted markup, made in locked worker processes.

Give a `RenderJob` to a `PdfRenderer`; `status` says whether this machine can make PDFs at all. Nothing here
loads the PDF engine into the calling process.
"""

from coachkit.platform.pdf.job import Rendered, RenderError, RenderJob
from coachkit.platform.pdf.pool import PdfRenderer
from coachkit.platform.pdf.signature import Signer, make_signer
from coachkit.platform.pdf.status import PdfStatus, network, status

__all__ = [
    "PdfRenderer",
    "PdfStatus",
    "RenderError",
    "RenderJob",
    "Rendered",
    "Signer",
    "make_signer",
    "network",
    "status",
]
