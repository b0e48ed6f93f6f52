"""A gate for rendered HTML: only what a library's pages need may pass."""

from html.parser import HTMLParser

ALLOWED = {
    "a": {"class", "href", "rel"},
    "button": {"class", "popovertarget", "type"},
    "div": {"class"},
    "figure": {"class"},
    "h3": {"id"},
    "li": {"class"},
    "ol": {"class", "start"},
    "p": {"class"},
    "section": {"class"},
    "span": {"aria-label", "class", "id", "popover", "role"},
    "td": {"class", "data-label"},
    "th": {"class", "scope"},
    **dict.fromkeys(
        [
            "blockquote",
            "br",
            "code",
            "em",
            "figcaption",
            "h4",
            "h5",
            "hr",
            "pre",
            "strong",
            "table",
            "tbody",
            "thead",
            "tr",
            "ul",
        ],
        frozenset(),
    ),
}


class Gate(HTMLParser):
    """Fails on the first tag, attribute or address that a library has no use for."""

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED, tag
        for name, value in attrs:
            assert name in ALLOWED[tag], (tag, name)
            if name == "href":
                assert value.startswith(("https://", "http://", "mailto:", "/", "#")), value
                assert not value.startswith(("//", "/\\")), value
            if name in {"id", "popovertarget"}:
                assert value.startswith(("h-m06-", "gloss-m06-")), value

    def handle_comment(self, data):
        raise AssertionError(data)

    def handle_decl(self, decl):
        raise AssertionError(decl)

    def handle_pi(self, data):
        raise AssertionError(data)


def let_in(html: str) -> None:
    """Read the HTML as a browser would, and let nothing pass that could act."""
    gate = Gate()
    gate.feed(html)
    gate.close()
