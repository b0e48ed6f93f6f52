"""What an attacker, or a foreign folder, can put into a library: it comes out harmless, and within bounds."""

import pytest

from coachkit.domain.content.blocks import MAX_BLOCK_LINES, MAX_SECTIONS
from coachkit.domain.content.cleaning import clean
from coachkit.domain.content.markdown import MAX_COMPLAINTS, RenderContext, Vocabulary, render, render_brief
from coachkit.domain.content.markup_limits import MAX_TEXT, too_heavy
from coachkit.domain.content.parse import MAX_PROBLEMS_A_FILE, load
from coachkit.domain.content.text_files import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES
from tests.factories.harmless import let_in
from tests.factories.library import MODULE, changed_library, tiny_library_files

MODULE_PATH = "modules/first-talk/module.md"
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](\tjavascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example/a)",
    "[x](/\\evil.example/a)",
    "[x](<javascript:alert(1)>)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    '[x](https://ok.example/" onmouseover="alert(1))',
    "[x](https://ok.example 'title\" onmouseover=alert(1) x=\"')",
    "![x](https://evil.example/pixel.gif)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](y)',
    "![x][y]\n\n[y]: https://evil.example/p.gif",
    "<javascript:alert(1)>",
    "<style>* { display: none }</style>",
    "<p style='position:fixed'>x</p>",
    "<form action='https://evil.example'><input name=csrf_token></form>",
    "<iframe src=https://evil.example></iframe>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<p id=csrf_token name=form class=bar>x</p>",
    "# x {#csrf_token}",
    "### x {: #form onclick=alert(1) }",
    "```{.python onclick=alert(1) #csrf_token}\nx\n```",
    '```" onclick="alert(1)\nx\n```',
    "<!-- --><script>alert(1)</script><!-- -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<x/onclick=alert(1)>y</x>",
    "*<b*onclick=alert(1)>*",
    "[[need|<img src=x onerror=alert(1)>]]",
    "[@<script>alert(1)</script>]",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x02wzxhzdk:0\x03",
    "{{ config }} {% raw %}",
    "<button popovertarget=menu formaction=javascript:alert(1)>x</button>",
    '::: script good "<img src=x onerror=alert(1)>"\n<b>A: <script>alert(1)</script>\n> <script>\n= <script>\n:::',
    '::: document good "<script>alert(1)</script>"\n<script>alert(1)</script>\n:::',
    '::: task solo 10 "\\" onclick=alert(1)"\n<script>alert(1)</script>\n:::',
    "::: points\n<script>alert(1)</script>\n:::",
]  # fmt: skip


def page() -> RenderContext:
    return RenderContext("m06", "x.md", Vocabulary(), here="needs")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_becomes_anything_that_acts(payload):
    let_in(render(payload, page()))
    let_in(render(f"- a\n\n    {payload}\n\n> {payload}\n\n| {payload} |\n|---|\n| {payload} |\n", page()))
    let_in(render_brief(payload, page()))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_allow_list_alone_holds_even_if_everything_before_it_failed(payload):
    let_in(clean(payload))


@pytest.mark.parametrize(
    "html",
    [
        '<span id="csrf_token">x</span>',
        '<h3 id="form">x</h3>',
        '<p class="bar admin">x</p>',
        '<button popovertarget="menu" type="button">x</button>',
        '<span role="alert">x</span>',
        '<a href="//evil.example">x</a>',
        '<a href="/\\evil.example">x</a>',
        '<a name="form">x</a>',
    ],
)
def test_no_id_role_class_or_address_of_another_s_making_passes(html):
    cleaned = clean(html)
    assert "x" in cleaned
    assert not any(word in cleaned for word in ("csrf", "form", "bar", "menu", "alert", "evil", "admin"))


def test_no_payload_brings_down_a_library():
    body = MODULE.split("## The ship")[0] + "## X {#why-it-matters}\n\n"
    for payload in PAYLOADS:
        loaded = load({**tiny_library_files(), MODULE_PATH: (body + payload).encode()})
        assert loaded.library is None


HEAVY = [
    "[" * 4_000,
    "[a](" * 4_000,
    "![" * 4_000,
    "[@K" * 2_000,
    "[[need|" * 2_000,
    "*" * 4_000,
    "_a" * 4_000,
    "`" * 4_000,
    "<" * 4_000,
    "&" * 4_000,
    "> " * 500,
    "- " * 50 + "x",
    "1. " * 50,
    "\n".join("    " * depth + "- x" for depth in range(40)),
    "\n".join("> " * depth + "x" for depth in range(40)),
    "```\n" * 100,
    "~~~\n" * 100,
    "|" * 12_000,
    "a" * 20_000,
    "a\n" * 4_000,
    "\n\n".join(["word " * 100] * 500),
    "\t" * 400 + "x",
    "[" * 100 + "]" * 10,
]


@pytest.mark.parametrize("text", HEAVY, ids=lambda text: repr(text[:12]))
def test_markup_that_would_take_the_renderer_long_is_told_and_never_given_to_it(text, monkeypatch):
    context = page()

    class Untouchable:
        def reset(self):
            raise AssertionError("the renderer was given this")

    monkeypatch.setitem(context.__dict__, "whole", Untouchable())
    html = render(text, context, line=5)

    assert [problem.code for problem in context.problems] == ["markup-size"]
    assert context.problems[0].line >= 5
    assert len(html) <= 6 * len(text) + 100
    let_in(html)


def test_a_heavy_line_in_a_conversation_is_told_too():
    context = page()
    let_in(render('::: script good "x"\nA: ' + "[" * 4_000 + "\n:::", context))
    assert [problem.code for problem in context.problems] == ["markup-size"]


