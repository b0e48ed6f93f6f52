"""What a file is, told from its first bytes. Its name and what a browser says about it count for nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of file that is taken as evidence."""

    media_type: str
    """As it is served, whatever the sender called it."""
    ending: str
    words: str

    @property
    def recording(self) -> bool:
        """Whether somebody can be heard or seen in it, so that everybody must have agreed."""
        return self.media_type.startswith(("audio/", "video/"))

    @property
    def plays_as(self) -> str:
        """The element that plays it: `audio`, `video`, or nothing."""
        return self.media_type.partition("/")[0] if self.recording else ""


KINDS = {
    kind.media_type: kind
    for kind in (
        Kind("video/webm", "webm", "WebM"),
        Kind("audio/webm", "weba", "WebM audio"),
        Kind("video/mp4", "mp4", "MP4"),
        Kind("audio/mp4", "m4a", "M4A"),
        Kind("video/quicktime", "mov", "QuickTime"),
        Kind("audio/ogg", "ogg", "Ogg"),
        Kind("audio/mpeg", "mp3", "MP3"),
        Kind("audio/wav", "wav", "WAV"),
        Kind("application/pdf", "pdf", "PDF"),
        Kind("text/plain", "txt", "plain text"),
    )
}
ALLOWED = "audio or video (WebM, MP4, M4A, QuickTime, Ogg, MP3, WAV), PDF, or plain text"
MARKUP = ("<", "#extm3u", "%!ps", "{\\rtf")
"""How a text begins that is more than text: markup, a playlist, a program for printers."""
AUDIO_BRANDS = frozenset({b"M4A ", b"M4B ", b"F4A "})
VIDEO_BRANDS = frozenset(
    {
        b"isom",
        b"iso2",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"M4V ",
        b"MSNV",
        b"dash",
        b"3gp4",
        b"3gp5",
    }
)
TEXT_BOM = b"\xef\xbb\xbf"


def kind_of(head: bytes, *, whole: bool) -> Kind | None:
    """What begins with these bytes, if it is of a kind that is taken; `whole` where there is no more than these.

    Text is told from all of it, so it must come whole.
    """
    media_type = _webm(head) or _mp4(head) or _sound(head) or _document(head, whole=whole)
    return KINDS.get(media_type)


def _webm(head: bytes) -> str:
    if not head.startswith(b"\x1a\x45\xdf\xa3") or b"webm" not in head[:64]:
        return ""
    tracks = head[:8192]
    return "video/webm" if b"V_VP" in tracks or b"V_AV1" in tracks or b"V_MPEG4" in tracks else "audio/webm"


def _mp4(head: bytes) -> str:
    if head[4:8] != b"ftyp":
        return ""
    brand = head[8:12]
    if brand == b"qt  ":
        return "video/quicktime"
    if brand in AUDIO_BRANDS:
        return "audio/mp4"
    return "video/mp4" if brand in VIDEO_BRANDS else ""


def _sound(head: bytes) -> str:
    if head.startswith(b"OggS\x00"):
        return "audio/ogg"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    # An MPEG frame of layer 3 begins with eleven set bits; neither its bit rate nor its sampling rate is all ones.
    frame = len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] >> 4 != 0xF  # noqa: PLR2004
    if head.startswith(b"ID3") or (frame and head[2] & 0x0C != 0x0C):  # noqa: PLR2004
        return "audio/mpeg"
    return ""


def _document(head: bytes, *, whole: bool) -> str:
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    try:
        text = head.removeprefix(TEXT_BOM).decode()
    except UnicodeDecodeError:
        return ""
    plain = all(char >= " " or char in "\t\n\r\f" for char in text) and "\x7f" not in text
    begins = text.lstrip().lower()
    return "text/plain" if whole and plain and begins and not begins.startswith(MARKUP) else ""
