"""What authors' Markdown becomes: the exact HTML that the style sheet and the pages rely on."""

import re

import pytest

from coachkit.domain.content.addresses import Targets
from coachkit.domain.content.framework import GlossaryTerm, Source
from coachkit.domain.content.markdown import RenderContext, Vocabulary, render, render_brief

NEED = GlossaryTerm(id="need", term="need", meaning="The outcome & its reason.", example="Papers.", see=("want",))
WANT = GlossaryTerm(id="want", term="want", meaning="What is asked for.")
VOCABULARY = Vocabulary(
    sources={
        "KD96": Source(code="KD96", short="Kluger and DeNisi 1996", title="…", mark="V"),
        "MW82": Source(code="MW82", short="Mabe & West 1982", title="…", mark="V"),
    },
    terms={"need": NEED, "want": WANT},
    targets=Targets(
        sections={"needs": frozenset({"practice"}), "listening": frozenset({"key-facts"})},
        files={"needs": frozenset({"page.md"})},
        scenarios=frozenset({"rp04"}),
        dialogues=frozenset({"bd4"}),
        terms=frozenset({"need"}),
        sources=frozenset({"KD96"}),
    ),
)


@pytest.fixture
def page():
    return RenderContext("m06", "modules/needs/module.md", VOCABULARY, here="needs")


def gloss(number: str, word: str) -> str:
    return (
        f'<span class="glossed"><button class="term" popovertarget="gloss-m06-need{number}" type="button">{word}'
        f'</button><span aria-label="Glossary: need" class="gloss" id="gloss-m06-need{number}" popover="" role="note">'
        '<span class="hd"><strong>Need</strong></span><span class="gp">The outcome &amp; its reason.</span>'
        '<span class="gp">Papers.</span><span class="gp small">Compare: want. '
        '<a href="/glossary#need">Open in the glossary</a></span></span></span>'
    )


def test_paragraphs_lists_tables_and_emphasis(page):
    text = "One *two* **three**.\n\n- a\n- b\n\n3. c\n\n> said\n\n| a | b | c |\n|---|--:|:-:|\n| 1 | 2 | 3 |\n"
    assert re.sub(r"\n", "", render(text, page)) == (
        "<p>One <em>two</em> <strong>three</strong>.</p><ul><li>a</li><li>b</li></ul>"
        '<ol start="3"><li>c</li></ol><blockquote><p>said</p></blockquote>'
        '<table><thead><tr><th scope="col">a</th><th class="num" scope="col">b</th>'
        '<th class="mid" scope="col">c</th></tr></thead><tbody><tr>'
        '<td data-label="a">1</td><td class="num" data-label="b">2</td>'
        '<td class="mid" data-label="c">3</td></tr></tbody></table>'
    )
    assert page.problems == []


def test_a_citation_is_a_small_link_to_the_list_of_sources(page):
    assert render("Often worse [@KD96].", page) == (
        '<p>Often worse <a class="cite" href="/sources#KD96">Kluger and DeNisi 1996</a>.</p>'
    )


def test_two_citations_at_once_are_parted_by_a_semicolon(page):
    assert render("[@KD96; @MW82]", page) == (
        '<p><span><a class="cite" href="/sources#KD96">Kluger and DeNisi 1996</a>; '
        '<a class="cite" href="/sources#MW82">Mabe &amp; West 1982</a></span></p>'
    )


def test_a_term_opens_its_meaning_by_keyboard_and_without_any_script(page):
    assert render("It is the [[need]].", page) == f"<p>It is the {gloss('', 'need')}.</p>"


def test_a_term_that_occurs_twice_has_two_pop_ups_of_its_own(page):
    html = render("[[need]] and [[need|needs]]", page) + render("[[need]]", page)
    assert gloss("", "need") in html
    assert gloss("-2", "needs") in html
    assert gloss("-3", "need") in html


def test_a_term_may_stand_in_a_table(page):
    assert gloss("", "needs") in render("| a |\n|---|\n| [[need\\|needs]] |\n", page)


def test_a_conversation_is_set_like_a_play(page):
    text = (
        '::: script good "Second version"\nTomasz: We want\n  a mobile app.\nYou: What should be *different*?\n'
        "> Outcome first,\n  the app left standing.\n= It ends with\n  a number.\n:::\n"
    )
    assert render(text, page) == (
        '<figure class="scriptbox good"><figcaption>Second version</figcaption><ol class="script good">'
        '<li><span class="sp">Tomasz</span><span class="ln">We want a mobile app.</span></li>'
        '<li class="you"><span class="sp">You</span><span class="ln">What should be <em>different</em>?</span>'
        '<span class="why">Outcome first, the app left standing.</span></li></ol>'
        '<p class="end-note">It ends with a number.</p></figure>'
    )
    assert page.problems == []


