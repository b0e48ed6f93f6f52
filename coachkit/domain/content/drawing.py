"""A branching dialogue as a drawing: one SVG that needs no style sheet and no script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from string import ascii_lowercase
from textwrap import shorten

from coachkit.domain.content.authored import AuthoredDialogue

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _EDGE = 190, 58, 26, 74, 24
_TONES = {"good": ("#e4f1e8", "#2c6e49"), "mixed": ("#f6efdc", "#8a6d1d"), "poor": ("#f7e4e1", "#9c3b2e")}
_PLAIN, _FORK, _LOST = ("#ffffff", "#3d4a5c"), ("#eef1f5", "#3d4a5c"), ("#ffffff", "#9c3b2e")


@dataclass(frozen=True, slots=True)
class _Box:
    """One node or ending and where it stands."""

    name: str
    text: str
    colours: tuple[str, str]
    corner: int
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.x + _WIDTH / 2


def draw(dialogue: AuthoredDialogue) -> str:
    """The whole dialogue: what follows from what, read from top to bottom; ways back are dashed."""
    ranks = _ranks(dialogue)
    rows: dict[int, list[str]] = {}
    for name, rank in ranks.items():
        rows.setdefault(rank, []).append(name)
    widest = max(map(len, rows.values()))
    width = widest * (_WIDTH + _GAP_X) - _GAP_X + 2 * _EDGE + 60
    height = (max(rows) + 1) * (_HEIGHT + _GAP_Y) - _GAP_Y + 2 * _EDGE
    boxes = _placed(dialogue, rows, width)
    arrows = "".join(_arrows(dialogue, boxes, ranks))
    shapes = "".join(map(_shape, boxes.values()))
    described = f"{len(dialogue.nodes)} nodes, {len(dialogue.endings)} endings, beginning at {dialogue.start}."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" font-family="sans-serif" font-size="12">'
        f"<title>{escape(dialogue.title)}</title><desc>{escape(described)}</desc>"
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#3d4a5c"/></marker></defs>'
        f'<rect width="100%" height="100%" fill="#fbfaf7"/>{arrows}{shapes}</svg>\n'
    )


def _ranks(dialogue: AuthoredDialogue) -> dict[str, int]:
    """How many steps each node is from the start; endings below all nodes, what nothing leads to at the very end."""
    ranks: dict[str, int] = {}
    row = [dialogue.start] if dialogue.start in dialogue.nodes else []
    depth = 0
    while row:
        ranks |= dict.fromkeys(row, depth)
        targets = dict.fromkeys(target for name in row for target in dialogue.nodes[name].targets)
        row = [target for target in targets if target in dialogue.nodes and target not in ranks]
        depth += 1
    ranks |= dict.fromkeys(dialogue.endings, depth)
    return ranks | {name: depth + 1 for name in dialogue.nodes if name not in ranks}


def _placed(dialogue: AuthoredDialogue, rows: Mapping[int, list[str]], width: float) -> dict[str, _Box]:
    boxes: dict[str, _Box] = {}
    for rank in sorted(rows):
        names = sorted(rows[rank], key=lambda name: _pull(dialogue, boxes, name))
        start = (width - (len(names) * (_WIDTH + _GAP_X) - _GAP_X)) / 2
        for index, name in enumerate(names):
            place = (start + index * (_WIDTH + _GAP_X), _EDGE + rank * (_HEIGHT + _GAP_Y))
            boxes[name] = _box(dialogue, name, *place, lost=rank == max(rows) and name in dialogue.nodes)
    return boxes


def _pull(dialogue: AuthoredDialogue, boxes: Mapping[str, _Box], name: str) -> float:
    """Where the nodes above would like to have it."""
    above = [box.middle for parent, box in boxes.items() if name in _targets(dialogue, parent)]
    return sum(above) / len(above) if above else 0.0


def _targets(dialogue: AuthoredDialogue, name: str) -> tuple[str, ...]:
    return dialogue.nodes[name].targets if name in dialogue.nodes else ()


def _box(dialogue: AuthoredDialogue, name: str, x: float, y: float, *, lost: bool) -> _Box:
    if name in dialogue.nodes:
        node = dialogue.nodes[name]
        text = node.says or node.stage or ("fork" if node.route else "")
        colours = _LOST if lost else _FORK if node.route else _PLAIN
        return _Box(name, text, colours, 2 if node.route else 6, x, y)
    ending = dialogue.endings[name]
    return _Box(name, ending.title, _TONES[ending.tone], 26, x, y)


def _shape(box: _Box) -> str:
    fill, line = box.colours
    words = shorten(" ".join(box.text.split()), 56, placeholder="…")
    first = shorten(words, 30, placeholder="") or words[:30]
    rest = words[len(first) :].strip()
    lines = "".join(
        f'<text x="{box.middle:.0f}" y="{box.y + offset:.0f}" text-anchor="middle" fill="#1d2633"{weight}>'
        f"{escape(text)}</text>"
        for offset, text, weight in (
            (18, box.name, ' font-weight="bold"'),
            (34, first, ' font-size="10.5"'),
            (48, rest, ' font-size="10.5"'),
        )
        if text
    )
    return (
        f'<g><rect x="{box.x:.0f}" y="{box.y:.0f}" width="{_WIDTH}" height="{_HEIGHT}" rx="{box.corner}" '
        f'fill="{fill}" stroke="{line}" stroke-width="1.4"/>{lines}</g>'
    )


def _arrows(dialogue: AuthoredDialogue, boxes: Mapping[str, _Box], ranks: Mapping[str, int]) -> Iterator[str]:
    for name, node in dialogue.nodes.items():
        ways: dict[str, list[str]] = {}
        for letter, choice in zip(ascii_lowercase, node.choices, strict=False):
            ways.setdefault(choice.to, []).append(letter + ("*" if choice.misconception is None else ""))
        for number, route in enumerate(node.route, 1):
            ways.setdefault(route.to, []).append(str(number) if route.condition else "else")
        for index, (target, labels) in enumerate(ways.items()):
            if target in boxes:
                back = ranks[target] <= ranks[name]
                yield _arrow(boxes[name], boxes[target], " ".join(labels), index - (len(ways) - 1) / 2, back=back)


def _arrow(start: _Box, end: _Box, label: str, shift: float, *, back: bool) -> str:
    x, y = start.middle + shift * 44, start.y + _HEIGHT
    if back and end.y == start.y:
        x, y, rise = start.middle + 30, start.y, 30 + abs(end.middle - start.middle) / 12
        tip = end.middle + (30 if end.middle < x else -30)
        path = f"M{x:.0f} {y:.0f}C{x:.0f} {y - rise:.0f} {tip:.0f} {y - rise:.0f} {tip:.0f} {y:.0f}"
        word = ((x + tip) / 2, y - rise * 0.8)
    elif back:
        right = max(start.x, end.x) + _WIDTH + 34
        y, tip = start.y + _HEIGHT / 2, end.y + _HEIGHT / 2
        x = start.x + _WIDTH
        path = f"M{x:.0f} {y:.0f}C{right:.0f} {y:.0f} {right:.0f} {tip:.0f} {end.x + _WIDTH:.0f} {tip:.0f}"
        word = (right - 8, (y + tip) / 2)
    else:
        bend = (end.y - y) / 2
        path = (
            f"M{x:.0f} {y:.0f}C{x:.0f} {y + bend:.0f} {end.middle:.0f} {end.y - bend:.0f} {end.middle:.0f} {end.y:.0f}"
        )
        word = (x + 4, y + 14)
    dash = ' stroke-dasharray="5 4"' if back else ""
    return (
        f'<path d="{path}" fill="none" stroke="#3d4a5c" stroke-width="1.2" marker-end="url(#tip)"{dash}/>'
        f'<text x="{word[0]:.0f}" y="{word[1]:.0f}" font-size="10.5" fill="#55606f">{escape(label)}</text>'
    )
