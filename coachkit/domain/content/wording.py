"""Counts and finds words in authors' texts: reading time, sentence length, words that judge or over-claim."""

import re
from collections.abc import Iterator

WORDS_A_MINUTE = 200
JUDGEMENT = (
    *(
        "good",
        "well",
        "excellent",
        "strong",
        "strongly",
        "adequate",
        "adequately",
        "some",
        "often",
        "properly",
    ),
    *("appropriate", "appropriately", "effective", "effectively", "professional", "professionally"),
    *("nice", "nicely", "confident", "confidently", "natural", "naturally", "warm", "warmly"),
    *("charismatic", "passionate", "passionately"),
)
_JUDGEMENT = re.compile(rf"\b(?:{'|'.join(JUDGEMENT)})\b", re.IGNORECASE)
_OVERCLAIM = re.compile(
    r"\b(?:research|science|evidence|(?:a |the )?stud(?:y|ies)|experiments?|trials?) (?:\w{2,12}ly )?"
    r"(?:has |have )?(?:shows?|shown|showed|proves?|proved|proven|demonstrates?|confirms?|confirmed)\b"
    r"|\b(?:scientifically|empirically) (?:shown|proven|proved)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:[’'.,:/-][^\W_]+)*")
_NOT_READ = (
    (re.compile(r"^:::[^\"“\n]{0,80}", re.MULTILINE), " "),
    (re.compile(r"\{#[a-z0-9-]{1,80}\}"), " "),
    (re.compile(r"\[@[^\]\n]{1,200}\]"), " "),
    (re.compile(r"\[\[[a-z0-9-]{1,80}\|([^\[\]\n]{1,160})\]\]"), r"\1"),
    (re.compile(r"\]\([^)\s]{1,500}\)"), " "),
)
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”’»)*_]*+(?=\s|$)")
_NOT_PROSE = re.compile(r"^\s*(?:\||#|```|~~~|:::|=|>\s*$)")
_LIST_MARK = re.compile(r"^\s*(?:[-*+]|\d{1,3}\.)\s+")


def visible(text: str) -> str:
    """What of the Markdown a reader gets to read."""
    for pattern, replacement in _NOT_READ:
        text = pattern.sub(replacement, text)
    return text


def count_words(text: str) -> int:
    """Words as a reader meets them."""
    return len(_WORD.findall(visible(text)))


def judgement_words(text: str) -> list[str]:
    """Words that judge instead of describing."""
    return [match[0].lower() for match in _JUDGEMENT.finditer(text)]


def overclaim(text: str) -> str | None:
    """Words that claim more than a source can carry which nobody has read."""
    match = _OVERCLAIM.search(" ".join(text.split()))
    return match[0] if match else None


def paragraphs(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Runs of lines without an empty one, each with the line it begins on."""
    start, lines = first_line, list[str]()
    for number, line in enumerate([*text.split("\n"), ""], first_line):
        if line.strip():
            start = start if lines else number
            lines.append(line)
        elif lines:
            yield start, "\n".join(lines)
            lines = []


def mean_sentence_length(text: str) -> float:
    """Words a sentence, over prose and lists; tables and headings do not count."""
    words = sentences = 0
    for _, paragraph in paragraphs(text, 1):
        for piece in _pieces(paragraph):
            length = count_words(piece)
            if length:
                words += length
                sentences += max(1, len(_SENTENCE_END.findall(piece.strip())))
    return words / sentences if sentences else 0.0


def _pieces(paragraph: str) -> Iterator[str]:
    """The paragraph itself, or the items of its list."""
    piece: list[str] = []
    for line in paragraph.split("\n"):
        if _NOT_PROSE.match(line):
            continue
        mark = _LIST_MARK.match(line)
        if mark:
            yield " ".join(piece)
            piece = []
        piece.append(line[mark.end() if mark else 0 :])
    yield " ".join(piece)
