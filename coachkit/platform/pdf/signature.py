"""The house's signature (PAdES) on a finished PDF, where a key is configured.

The key stays out of the PDF workers: whoever runs the job signs the bytes that came back. The file must hold the
empty, tagged field that `engine` makes for it, because a field that is added while signing breaks PDF/UA-1, and
because pyHanko would otherwise rewrite the metadata and break PDF/A-3a.
"""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coachkit.platform.pdf.job import RenderError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

FIELD = "Issuer"
MOST_TRIES = 8
CANNOT_SIGN = "The house signs its reports, and this one could not be signed. Please tell whoever runs coachkit."
INSTALL = "Install it with: pip install 'coachkit[sign]'"

# As in `engine`: where a stream's last byte is a line end, validators count one byte less.
_UNCLEAR_END = re.compile(rb"[\r\n]\nendstream")


@dataclass(frozen=True, slots=True)
class Certified:
    """Whose signature it is, for people."""

    name: str
    fingerprint: str
    until: datetime

    @property
    def words(self) -> str:
        """«Tessel Components (certificate 4f2a…)», as it is kept beside a report."""
        return f"{self.name[:120]} (certificate {self.fingerprint[:16]})"


class Signer:
    """A key with its certificates from one PKCS#12 file. Nothing is loaded before the first question."""

    def __init__(self, file: Path, passphrase: str) -> None:
        self._file = file
        self._passphrase = passphrase.encode() or None

    @cached_property
    def certified(self) -> Certified:
        """Name and validity; `RenderError` says in `detail` what is wrong with the file."""
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
        from cryptography.x509.oid import NameOID  # noqa: PLC0415

        certificate = self._certificate()
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        name = str(names[0].value) if names else certificate.subject.rfc4514_string()
        return Certified(name, certificate.fingerprint(SHA256()).hex(), certificate.not_valid_after_utc)

    def _certificate(self) -> Certificate:
        try:
            from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415

            _key, certificate, _others = pkcs12.load_key_and_certificates(self._file.read_bytes(), self._passphrase)
        except ImportError as error:
            raise RenderError(CANNOT_SIGN, f"the package for signing is missing. {INSTALL}") from error
        except (OSError, ValueError) as error:
            raise RenderError(CANNOT_SIGN, f"the file cannot be read or its passphrase is wrong: {error}") from error
        if certificate is None or _key is None:
            raise RenderError(CANNOT_SIGN, "the file holds no key with its certificate")
        return certificate

    @cached_property
    def _signer(self) -> Any:  # noqa: ANN401
        try:
            from pyhanko.sign import signers  # noqa: PLC0415 - takes its time to load
        except ImportError as error:
            raise RenderError(CANNOT_SIGN, f"the package for signing is missing. {INSTALL}") from error
        signer = signers.SimpleSigner.load_pkcs12(str(self._file), passphrase=self._passphrase)  # type: ignore[no-untyped-call]
        if signer is None:
            raise RenderError(CANNOT_SIGN, "the file cannot be read or its passphrase is wrong")
        return signer

    def sign(self, pdf: bytes, moment: datetime) -> bytes:
        """The same bytes with a signature behind them. It certifies the file: no later change is allowed."""
        if moment.astimezone(UTC) >= self.certified.until:
            raise RenderError(CANNOT_SIGN, f"the certificate ended on {self.certified.until:%d %B %Y}")
        for _ in range(MOST_TRIES):
            signed = self._signed(pdf)
            if not _UNCLEAR_END.search(signed, len(pdf)):
                return signed
        raise RenderError(CANNOT_SIGN, "no layout of the file with clear ends of streams")

    def _signed(self, pdf: bytes) -> bytes:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
        from pyhanko.sign import fields, signers  # noqa: PLC0415

        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        # Otherwise pyHanko writes metadata of its own, in which the description of the PDF/UA mark is damaged.
        writer._update_meta = lambda: None  # type: ignore[method-assign]  # noqa: SLF001
        out = io.BytesIO()
        how = signers.PdfSignatureMetadata(
            field_name=FIELD,
            subfilter=fields.SigSeedSubFilter.PADES,
            md_algorithm="sha256",
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            reason="Issued",
        )
        # In a thread of its own: pyHanko runs an event loop, and the caller's thread may be running one already.
        with ThreadPoolExecutor(max_workers=1) as own:
            signing = partial(signers.sign_pdf, signer=self._signer, output=out, existing_fields_only=True)
            own.submit(signing, writer, how).result()
        return out.getvalue()


def make_signer(file: Path | None, passphrase: str) -> Signer | None:
    """A signer, where a file is set."""
    return Signer(file, passphrase) if file is not None else None
