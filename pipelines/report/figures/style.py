"""The look of every picture: one width, one quiet background, colours that colour-blind readers can distinguish.

Colours are Okabe and Ito's ("Color universal design", 2008); each also has a shape or a written label, so that no
picture depends on colour alone. Text is drawn as outlines: a picture looks the same wherever it is shown.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from pipelines.facts.shared import TRIED
from pipelines.report.text import plain

WIDTH = 7.3  # inches: 700 CSS pixels at the 96 a browser gives an inch
PAPER, INK, QUIET, FAINT = "#fbfaf7", "#24292f", "#59636e", "#e3e1da"
BLUE, VERMILION, GREEN, PURPLE, AMBER, GREY = "#0072b2", "#d55e00", "#009e73", "#aa4499", "#e69f00", "#8b949e"
SIZE, SMALL = 9.5, 8.5  # points

ROLES: Mapping[str, tuple[str, str]] = {
    "dummy": (GREY, "s"), "baseline": (BLUE, "o"), "repaired": (GREEN, "P"), TRIED: (QUIET, "^"),
    "strong": (VERMILION, "D"),
}  # fmt: skip

_SETTINGS: Mapping[str, Any] = {
    "svg.hashsalt": "sevenfold", "svg.fonttype": "path", "font.family": ["DejaVu Sans"], "font.size": SIZE,
    "text.parse_math": False, "axes.formatter.use_mathtext": False, "axes.unicode_minus": True,
    "figure.facecolor": PAPER, "savefig.facecolor": PAPER, "axes.facecolor": PAPER,
    "text.color": INK, "axes.labelcolor": QUIET, "axes.edgecolor": FAINT, "axes.labelsize": SMALL,
    "xtick.color": QUIET, "ytick.color": INK, "xtick.labelsize": SMALL, "ytick.labelsize": SIZE,
    "xtick.major.size": 0, "ytick.major.size": 0, "xtick.minor.size": 0, "ytick.minor.size": 0,
    "axes.titley": 1.0, "axes.titlesize": SIZE, "axes.titleweight": "bold", "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False, "axes.spines.bottom": False,
    "axes.grid": True, "grid.color": FAINT, "grid.linewidth": 0.8, "axes.axisbelow": True,
    "lines.solid_capstyle": "round", "figure.constrained_layout.h_pad": 0.09, "figure.constrained_layout.w_pad": 0.09,
    "path.simplify": True,
}  # fmt: skip

_LONG_DECIMALS = re.compile(rb"(\.\d{3})\d+")  # a thousandth of a point is enough: a quarter of a file is saved


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style inside the block, whatever the reader's own matplotlib settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)  # type: ignore[arg-type]  # its keys are literals there
        yield


def to_svg(draw: Callable[..., Figure], *facts: object) -> bytes:
    """Return what `draw(*facts)` draws as SVG: the same bytes for the same facts."""
    with house_style():
        figure = draw(*facts)
        buffer = io.BytesIO()
        # Straight to the canvas: `savefig` would lay out and draw everything twice.
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    return _LONG_DECIMALS.sub(rb"\1", buffer.getvalue())


def new_figure(height: float) -> Figure:
    """Return an empty figure of the one width and `height` inches."""
    return Figure(figsize=(WIDTH, height), layout="constrained")


@cache
def _drawable() -> frozenset[int]:
    """Return the code points that the font can draw."""
    return frozenset(font_manager.get_font(font_manager.findfont("DejaVu Sans")).get_charmap())


def words(value: object, longest: int = 24) -> str:
    """Return data's text for a picture: one line, shortened, with a box for what the font cannot draw."""
    return "".join(c if ord(c) in _drawable() else "\u25a1" for c in plain(value, longest))


def name(value: object, width: int = 24) -> str:
    """Return a column's name for a picture, on two lines where it is long, broken between its parts."""
    text = words(value, 2 * width)
    if len(text) <= width:
        return text
    parts = [found.end() for found in re.finditer(r"[_\s-]|[a-z0-9](?=[A-Z])", text) if found.end() <= width]
    at = parts[-1] if parts and parts[-1] > width // 3 else width
    return f"{text[:at].rstrip()}\n{words(text[at:], width)}"


def grid(axes: Axes, which: str = "x") -> None:
    """Keep only the grid lines across the axis that is read."""
    axes.grid(visible=False, axis="y" if which == "x" else "x")


def lanes(axes: Axes, labels: list[str]) -> None:
    """Make the y axis a list of labelled lanes, the first on top."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    grid(axes, "x")


def interval(axes: Axes, x: float, y: float, ci: list[float] | None, role: str, size: float = 7) -> None:
    """Draw a value with its interval in a lane, in the colour and shape of its role."""
    color, marker = ROLES[role]
    if ci:
        axes.plot(ci, [y, y], color=color, linewidth=2.2, alpha=0.55, zorder=2)
    axes.plot([x], [y], marker, color=color, markersize=size, markeredgecolor=PAPER, markeredgewidth=1, zorder=3)


def note(axes: Axes, x: float, y: float, text: str, **more: Any) -> None:  # noqa: ANN401
    """Write a direct label at a place in data units, moved by `move` points."""
    move = more.pop("move", (0, 0))
    look: dict[str, Any] = {"fontsize": SMALL, "va": "center"}
    axes.annotate(text, (x, y), xytext=move, textcoords="offset points", **(look | more))
