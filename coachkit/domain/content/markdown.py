"""Turns authors' Markdown into clean HTML: the one renderer, used once, when a library is read."""

import html as html_escape
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from markdown import Markdown

from coachkit.domain.content.addresses import DanglingLinkError, HiddenLinkError, Targets, resolve
from coachkit.domain.content.blocks import (
    Block,
    Complaints,
    DocumentBlock,
    PointsBlock,
    Prose,
    ScriptBlock,
    TaskBlock,
    split_blocks,
)
from coachkit.domain.content.cleaning import clean
from coachkit.domain.content.framework import GlossaryTerm, Source
from coachkit.domain.content.markdown_extension import LibraryExtension
from coachkit.domain.content.markup_limits import too_heavy
from coachkit.domain.content.problems import Problem

MAX_COMPLAINTS = 300  # of one page; after so many the author knows
_KINDS = {"solo": "On your own", "partner": "With a partner", "work": "At work"}
_CODE = re.compile(r"^(?P<fence>```|~~~)[\s\S]*?^(?P=fence)|(?P<tick>`+).{0,400}?(?P=tick)", re.MULTILINE)
_HTML = re.compile(
    r"<!--|</?(?:a|abbr|audio|b|base|big|blockquote|body|br|button|canvas|center|code|dd|del|details|div|dl|dt|em|"
    r"embed|figure|font|form|frame|h[1-6]|head|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|math|"
    r"meta|nav|object|ol|option|p|param|picture|pre|q|s|samp|script|section|select|small|source|span|strong|style|"
    r"sub|summary|sup|svg|table|tbody|td|template|textarea|th|title|tr|u|ul|var|video)(?=[\s/>])",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Vocabulary:
    """What citations, glossary marks and links in a text can refer to."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    terms: Mapping[str, GlossaryTerm] = field(default_factory=dict)
    targets: Targets = field(default_factory=Targets)


@dataclass
class RenderContext:
    """One page's worth of rendering: its identifiers stay unique, its problems are collected.

    `owner` is the id of the module, scenario or dialogue; `here` is a module's slug, for its own links.
    """

    owner: str
    path: str
    vocabulary: Vocabulary
    problems: list[Problem] = field(default_factory=list)
    here: str | None = None
    ids: set[str] = field(default_factory=set)
    in_document: bool = False  # a memo or note has headings of its own
    _text: str = ""
    _line: int = 1
    _complaints: int = 0
    _numbers: dict[str, int] = field(default_factory=dict)

    @cached_property
    def whole(self) -> Markdown:
        """Paragraphs, lists, tables, headings."""
        return Markdown(
            extensions=["tables", "sane_lists", "fenced_code", LibraryExtension(self)], output_format="html"
        )

    @cached_property
    def inline(self) -> Markdown:
        """Only what can stand within a line."""
        engine = Markdown(extensions=[LibraryExtension(self)], output_format="html")
        for processor in ("indent", "code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote"):
            engine.parser.blockprocessors.deregister(processor)
        return engine

    def begin(self, text: str, line: int) -> None:
        """Say which text is rendered next, so that problems in it find their line."""
        self._text, self._line = text, line

    def complain(self, needle: str, message: str, code: str) -> None:
        """Note a problem where the needle stands."""
        self._complaints += 1
        if self._complaints > MAX_COMPLAINTS:
            return
        position = max(self._text.find(needle), 0)
        line = self._line + self._text.count("\n", 0, position)
        self.problems.append(Problem(self.path, line, message, code=code))

    def source(self, code: str) -> Source | None:
        """A cited source, or None (and a problem)."""
        found = self.vocabulary.sources.get(code)
        if found is None and code not in self.vocabulary.targets.sources:
            self.complain(f"@{code}", f"there is no source «{code}»", "source")
        return found

    def term(self, term_id: str) -> GlossaryTerm | None:
        """A marked term, or None (and a problem)."""
        found = self.vocabulary.terms.get(term_id)
        known = term_id in self.vocabulary.targets.terms or term_id in self.vocabulary.targets.hidden.get("term", ())
        if found is None and not known:
            self.complain(f"[[{term_id}", f"there is no term «{term_id}» in the glossary", "term")
        return found

    def term_name(self, term_id: str) -> str:
        """How a related term is called, where it is known."""
        found = self.vocabulary.terms.get(term_id)
        return found.term if found else term_id

    def own_id(self, kind: str, name: str) -> str:
        """An identifier of ours that no page has yet, made from plain words."""
        base = f"{kind}-{self.owner}-{slug(name)}"[:120]
        number = self._numbers.get(base, 1)
        candidate = base if number == 1 else f"{base}-{number}"
        while candidate in self.ids:
            number += 1
            candidate = f"{base}-{number}"
        self._numbers[base] = number + 1
        self.ids.add(candidate)
        return candidate

    def address(self, link: str) -> str | None:
        """Where a link leads, or None (and a problem) where it leads nowhere."""
        try:
            return resolve(link, self.vocabulary.targets, self.here)
        except HiddenLinkError:
            return None
        except DanglingLinkError as error:
            self.complain(link, str(error), "link")
            return None


def slug(text: str) -> str:
    """Words as they may stand in an identifier."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "part"


def render(text: str, context: RenderContext, *, line: int = 1) -> str:
    """Clean HTML for a section's Markdown, blocks included; `line` is where the text begins in its file."""
    complaints = Complaints(context.path, context.problems)
    return render_blocks(split_blocks(text, line, complaints), context)


def render_brief(text: str, context: RenderContext, *, line: int = 1) -> str:
    """Clean HTML for a text field that takes paragraphs and lists, but no blocks."""
    for number, row in enumerate(text.split("\n"), line):
        if row.startswith(":::"):
            problem = Problem(context.path, number, "blocks (`:::`) stand in modules only", code="block-place")
            context.problems.append(problem)
            return clean(_plain(text))
    return clean(_prose(Prose(text, line), context))


def render_blocks(blocks: Iterable[Block], context: RenderContext) -> str:
    """Clean HTML for blocks that have been split already."""
    return clean("\n".join(_block(block, context) for block in blocks))


def _block(block: Block, context: RenderContext) -> str:
    if isinstance(block, Prose):
        return _prose(block, context)
    if isinstance(block, ScriptBlock):
        return _script(block, context)
    if isinstance(block, DocumentBlock):
        context.in_document = True
        body = _prose(block.body, context)
        context.in_document = False
        caption = f"<figcaption>{_text(block.title)}</figcaption>"
        return f'<figure class="doc {block.tone}">{caption}<div class="docbody">\n{body}\n</div></figure>'
    if isinstance(block, PointsBlock):
        items = "".join(f"<li>{_inline(point.text, point.line, context)}</li>" for point in block.points)
        return f'<ol class="points">{items}</ol>'
    return _task(block, context)


def _task(block: TaskBlock, context: RenderContext) -> str:
    heading = f'<h3 id="{context.own_id("h", block.title)}">{_text(block.title)}</h3>'
    unit = "minute" if block.minutes == 1 else "minutes"
    meta = f'<p class="meta">{_KINDS[block.kind]} · {block.minutes} {unit}</p>'
    body = _prose(block.body, context)
    return f'<section class="task task-{block.kind}">{heading}{meta}\n{body}\n</section>'


def _script(block: ScriptBlock, context: RenderContext) -> str:
    rows = []
    for turn in block.turns:
        mine = ' class="you"' if turn.who == "You" else ""
        note = f'<span class="why">{_inline(turn.note, turn.line, context)}</span>' if turn.note else ""
        says = f'<span class="ln">{_inline(turn.says, turn.line, context)}</span>'
        rows.append(f'<li{mine}><span class="sp">{_text(turn.who)}</span>{says}{note}</li>')
    outcome = block.outcome
    end = f'<p class="end-note">{_inline(outcome.text, outcome.line, context)}</p>' if outcome.text else ""
    return (
        f'<figure class="scriptbox {block.tone}"><figcaption>{_text(block.title)}</figcaption>'
        f'<ol class="script {block.tone}">{"".join(rows)}</ol>{end}</figure>'
    )


def _prose(prose: Prose, context: RenderContext) -> str:
    context.begin(prose.text, prose.line)
    if _is_refused(prose.text, prose.line, context):
        return _plain(prose.text)
    return str(context.whole.reset().convert(prose.text))


def _inline(text: str, line: int, context: RenderContext) -> str:
    context.begin(text, line)
    if _is_refused(text, line, context):
        return _text(text)
    return str(context.inline.reset().convert(text)).removeprefix("<p>").removesuffix("</p>")


def _is_refused(text: str, line: int, context: RenderContext) -> bool:
    heavy = too_heavy(text)
    if heavy is not None:
        offset, reason = heavy
        context.problems.append(Problem(context.path, line + offset, reason, code="markup-size"))
        return True
    for match in _HTML.finditer(_CODE.sub(lambda code: " " * len(code[0]), text)):
        number = line + text.count("\n", 0, match.start())
        message = f"HTML ({match[0]}…) is not part of the format and is shown as text"
        context.problems.append(Problem(context.path, number, message, code="html"))
    return False


def _plain(text: str) -> str:
    return f"<p>{_text(text)}</p>"


def _text(text: str) -> str:
    return html_escape.escape(text, quote=True)
