from reports.fences import Fence, normalize, split


def fences(text: str) -> list[Fence]:
    return [part for part in split(text.split("\n")) if isinstance(part, Fence)]


def test_a_fence_ends_with_a_mark_that_is_at_least_as_long() -> None:
    assert fences("a\n```chart\nx\n````\nb") == [Fence("chart", "x", 2)]


def test_a_shorter_mark_inside_is_content() -> None:
    assert fences("````markdown\n```chart\nx\n```\n````") == [Fence("markdown", "```chart\nx\n```", 1)]


def test_tildes_make_a_fence_and_backticks_do_not_close_it() -> None:
    assert fences("~~~chart\n```\n~~~") == [Fence("chart", "```", 1)]


def test_three_backticks_in_a_sentence_are_code_and_no_fence() -> None:
    assert fences("```chart``` is how it starts") == []


def test_an_indented_mark_is_no_fence() -> None:
    assert fences("    ```chart\n    x\n    ```") == []


def test_only_the_first_word_behind_the_mark_is_the_kind() -> None:
    assert fences("```  python  linenums\nx\n```")[0].kind == "python"


def test_an_open_chart_ends_at_the_first_blank_line_so_that_the_rest_lives() -> None:
    text = "```chart\nmetric: loss\n\nThe rest.\n\n```python\nx\n```"

    assert fences(text) == [Fence("chart", "metric: loss", 1, closed=False), Fence("python", "x", 6)]


def test_an_open_code_block_runs_to_the_end_as_commonmark_says() -> None:
    assert fences("```python\na\n\nb") == [Fence("python", "a\n\nb", 1, closed=False)]


def test_every_line_outside_of_fences_comes_through_unchanged() -> None:
    text = "one\n```chart\nx\n```\n\ntwo\nthree"

    outside = [part for part in split(text.split("\n")) if not isinstance(part, Fence)]

    assert outside == [["one"], ["", "two", "three"]]


def test_line_ends_become_one_kind_and_invisible_characters_go() -> None:
    assert normalize("a\r\nb\rc\x02\x00\td") == "a\nb\nc\td"
