from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import document, html
from reports.blocks.chart import ChartBlock

SHOWN = "<figure>shown</figure>"


def page(text: str) -> str:
    return html.render(document.read(text), lambda block: SHOWN).html


def test_markdown_becomes_html() -> None:
    assert "<strong>bold</strong> and <code>code</code>" in page("**bold** and `code`")


def test_tables_keep_their_alignment() -> None:
    assert '<td align="right">1</td>' in page("| a | b |\n|---|--:|\n| x | 1 |")


def test_footnotes_lead_there_and_back() -> None:
    shown = page("Text[^1]\n\n[^1]: Because.")

    assert 'href="#fn:1"' in shown
    assert 'id="fn:1"' in shown
    assert 'href="#fnref:1"' in shown


def test_task_lists_show_what_is_done() -> None:
    shown = page("- [x] measured\n- [ ] written up")

    assert '<li class="task done"><span class="task-box">☑</span> measured</li>' in shown
    assert '<li class="task"><span class="task-box">☐</span> written up</li>' in shown


def test_two_tildes_strike_out() -> None:
    assert "<del>wrong</del> right" in page("~~wrong~~ right")


def test_unknown_fences_stay_code_blocks() -> None:
    shown = page("```mermaid\ngraph <b>\n```")

    assert '<pre tabindex="0"><code class="language-mermaid">graph &lt;b&gt;\n</code></pre>' in shown


def test_charts_stand_where_their_fences_are() -> None:
    shown = page("before\n```chart\nmetric: a\n```\nafter\n\n```chart\nmetric: [\n```")

    assert shown.count(SHOWN) == 2
    assert shown.index("before") < shown.index(SHOWN) < shown.index("after")


def test_each_chart_is_asked_for_with_its_own_block() -> None:
    asked: list[ChartBlock] = []

    def show(block: ChartBlock) -> str:
        asked.append(block)
        return SHOWN

    html.render(document.read("```chart\nmetric: a\n```\n\n```chart\nmetric: b\n```"), show)

    assert [block.number for block in asked] == [0, 1]


def test_headings_have_anchors_and_make_the_contents() -> None:
    text = "## Loss by warm-up\n\n### 결과 요약\n\n## Loss by warm-up\n\n#### too deep"

    shown = html.render(document.read(text), lambda block: SHOWN)

    assert [(heading.anchor, heading.level) for heading in shown.contents] == [
        ("section-loss-by-warm-up", 2),
        ("section-결과-요약", 3),
        ("section-loss-by-warm-up_1", 2),
    ]
    assert 'id="section-결과-요약"' in shown.html


def test_a_text_with_a_title_heading_moves_down_one_level() -> None:
    shown = page("# Title\n\n## Part")

    assert "<h1" not in shown
    assert "Title</h2>" in shown
    assert "Part</h3>" in shown


def test_contents_are_plain_text_whatever_the_heading_holds() -> None:
    shown = html.render(document.read("## `a < b` & *more*"), lambda block: SHOWN)

    assert shown.contents[0].title == "a < b & more"


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("![plot](/static/plot.png)", True),
        ("![dot](data:image/png;base64,iVBORw0KGgo=)", True),
        ("![spy](https://elsewhere.example/pixel.png)", False),
        ("![spy](//elsewhere.example/pixel.png)", False),
        ("<img src='/\\elsewhere.example/pixel.png'>", False),
        ("<img src='\\\\elsewhere.example/pixel.png'>", False),
        ("<img src='ht&#9;tps://elsewhere.example/pixel.png'>", False),
        ("![svg](data:image/svg+xml;base64,PHN2Zz4=)", False),
    ],
)
def test_images_come_from_here_or_not_at_all(source: str, kept: bool) -> None:
    assert ("src=" in page(source)) is kept


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>1</script></svg>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<a href='vbscript:x'>x</a>",
    "<iframe src=/></iframe>",
    "<form action=/><input name=a><button>x</button></form>",
    "<style>body{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "<math><mi xlink:href='javascript:1'>x</mi></math>",
    "<base href='https://elsewhere.example/'>",
    "<meta http-equiv=refresh content='0;url=//elsewhere.example'>",
    "<object data=x></object><embed src=x>",
    "<details ontoggle=alert(1) open>x</details>",
    "<div id=csrfmiddlewaretoken class=button>x</div>",
    '```x" onmouseover="alert(1)\n```',
    "## <img src=x onerror=alert(1)>",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "<img alt='\n```chart\nmetric: a\n```\n'>",
    "<!--\n```chart\nmetric: a\n```\n-->",
    "<a title='\n\n```chart\nmetric: a\n```\n\n' href=/>x</a>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_runs_or_loads_survives(attack: str) -> None:
    assert_harmless(page(attack))


def test_a_chart_inside_of_an_attribute_never_breaks_out_of_it() -> None:
    for quote in "'\"":
        shown = page(f"<img alt={quote}\n\n```chart\nmetric: a\n```\n\n{quote} src=/x.png>")
        assert_harmless(shown)


@given(
    st.lists(
        st.one_of(
            st.sampled_from(ATTACKS),
            st.sampled_from(
                [*list("<>\"'`~[]()!#*_|&;:=/\\ \n\t-"), "```chart\n", "\n```\n", "<a ", "href=", "<p>", "on"]
            ),
            st.text(max_size=8),
        ),
        max_size=25,
    )
)
@settings(max_examples=300, deadline=None)
def test_no_text_makes_html_that_runs(parts: list[str]) -> None:
    text = "".join(parts)
    read = document.read(text)
    shown: list[int] = []

    def show(block: ChartBlock) -> str:
        shown.append(block.number)
        return SHOWN

    assert_harmless(html.render(read, show).html)
    assert shown == sorted(set(shown))  # a chart is never shown twice nor out of order


@pytest.mark.parametrize(
    "piece", ["[", "![", "[a](", "<a ", '<a title="', "---\n", "# a\n", "> ", "* ", "<div>", "`", "*"]
)
def test_a_text_that_markdown_would_need_minutes_for_is_shown_anyway(piece: str) -> None:
    assert_harmless(page(piece * (200_000 // len(piece))))


def test_a_text_that_is_too_tangled_is_shown_as_it_is_written() -> None:
    shown = page("[" * 5000)

    assert "shown as it is written" in shown
    assert "[" * 5000 in shown


class Reader(HTMLParser):
    """Reads HTML as a browser does and refuses every element, handler, style or address that could do harm."""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in html.TAGS, tag
        for name, value in attributes:
            assert SHOWN not in (value or ""), self.get_starttag_text()
            assert not name.startswith("on"), self.get_starttag_text()
            assert name not in {"style", "srcset", "action", "formaction", "name"}, self.get_starttag_text()
            if name in {"href", "src"}:
                assert re.match(r"(https?:|mailto:|data:image/png;base64,|[^:/?#]*([/?#]|$))", value or "", re.I), value


def assert_harmless(markup: str) -> None:
    reader = Reader()
    reader.feed(markup)
    reader.close()
