"""How many notices nobody has read yet, in the bar of every page. The number comes with who is asking."""

from __future__ import annotations

from flask import g
from markupsafe import Markup

MOST = 99


def count() -> int:
    """Unread notices of whoever is asking; none for strangers."""
    return int(g.get("unread", 0))


def drawn() -> Markup:
    """The way to them, in words; nothing where there is nothing new."""
    if not count():
        return Markup("")
    number = str(count()) if count() <= MOST else f"{MOST}+"
    return Markup(
        '<a class="news" href="/notices"><b class="num">{}</b> <span>new<span class="vh"> {}</span></span></a>'
    ).format(number, "notice" if count() == 1 else "notices")
