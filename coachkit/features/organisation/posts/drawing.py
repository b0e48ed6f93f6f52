"""The sensitivity picture of a sheet: coordinates and words are made here, the template draws."""

from __future__ import annotations

from dataclasses import dataclass

from coachkit.domain.decision.economics import Sheet, Span, percent

LEFT, RIGHT, ROW = 10.0, 470.0, 30
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """One uncertain figure as a bar of chances."""

    name: str
    ends: str
    """The range of the figure itself, in its unit."""
    x: float
    width: float
    y: int
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars of chances around the line of the sheet's own figures."""

    bars: tuple[Bar, ...]
    base_x: float
    base: str
    height: int
    ticks: tuple[tuple[float, str], ...]
    sentence: str


def place(chance: float) -> float:
    """Where a chance lies on the axis; everything above 1 stands at its end."""
    return round(LEFT + min(1.0, max(0.0, chance)) * (RIGHT - LEFT), 1)


def number(value: float) -> str:
    """«1,250» or «18.5»."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def amount(value: float, unit: str, currency: str) -> str:
    """A figure with its unit."""
    return f"{number(value)} {currency if unit == 'money' else unit}".strip()


def money(span: Span, currency: str) -> str:
    """«6,930 EUR», with its range where there is one."""
    if span.known:
        return f"{span.value:,.0f} {currency}"
    return f"{span.value:,.0f} {currency}, from {span.low:,.0f} to {span.high:,.0f}"


def picture(sheet: Sheet, currency: str) -> Picture | None:
    """The drawing, or nothing where no figure is uncertain or nothing can be compared."""
    if sheet.break_even is None or not sheet.swings:
        return None
    bars = []
    for row, swing in enumerate(sheet.swings):
        low, high = swing.ends
        unit = swing.figure.unit
        ends = f"{number(swing.span.low)} to {amount(swing.span.high, unit, currency)}"
        x = place(low)
        width = max(2.0, round(place(high) - x, 1))
        bars.append(Bar(swing.figure.name, ends, x, width, 8 + row * ROW, percent(low), percent(high)))
    base = sheet.break_even.value
    widest = sheet.swings[0]
    return Picture(
        bars=tuple(bars),
        base_x=place(base),
        base=percent(base),
        height=ROW * len(bars) + 12,
        ticks=tuple((place(tick), f"{tick * 100:.0f} %") for tick in TICKS),
        sentence=f"It moves most with “{widest.figure.name.lower()}”: from {percent(widest.ends[0])}"
        f" to {percent(widest.ends[1])} over the range given for it.",
    )