@pytest.mark.parametrize(
    "text",
    [
        "Fill in: " + "_" * 600,
        "\n".join("| " + " | ".join(["cell"] * 8) + " |" for _ in range(60)),
        "\n".join(f"- point {number} [@KD96] (see [[need]])" for number in range(40)),
        "word " * 1_500,
        "* * *",
        "- - - - - - - - - -",
        "\n".join(f"{'    ' * depth}- x" for depth in range(5)),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_what_people_write_is_far_from_the_limits(text):
    assert too_heavy(text) is None


def test_a_text_that_is_too_long_is_told_once():
    assert too_heavy("a b\n\n" * MAX_TEXT) == (0, f"one text has at most {MAX_TEXT} characters")


@pytest.mark.parametrize(
    ("unit", "codes"),
    [
        ("::: points\n", {"block-nested", "points-number"}),
        ("## a {#a}\n", {"sections-many", "section-twice"}),
        ("[@K1]\n\n", {"markup-size"}),
        ("<b> x\n\n", {"markup-size"}),
        (". ", {"markup-size"}),
        ("a\n", {"markup-size"}),
    ],
)
def test_a_megabyte_of_anything_gives_few_problems(unit, codes):
    body = MODULE.split("## The ship")[0] + "## X {#why-it-matters}\n\n" + unit * (900_000 // len(unit))
    loaded = load({**tiny_library_files(), MODULE_PATH: body.encode()})
    told = [problem for problem in loaded.problems if problem.path == MODULE_PATH]
    assert codes <= {problem.code for problem in told}
    assert len(told) <= 2 * (MAX_PROBLEMS_A_FILE + 1)


def test_a_conversation_of_thousands_of_lines_is_told():
    context = page()
    render('::: script good "x"\n' + "A: b\n" * (MAX_BLOCK_LINES + 1) + ":::", context)
    assert [problem.code for problem in context.problems] == ["block-size"]


def test_a_page_full_of_unknown_words_stops_counting():
    context = page()
    render("\n\n".join(f"[@K{number}]" for number in range(1_000)), context)
    assert len(context.problems) == MAX_COMPLAINTS


def test_a_module_of_hundreds_of_sections_is_cut():
    body = MODULE.split("## The ship")[0] + "".join(f"## A {{#a{number}}}\n\nx\n\n" for number in range(200))
    loaded = load({**tiny_library_files(), MODULE_PATH: body.encode()})
    assert sum(problem.code == "section-place" for problem in loaded.errors) <= MAX_SECTIONS


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "a: &a [" + "*a, " * 1_000 + "]",
        "&a [*a]",
        "lol: &a [x, x]\nlol2: &b [*a, *a]\nlol3: [*b, *b]",
        "x: " + "!" * 1_000,
        "'" * 100_000,
        "|\n" * 10_000,
        "- a\n" * 100_000,
        "a: 1\n" * 100_000,
        "!!python/object/apply:os.system [true]",
        "<<: {id: x}",
        "\x85\u2028: \u2029",
    ],
    ids=lambda text: repr(text[:12]),
)
@pytest.mark.parametrize("path", ["library.yaml", "glossary.yaml", "scenarios/rp01.yaml"])
def test_hostile_yaml_is_a_problem_and_nothing_else(path, text):
    loaded = load({**tiny_library_files(), path: text.encode()})
    assert path in {problem.path for problem in loaded.errors}
    assert loaded.library is None


def test_a_dialogue_with_endless_ways_is_not_walked_to_its_end():
    choices = "".join(
        "      - {do: a thank you, thinks: b, point: c, to: NODE, misconception: rule-shield}\n" for _ in range(2)
    )
    choices += "      - {do: b, thinks: b, point: c, to: NODE}\n"
    nodes = ""
    for number in range(60):
        nodes += f"  n{number}:\n    says: x\n    choices:\n"
        nodes += choices.replace("NODE", f"n{number + 1}" if number < 59 else "e_need")
    text = tiny_library_files()["dialogues/bd1.yaml"].decode()
    head, tail = text.split("start: n1\n")[0], text[text.index("endings:") :]
    files = {**tiny_library_files(), "dialogues/bd1.yaml": f"{head}start: n0\nnodes:\n{nodes}{tail}".encode()}
    assert "dialogue-size" in {problem.code for problem in load(files).problems}


def test_a_folder_of_somebody_else_s_markdown_is_no_library_and_says_why():
    files = {f"docs/{number}/page.md": b"# Hello\n\n[[wiki]] ![](x.png) <b>" for number in range(500)}
    files |= {"modules/blog/module.md": b"Just a post.\n\n# With a heading", "scenarios/x.yaml": b"- 1\n- 2"}
    loaded = load(files)
    assert loaded.library is None
    assert {"library", "front-matter", "heading-first"} <= {problem.code for problem in loaded.errors}


def test_too_many_files_too_many_bytes_and_too_large_files_are_refused():
    many = {f"scenarios/s{number}.yaml": b"" for number in range(MAX_FILES + 1)}
    assert "too-many-files" in {problem.code for problem in load(many).errors}
    large = {f"scenarios/s{number}.yaml": b"#" * MAX_FILE_BYTES for number in range(65)}
    assert MAX_TOTAL_BYTES < 65 * MAX_FILE_BYTES
    assert "too-large" in {problem.code for problem in load(large).errors}


def test_an_author_s_name_for_a_field_cannot_reach_into_the_machine():
    files = changed_library("scenarios/rp01.yaml", "title: Wants and needs", "title: Wants\n__class__: x")
    assert [problem.code for problem in load(files).errors] == ["schema-extra_forbidden"]
