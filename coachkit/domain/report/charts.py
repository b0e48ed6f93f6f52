"""The geometry of report charts as SVG paths.

Builders take numbers and one sentence, and return markup without labels: words stand in HTML beside the
drawing, where they can be read aloud, searched and broken into lines. Dots are zero-length strokes with
round caps, one path per style, because that is what draws cleanest and fastest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from markupsafe import Markup

INK = "#1B2733"
GRID = "#DCE2E6"
MIDDLE = "#9FC9C5"
NOW = "#0B6E6E"
SELF = "#A8480F"
FIRST = "#8A97A3"
ZONE = "#F3F7F6"

LEVELS = (1, 2, 3, 4, 5)
IN_PLACE = 3
RATINGS_TO_JOIN = 3
LINE_GAP = 4.7
ROW_HEIGHT = 30
STRIP_WIDTH = 110
STRIP_HEIGHT = 16
STRIP_MIDDLE = STRIP_HEIGHT / 2


@dataclass(frozen=True, slots=True)
class Mark:
    """One observation as numbers: its place on the time line and the levels given."""

    place: float
    level: int | None
    self_level: int | None
    not_observed: bool
    difficulty: int


def figure(value: float) -> str:
    """A coordinate with at most one decimal."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def _path(segments: Sequence[str], stroke: str, width: float, *, round_caps: bool = False) -> Markup:
    if not segments:
        return Markup()
    caps = Markup(' stroke-linecap="round"') if round_caps else Markup()
    return Markup('<path d="{}" stroke="{}" stroke-width="{}" fill="none"{}/>').format(
        "".join(segments), stroke, figure(width), caps
    )


def _dots(points: Sequence[tuple[float, float]], radius: float, colour: str) -> Markup:
    drawn = [f"M{figure(x)} {figure(y)}h0" for x, y in points]
    return _path(drawn, colour, radius * 2, round_caps=True)


def _svg(kind: str, width: float, height: float, title: str, body: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="{}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}">'
        "<title>{}</title>{}</svg>"
    ).format(kind, *(figure(size) for size in (width, height, width, height)), title, Markup().join(body))


def level_height(level: int) -> float:
    """Where a level lies in a time line: level 5 on top."""
    return 4.5 + LINE_GAP * (max(LEVELS) - level)


def timeline(marks: Sequence[Mark], width: int, title: str) -> Markup:
    """Five lines for one criterion; a dot is the coach, a ring is the learner.

    Ratings are joined only when three or more of them share a difficulty.
    """
    grid = [f"M0 {figure(level_height(level))}H{width}" for level in LEVELS if level != IN_PLACE]
    middle = [f"M0 {figure(level_height(IN_PLACE))}H{width}"]
    placed = [(_across(mark.place, width), mark) for mark in marks]
    coach = [(x, level_height(mark.level)) for x, mark in placed if mark.level is not None]
    own = [(x, level_height(mark.self_level)) for x, mark in placed if mark.self_level is not None]
    low = level_height(1)
    crosses = [f"M{figure(x - 2.5)} {figure(low - 2.5)}l5 5m-5 0l5 -5" for x, m in placed if m.not_observed]
    pips = [
        f"M{figure(x - (mark.difficulty * 3 - 1) / 2 + 3 * pip)} {figure(ROW_HEIGHT - 1.5)}h2"
        for x, mark in placed
        for pip in range(mark.difficulty)
    ]
    return _svg(
        "tls",
        width,
        ROW_HEIGHT,
        title,
        [
            _path(grid, GRID, 0.7),
            _path(middle, MIDDLE, 0.9),
            _path(_joined(placed), NOW, 1.1),
            _dots(own, 4.6, SELF),
            _dots(own, 3.5, "#FFFFFF"),
            _dots(coach, 2.6, NOW),
            _path(crosses, FIRST, 1.2),
            _path(pips, FIRST, 2),
        ],
    )


def _across(place: float, width: int) -> float:
    return 8 + (width - 16) * min(1.0, max(0.0, place))


def _joined(placed: Sequence[tuple[float, Mark]]) -> list[str]:
    drawn = []
    for difficulty in LEVELS:
        points = [
            f"{figure(x)} {figure(level_height(mark.level))}"
            for x, mark in placed
            if mark.difficulty == difficulty and mark.level is not None
        ]
        if len(points) >= RATINGS_TO_JOIN:
            drawn.append("M" + "L".join(points))
    return drawn


def _on_strip(level: float) -> float:
    return _across((level - 1) / (max(LEVELS) - 1), STRIP_WIDTH)


def _strip(title: str, *marks: Markup) -> Markup:
    """Marks on the five-level scale, at half of its height."""
    ticks = [f"M{figure(_on_strip(level))} {figure(STRIP_MIDDLE - 5)}v10" for level in LEVELS]
    return _svg("strip", STRIP_WIDTH, STRIP_HEIGHT, title, [_path([*ticks, _stretch(1, 5)], GRID, 0.8), *marks])


def _stretch(low: float, high: float) -> str:
    return f"M{figure(_on_strip(low))} {figure(STRIP_MIDDLE)}H{figure(_on_strip(high))}"


def _dot(level: float, radius: float, colour: str) -> Markup:
    return _dots([(_on_strip(level), STRIP_MIDDLE)], radius, colour)


def pair_strip(first: int, retry: int, title: str) -> Markup:
    """First try as a ring and re-try as a dot on the five-level scale."""
    return _strip(
        title,
        _path([_stretch(first, retry)], FIRST, 1.4),
        _dot(first, 5.2, FIRST),
        _dot(first, 3.8, "#FFFFFF"),
        _dot(retry, 3.1, NOW),
    )


def scale_strip(width: int, title: str) -> Markup:
    """Five steps that fill up, above the names of the levels."""
    step = width / len(LEVELS)
    empty = [f"M{figure(step * place)} 3h{figure(step - 10)}" for place in range(len(LEVELS))]
    full = [
        f"M{figure(step * place)} 3h{figure((step - 10) * level / max(LEVELS))}" for place, level in enumerate(LEVELS)
    ]
    return _svg("scale", width, 6, title, [_path(empty, GRID, 5), _path(full, NOW, 5)])


def interval_strip(value: float, low: float, high: float, line: int | None, title: str) -> Markup:
    """A fair average with its interval, and the level that the role asks for as a tick."""
    wanted = [] if line is None else [f"M{figure(_on_strip(line))} {figure(STRIP_MIDDLE - 7)}v14"]
    return _strip(
        title,
        _path([_stretch(low, high)], MIDDLE, 7),
        _path(wanted, SELF, 1.8),
        _dot(value, 3.1, NOW),
    )


def qr(address: str, title: str) -> Markup:
    """A QR code as one path, four modules of quiet zone included."""
    code = segno.make(address, error="m", micro=False)
    matrix = [bytes(row) for row in code.matrix]
    size = len(matrix) + 8
    runs = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                runs.append(f"M{start + 4} {y + 4}.5h{x - start}")
            x += 1
    ground = Markup('<path d="M0 0h{}v{}H0Z" fill="#FFFFFF"/>').format(size, size)
    return _svg("qr", size, size, title, [ground, _path(runs, INK, 1.01)])