def test_a_poor_conversation_is_marked_as_one(page):
    html = render('::: script poor "First"\nA: 1. No list.\nYou: - Nor here: > 3 & <4>\n:::', page)
    assert html.startswith('<figure class="scriptbox poor"><figcaption>First</figcaption><ol class="script poor">')
    assert '<span class="ln">1. No list.</span>' in html
    assert '<span class="ln">- Nor here: &gt; 3 &amp; &lt;4&gt;</span>' in html


@pytest.mark.parametrize("tone", ["good", "poor", "plain"])
def test_a_document_keeps_its_own_headings_below_those_of_the_page(page, tone):
    text = f'::: document {tone} "The memo"\n# To all\n\n**What:** a portal.\n\n### Then\n:::'
    assert re.sub(r"\n", "", render(text, page)) == (
        f'<figure class="doc {tone}"><figcaption>The memo</figcaption><div class="docbody"><h4>To all</h4>'
        "<p><strong>What:</strong> a portal.</p><h4>Then</h4></div></figure>"
    )


def test_learning_points_are_a_numbered_list(page):
    assert render("::: points\nAsk first.\n\nThen *wait*.\n:::", page) == (
        '<ol class="points"><li>Ask first.</li><li>Then <em>wait</em>.</li></ol>'
    )


@pytest.mark.parametrize(
    ("kind", "minutes", "words"),
    [
        ("solo", 15, "On your own · 15 minutes"),
        ("partner", 1, "With a partner · 1 minute"),
        ("work", 30, "At work · 30 minutes"),
    ],
)
def test_a_task_says_with_whom_and_how_long(page, kind, minutes, words):
    assert re.sub(r"\n", "", render(f'::: task {kind} {minutes} "Eight questions"\nRewrite.\n:::', page)) == (
        f'<section class="task task-{kind}"><h3 id="h-m06-eight-questions">Eight questions</h3>'
        f'<p class="meta">{words}</p><p>Rewrite.</p></section>'
    )


def test_headings_get_ids_from_their_words_that_no_page_uses_otherwise(page):
    html = render("### Ça va?\n\n### Ça va?\n\n### 日本\n\n#### Deeper\n", page)
    assert re.findall(r"<h\d[^>]*>", html) == [
        '<h3 id="h-m06-ca-va">',
        '<h3 id="h-m06-ca-va-2">',
        '<h3 id="h-m06-part">',
        "<h4>",
    ]


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://example.org/a?b=c", 'href="https://example.org/a?b=c" rel="noopener noreferrer"'),
        ("mailto:liaison@example.org", 'href="mailto:liaison@example.org"'),
        ("#practice", 'href="/modules/needs/practice"'),
        ("files/page.md", 'href="/modules/needs/files/page.md"'),
        ("../listening/module.md", 'href="/modules/listening"'),
        ("../listening/module.md#key-facts", 'href="/modules/listening/key-facts"'),
        ("/modules/listening", 'href="/modules/listening"'),
        ("/modules/listening#key-facts", 'href="/modules/listening/key-facts"'),
        ("/scenarios/rp04", 'href="/practice/scenarios/rp04"'),
        ("/practice/scenarios/rp04", 'href="/practice/scenarios/rp04"'),
        ("../../dialogues/bd4.yaml", 'href="/practice/dialogues/bd4"'),
        ("/glossary#need", 'href="/glossary#need"'),
        ("/sources#KD96", 'href="/sources#KD96"'),
    ],
)
def test_a_link_leads_to_the_page_it_means(page, link, address):
    assert render(f"[words]({link})", page) == f"<p><a {address}>words</a></p>"
    assert page.problems == []


def test_code_stays_code(page):
    html = render("`[[need]] <b>`\n\n```\n## not {#a-heading}\n::: points\n<b>\n```\n", page)
    assert "<code>[[need]] &lt;b&gt;</code>" in html
    assert "<pre><code>## not {#a-heading}\n::: points\n&lt;b&gt;\n</code></pre>" in html
    assert page.problems == []


def test_a_brief_takes_paragraphs_lists_terms_and_citations(page):
    html = render_brief("You know *this*:\n\n- the [[need]]\n- [@KD96]\n", page)
    assert "<em>this</em>" in html
    assert gloss("", "need") in html
    assert 'class="cite"' in html


def test_a_context_without_a_module_has_no_files_to_link_to():
    elsewhere = RenderContext("rp04", "scenarios/rp04.yaml", VOCABULARY)
    assert render_brief("[a](files/page.md)", elsewhere, line=7) == "<p><span>a</span></p>"
    assert [(problem.line, problem.code) for problem in elsewhere.problems] == [(7, "link")]


def test_double_brackets_that_name_no_id_are_a_problem_and_not_silently_text(page):
    render("Fill the [[account profile]] first, not `[[this]]`.", page)
    assert [problem.code for problem in page.problems] == ["term-form"]
