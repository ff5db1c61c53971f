from reports.changes import MAX_LINES, Line, Size, between, count


def test_only_the_lines_around_a_change_are_shown() -> None:
    before = "\n".join(str(number) for number in range(20))
    after = before.replace("10", "ten")

    assert between(before, after) == [
        Line("skipped", count=7),
        *(Line("same", text) for text in ("7", "8", "9")),
        Line("removed", "10"),
        Line("added", "ten"),
        *(Line("same", text) for text in ("11", "12", "13")),
        Line("skipped", count=6),
    ]


def test_a_short_unchanged_stretch_is_shown_whole() -> None:
    assert between("a\nb\nc", "a\nb\nC") == [
        Line("same", "a"),
        Line("same", "b"),
        Line("removed", "c"),
        Line("added", "C"),
    ]


def test_equal_texts_have_no_changes() -> None:
    assert between("a\nb\nc", "a\nb\nc") == []


def test_changes_are_counted() -> None:
    assert count("a\nb", "a\nc\nd") == Size(added=2, removed=1)


def test_texts_that_are_too_long_are_not_compared() -> None:
    assert between("", "x\n" * (MAX_LINES + 1)) is None
    assert count("", "x\n" * (MAX_LINES + 1)) is None
