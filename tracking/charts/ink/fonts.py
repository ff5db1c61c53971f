"""The fonts of pictures: the page's own, with Hangul, then one for marks it lacks. Nothing is looked up on the host."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import matplotlib
from django.conf import settings
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties

FAMILY = "Pretendard"
FALLBACK = "DejaVu Sans"  # comes with matplotlib
REGULAR, SEMI_BOLD = 400, 600


@cache
def _files() -> tuple[Path, ...]:
    """The font files, registered with matplotlib when they are first needed."""
    ours = Path(settings.BASE_DIR) / "static" / "fonts"
    files = (
        ours / f"{FAMILY}-Regular.otf",
        ours / f"{FAMILY}-SemiBold.otf",
        Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf",
    )
    fonts = font_manager.fontManager
    for file in files:
        fonts.addfont(str(file))
    # The fallback stands in for the semi-bold as well; matplotlib would warn of the missing weight each time.
    fonts.ttflist.append(replace(fonts.ttflist[-1], weight=SEMI_BOLD))
    return files


def font(size: float, *, is_bold: bool = False) -> FontProperties:
    """`size` in pixels of the picture."""
    _files()
    return FontProperties(family=[FAMILY, FALLBACK], weight=SEMI_BOLD if is_bold else REGULAR, size=size)


def drawable(text: str) -> str:
    """The text in one line, with “?” for marks that no font of ours has; a box would say nothing."""
    known = _characters()
    return "".join(mark if mark in known else "?" for mark in " ".join(text.split()))


@cache
def _characters() -> frozenset[str]:
    regular, _bold, fallback = _files()
    codes = {*font_manager.get_font(str(regular)).get_charmap(), *font_manager.get_font(str(fallback)).get_charmap()}
    return frozenset(map(chr, codes))
