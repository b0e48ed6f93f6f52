"""How a reader that does not see finds its way: order of headings, tables with heads, words for drawings, bookmarks."""

import itertools
from functools import cache
from io import BytesIO

import pikepdf
import pytest

from coachkit.features.reports.document import printed, printed_sheet
from coachkit.features.reports.kinds import KINDS, kind_of
from tests.factories.reports import report
from tests.factories.sheets import ALL
from tests.platform.pdf.test_printed_report import SEEDED

DOCUMENTS = [*SEEDED, *ALL]


@pytest.fixture(scope="module")
def opened(renderer, templates):
    """Each document is printed once."""

    @cache
    def open_once(name):
        if isinstance(name, tuple):
            made = printed(renderer, templates, report(*name))
        else:
            kind = KINDS[kind_of(ALL[name])]
            made = printed_sheet(renderer, templates, kind.body, kind.title, ALL[name])
        return pikepdf.open(BytesIO(made.pdf))

    return open_once


def elements(node, above=()):
    """Every element of the tag tree in reading order, with the kinds of those above it."""
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield str(child.S)[1:], child, above
            yield from elements(child, (*above, str(child.S)[1:]))


@pytest.mark.parametrize("name", DOCUMENTS, ids=str)
def test_headings_begin_with_one_title_and_skip_no_level(opened, name):
    found = [kind for kind, _node, _above in elements(opened(name).Root.StructTreeRoot) if kind in {"H1", "H2", "H3"}]
    assert found[0] == "H1"
    assert found.count("H1") == 1
    levels = [int(kind[1]) for kind in found]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("name", DOCUMENTS, ids=str)
def test_tables_have_heads_rows_stand_in_tables_and_drawings_have_words(opened, name):
    found = list(elements(opened(name).Root.StructTreeRoot))
    tables = sum(kind == "Table" for kind, _node, _above in found)
    heads = sum(kind == "THead" for kind, _node, _above in found)
    assert heads == tables
    assert all("Table" in above for kind, _node, above in found if kind in {"TR", "TH", "TD"})
    assert all(str(node.get("/Alt", "")).strip() for kind, node, _above in found if kind == "Figure")


@pytest.mark.parametrize("name", DOCUMENTS, ids=str)
def test_language_title_bookmarks_and_links_are_said(opened, name):
    document = opened(name)
    assert str(document.Root.Lang) == "en"
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert str(document.docinfo["/Title"]).strip()
    with document.open_outline() as outline:
        marks = [entry.title for entry in outline.root]
    headings = sum(kind == "H2" for kind, _node, _above in elements(document.Root.StructTreeRoot))
    assert len(marks) == headings > 0
    for leaf in document.pages:
        for note in leaf.get("/Annots", []):
            assert str(note.Contents).startswith("Check ")
