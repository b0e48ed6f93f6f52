"""Which files belong to a library, how large they may be, and their bytes as text."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coachkit.domain.content.problems import Problem, Severity

MAX_FILES = 10_000
MAX_FILE_BYTES = 1024 * 1024
MAX_TOTAL_BYTES = 64 * 1024 * 1024
_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_PLACES: Mapping[str, re.Pattern[str]] = {
    "library": re.compile(r"library\.yaml"),
    "sources": re.compile(r"sources\.yaml"),
    "glossary": re.compile(r"glossary\.yaml"),
    "misconceptions": re.compile(r"misconceptions\.yaml"),
    "skill": re.compile(rf"criteria/(?P<name>{_NAME})\.yaml"),
    "module": re.compile(rf"modules/(?P<name>{_NAME})/module\.md"),
    "quiz": re.compile(rf"modules/(?P<name>{_NAME})/quiz\.yaml"),
    "cards": re.compile(rf"modules/(?P<name>{_NAME})/cards\.yaml"),
    "file": re.compile(rf"modules/(?P<name>{_NAME})/files/(?P<file>[A-Za-z0-9][A-Za-z0-9_-]*\.(?:md|csv|txt))"),
    "scenario": re.compile(rf"scenarios/(?P<name>{_NAME})\.yaml"),
    "dialogue": re.compile(rf"dialogues/(?P<name>{_NAME})\.yaml"),
    "calibration": re.compile(rf"calibration/(?P<name>{_NAME})\.yaml"),
}
_PACK = re.compile(rf"packs/{_NAME}/")
_OF_A_PACK: Mapping[str, re.Pattern[str]] = {**_PLACES, "hide": re.compile(r"hide\.yaml")}
_ASIDE = re.compile(r"(^|/)(\.|(README|LICEN[CS]E)(\.[a-z]+)?$)")
_BESIDE = frozenset({"README.md", "README", "LICENSE", "LICENSE.txt", "LICENSE.md"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class TextFile:
    """One file of the library, its role, and the name it bears (module's slug, scenario's id …)."""

    path: str
    role: str
    name: str
    text: str
    pack: str = ""  # the folder of the pack that it belongs to, such as `packs/acme/`

    @property
    def base_name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


def text_files(files: Mapping[str, bytes], problems: list[Problem]) -> tuple[TextFile, ...]:
    """The files that belong to a library, in order of their paths; says what is wrong with the others."""
    if len(files) > MAX_FILES:
        problems.append(Problem(".", 1, f"{len(files)} files are more than {MAX_FILES}", code="too-many-files"))
        return ()
    if sum(map(len, files.values())) > MAX_TOTAL_BYTES:
        problems.append(Problem(".", 1, f"more than {MAX_TOTAL_BYTES:,} bytes in all", code="too-large"))
        return ()
    return tuple(_recognised(files, problems))


def _recognised(files: Mapping[str, bytes], problems: list[Problem]) -> Iterator[TextFile]:
    for path in sorted(files):
        within = _PACK.match(path)
        pack = within[0] if within else ""
        for role, pattern in (_OF_A_PACK if pack else _PLACES).items():
            if match := pattern.fullmatch(path, len(pack)):
                text = _text(path, files[path], problems)
                if text is not None:
                    yield TextFile(path, role, match.groupdict().get("name") or role, text, pack)
                break
        else:
            if not _ASIDE.search(path):
                problems.append(
                    Problem(printable(path), 1, "no part of a library stands here", Severity.WARNING, "stray-file")
                )


def belongs(path: str) -> bool:
    """Whether a file of this name is part of a library or pack, or says something about it."""
    within = _PACK.match(path)
    start = within.end() if within else 0
    return any(pattern.fullmatch(path, start) for pattern in _OF_A_PACK.values()) or path in _BESIDE


def _text(path: str, data: bytes, problems: list[Problem]) -> str | None:
    """UTF-8 with single line ends and composed letters, so that equal texts have equal hashes."""
    if len(data) > MAX_FILE_BYTES:
        problems.append(Problem(path, 1, f"larger than {MAX_FILE_BYTES:,} bytes", code="too-large"))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(path, line, "this is not UTF-8 text", code="encoding"))
        return None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if match := _CONTROL.search(text):
        line = text.count("\n", 0, match.start()) + 1
        problems.append(
            Problem(
                path,
                line,
                f"an invisible control character (U+{ord(match[0]):04X})",
                code="control-character",
            )
        )
        return None
    return text


def printable(path: str) -> str:
    """A foreign file's path, fit to be shown in one line."""
    return "".join(sign if sign.isprintable() else "�" for sign in path)[:200]


def hash_of(parts: Mapping[str, str]) -> str:
    """One fingerprint for named texts, independent of their order."""
    digest = hashlib.sha256()
    for name in sorted(parts):
        for piece in (name, parts[name]):
            data = piece.encode()
            digest.update(len(data).to_bytes(8, "big"))
            digest.update(data)
    return digest.hexdigest()
