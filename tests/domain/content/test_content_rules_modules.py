"""The rules for modules, each seen failing."""

import pytest

from coachkit.domain.content.parse import load
from tests.factories.library import tiny_library_files
from tests.factories.slips import MODULE, Slip, assert_told

SLIPS = [
    Slip("front-matter", MODULE, "---\nid: m01", "id: m01", "id: m01"),
    Slip("schema-int_parsing", MODULE, "minutes: 40", "minutes: forty", "minutes: forty"),
    Slip("heading-id", MODULE, "## Your turn {#practice}", "## Your turn", "## Your turn"),
    Slip("heading-first", MODULE, "## The ship that", "Hello.\n\n## The ship that", "Hello."),
    Slip("section-missing", MODULE, "{#key-facts}", "{#facts}", "---"),
    Slip("section-place", MODULE, "{#key-facts}", "{#facts}", "{#facts}"),
    Slip("section-order", MODULE, "{#common-mistakes}", "{#further-reading}", "## Where"),
    Slip("section-twice", MODULE, "{#worked-example}", "{#key-facts}", "## Two versions"),
    Slip(
        "section-empty",
        MODULE,
        "A consultant's article on what can be taught [@S003]. Keep [the page](files/one-page.md) at hand.",
        "",
        "## Further reading",
    ),
    Slip("source", MODULE, "[@KD96].", "[@KD97].", "[@KD97]"),
    Slip("source", MODULE, "sources: [KD96, ", "sources: [KD97, ", "sources: [KD97"),
    Slip("source-unlisted", MODULE, "sources: [KD96, ", "sources: [", "[@KD96]", warning=True),
    Slip("term", MODULE, "[[need]]", "[[nead]]", "[[nead]]"),
    Slip("term-place", MODULE, "### What she did", "### What [[need]] she did", "### What"),
    Slip("link", MODULE, "(files/one-page.md)", "(files/two-page.md)", "two-page"),
    Slip("link", MODULE, "(files/one-page.md)", "(../second-talk/module.md)", "second-talk"),
    Slip("link", MODULE, "(files/one-page.md)", "(/modules/first-talk/nowhere)", "nowhere"),
    Slip("link", MODULE, "(files/one-page.md)", "(/scenarios/rp99)", "rp99"),
    Slip("link", MODULE, "(files/one-page.md)", "(/etc/passwd)", "passwd"),
    Slip("link", MODULE, "(files/one-page.md)", "(//evil.example/x)", "evil"),
    Slip("link", MODULE, "(files/one-page.md)", "(javascript:alert(1))", "javascript"),
    Slip("picture", MODULE, "You promise before", "![A quay](https://x.example/a.png)", "![A quay]"),
    Slip("picture-alt", MODULE, "You promise before", "![](https://x.example/a.png)", "![]"),
    Slip("html", MODULE, "You promise before", "You <b>promise</b> before", "<b>"),
    Slip("heading-level", MODULE, "### What she did", "# What she did", "# What she did"),
    Slip("block-head", MODULE, "::: points", "::: rules", "::: rules"),
    Slip("block-head", MODULE, "::: task solo 10", "::: task solo ten", "::: task solo ten"),
    Slip("block-open", MODULE, "Say want and need apart. Then wait.\n:::", "Say want.", "::: points"),
    Slip("block-nested", MODULE, "You: Which browsers", "::: points\nYou: Which browsers", "::: points\nYou"),
    Slip("script-line", MODULE, "Amara: The usual ones.", "The usual ones.", "The usual ones."),
    Slip("points-block", MODULE, "::: points\nAsk", "- Ask", "## Three rules"),
    Slip(
        "points-number",
        MODULE,
        "Put their last word into your next question.\nSay want",
        "Say want",
        "::: points",
    ),
    Slip(
        "points-length",
        MODULE,
        "Say want and need apart. Then",
        "Say want and need apart, in words that the other one would also use, then",
        "Say want and need apart,",
    ),
    Slip("tasks-number", MODULE, "::: task work", "::: task solo", "## Your turn"),
    Slip("tasks-minutes", MODULE, "::: task work 10", "::: task work 20", "practice_minutes"),
    Slip("minutes", MODULE, "minutes: 40", "minutes: 60", "minutes: 60"),
    Slip("claim", MODULE, "It is widely taught that", "Research shows that", "Feedback that turns"),
    Slip("claim", MODULE, "It is widely taught that", "Several studies clearly\nproved that", "Feedback that"),
    Slip(
        "sentence-length",
        MODULE,
        "You answer a question that nobody asked.\n- You promise before you know.",
        "a " * 60,
        "## Where it goes wrong",
        warning=True,
    ),
    Slip("prerequisite", MODULE, "prerequisites: []", "prerequisites: [m00]", "prerequisites", warning=True),
    Slip("prerequisite-circle", MODULE, "prerequisites: []", "prerequisites: [m01]", "prerequisites"),
    Slip("file-missing", MODULE, "name: one-page.md", "name: two-page.md", "two-page.md"),
    Slip("criterion", MODULE, "criteria: [interviewing.needs,", "criteria: [interviewing.nods,", "criteria:"),
]


@pytest.mark.parametrize("slip", SLIPS, ids=str)
def test_a_broken_rule_is_told_at_its_line(slip):
    assert_told(slip)


def test_a_poor_model_never_stands_without_a_good_one():
    files = tiny_library_files()
    text = (
        files[MODULE]
        .decode()
        .replace("::: script good", "::: script poor")
        .replace("::: document good", "::: document plain")
    )
    files[MODULE] = text.encode()
    problem = next(problem for problem in load(files).errors if problem.code == "model-alone")
    assert text.split("\n")[problem.line - 1].startswith("::: script poor")
