"""The ten hues, each for a light and a dark page; a run keeps its colour everywhere. static/css has the same.

Every hue has a contrast of at least 3:1 on its background and they can be told apart in all types of colour vision.
"""

LIGHT = ("#323bb5", "#b66028", "#2b8d71", "#b10d47", "#8b65e8", "#2f9bb2", "#bf8b1f", "#771469", "#35520b", "#586072")
DARK = ("#5165e2", "#dc692e", "#78c89e", "#c1253b", "#c08ffd", "#80e1fe", "#efa30f", "#a14090", "#c7ea88", "#8092a1")


def color(index: int, theme: str = "light") -> str:
    """The colour of a run's number (or a group's index), repeating after ten."""
    return (DARK if theme == "dark" else LIGHT)[index % 10]


def is_dashed(index: int) -> bool:
    """The second ten are drawn dashed."""
    return index % 20 >= 10
