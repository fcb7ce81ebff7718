"""What does delivery look like over the weeks? Pictures for a phone, in a light or a dark surrounding.

The only module that imports the charting library, and only when something is drawn: figures are made without its
global state, so that several threads may draw at once. The background is opaque, since nobody knows what lies below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 1000, 900  # points, twice what a phone shows
_DPI = 200
_GROUND, _INK, _FAINT = "#ffffff", "#1d1c1d", "#d0d0d0"
# Told apart by whoever sees colours otherwise, and by their lightness in print (Okabe and Ito).
_COLOURS = ("#0072b2", "#e69f00", "#56b4e9", "#d55e00")
_GREYS = ("#757575", "#b5b5b5")
_HUGE, _LARGE, _SMALL = 13.5, 10.5, 10.0  # sizes of type
_LEFT, _RIGHT = 85, 985
_BAR = 0.76  # of the room that a week has
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
_ROOM = 1.16  # times the highest bar, for what is written above it
_ONE_AT_A_TIME = Lock()  # the library's fonts are shared


@dataclass(frozen=True, slots=True)
class Layer:
    """One colour of the bars: its name, and its height in each week; None where it is not known."""

    name: str
    heights: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of one panel, each of some layers, the first at the bottom."""

    title: str
    layers: tuple[Layer, ...]

    @property
    def known(self) -> bool:
        """Whether there is anything to draw."""
        return any(height is not None for layer in self.layers for height in layer.heights)


def stacked(title: str, weeks: Sequence[str], large: Bars, small: Bars) -> bytes:
    """A PNG of two panels over the same weeks: the large one in colours, the small one, set apart, in greys."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with _ONE_AT_A_TIME, rc_context({"font.family": "DejaVu Sans"}):
        figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor=_GROUND)
        FigureCanvasAgg(figure)
        sheet = _Sheet(figure)
        sheet.write(20, 852, title, _HUGE, bold=True)
        sheet.panel(large, _COLOURS, (370, 712))
        sheet.panel(small, _GREYS, (92, 228))
        for place, week in enumerate(weeks):
            sheet.write(_middle(place, len(weeks)), 48, week, _SMALL, across="center")
        sheet.write(20, 10, "?  fewer than 5 known     +  a stage is not known, or not over yet", 8.5)
        written = BytesIO()
        figure.savefig(written, format="png", facecolor=_GROUND)
    return written.getvalue()


class _Sheet:
    """A figure that is drawn on by points: axes of the library's own would take three times as long."""

    def __init__(self, figure: "Figure") -> None:
        self._figure = figure

    def write(  # noqa: PLR0913  where, what, and how it looks
        self, x: float, y: float, said: str, size: float, *, bold: bool = False, across: str = "left"
    ) -> None:
        """Write words whose foot is at a point; a dollar sign in them is a dollar sign."""
        weight = "bold" if bold else "normal"
        self._figure.text(
            x / WIDTH, y / HEIGHT, said, fontsize=size, fontweight=weight, color=_INK, ha=across, parse_math=False
        )

    def panel(self, bars: Bars, colours: Sequence[str], between: tuple[int, int]) -> None:
        """Bars between two heights, with their title and what the colours mean above them."""
        foot, head = between
        weeks = len(bars.layers[0].heights)
        totals = [sum(layer.heights[place] or 0.0 for layer in bars.layers) for place in range(weeks)]
        unit = (head - foot) / max(max(totals) * _ROOM, 0.1)
        self._legend(bars, colours, head)
        self._grid(between, unit)
        for place in range(weeks):
            below = float(foot)
            for layer, colour in zip(bars.layers, colours, strict=False):
                tall = (layer.heights[place] or 0.0) * unit
                self._bar(place, weeks, (below, tall), colour)
                below += tall
            self._total(bars, place, (totals[place], below))
        self._line(foot, _INK, 1.2)

    def _legend(self, bars: Bars, colours: Sequence[str], head: float) -> None:
        self.write(_LEFT, head + 68, bars.title, _LARGE, bold=True)
        x = float(_LEFT)
        for layer, colour in zip(bars.layers, colours, strict=False):
            self._rectangle((x, head + 25), (24, 24), colour)
            self.write(x + 33, head + 26, layer.name, _SMALL)
            x += 65 + 17 * len(layer.name)

    def _grid(self, between: tuple[int, int], unit: float) -> None:
        foot, head = between
        step = next((step for step in _STEPS if (head - foot) / unit / step <= (head - foot) / 55), _STEPS[-1])
        height = 0.0
        while foot + height * unit <= head:
            self._line(foot + height * unit, _FAINT, 0.6)
            self.write(_LEFT - 12, foot + height * unit - 11, f"{height:g}", _SMALL, across="right")
            height = round(height + step, 6)

    def _total(self, bars: Bars, place: int, at: tuple[float, float]) -> None:
        """Write above a bar how high it is, "+" where part of it is not known; a week of which nothing is, says so."""
        known = [layer.heights[place] is not None for layer in bars.layers]
        said = f"{_short(at[0])}{'' if all(known) else '+'}" if any(known) else "?"
        x = _middle(place, len(bars.layers[0].heights))
        self.write(x, at[1] + 8, said, _LARGE, bold=True, across="center")

    def _bar(self, place: int, weeks: int, reach: tuple[float, float], colour: str) -> None:
        wide = (_RIGHT - _LEFT) / weeks * _BAR
        if reach[1] > 0:
            self._rectangle((_middle(place, weeks) - wide / 2, reach[0]), (wide, reach[1]), colour)

    def _rectangle(self, corner: tuple[float, float], size: tuple[float, float], colour: str) -> None:
        from matplotlib.patches import Rectangle

        (x, y), (wide, tall) = corner, size
        made = Rectangle(
            (x / WIDTH, y / HEIGHT), wide / WIDTH, tall / HEIGHT, facecolor=colour, edgecolor=_GROUND, linewidth=0.8,
            transform=self._figure.transFigure,
        )  # fmt: skip
        self._figure.add_artist(made)

    def _line(self, y: float, colour: str, width: float) -> None:
        from matplotlib.lines import Line2D

        ends = [_LEFT / WIDTH, _RIGHT / WIDTH]
        self._figure.add_artist(
            Line2D(ends, [y / HEIGHT] * 2, color=colour, linewidth=width, transform=self._figure.transFigure, zorder=0)
        )


def _middle(place: int, weeks: int) -> float:
    return _LEFT + (_RIGHT - _LEFT) * (place + 0.5) / weeks


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"  # noqa: PLR2004  days of which tenths say nothing
