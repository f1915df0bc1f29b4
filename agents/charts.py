"""Line charts with uncertainty bands, as SVG for pages and as PNG for TensorBoard, without a plotting library.

Promises: the same chart gives the same bytes; a value that is not finite breaks the line instead of bending
it. The SVG has no scripts or fonts of its own.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf")
WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 178, 40, 46
Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """One curve, with a band when `low` and `high` are given."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


@dataclass(frozen=True)
class Chart:
    """Curves over one axis."""

    title: str
    x_label: str
    y_label: str
    lines: Sequence[Line]
    caption: str = ""
    """What the reader must know: backend, seeds, budget, split."""
    level: float | None = None
    """A height at which to draw a thin line across, such as 0."""


class _Pen(Protocol):
    """What a chart is drawn with."""

    def line(self, points: Sequence[Point], colour: str, width: float) -> None: ...
    def area(self, points: Sequence[Point], colour: str) -> None: ...
    def text(self, at: Point, text: str, size: int, anchor: str) -> None: ...


def to_svg(chart: Chart) -> str:
    """The chart as an SVG document."""
    pen = _SvgPen()
    _draw(chart, pen)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">'
    back = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    return "\n".join([head, back, *pen.parts, "</svg>", ""])


def to_png(chart: Chart) -> bytes:
    """The chart as the bytes of a PNG file."""
    from PIL import Image

    pen = _PngPen()
    _draw(chart, pen)
    file = io.BytesIO()
    pen.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).convert("RGB").save(file, "PNG")
    return file.getvalue()


@dataclass(frozen=True)
class _Scale:
    """From values to places on the page."""

    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> Point:
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)


def _draw(chart: Chart, pen: _Pen) -> None:
    scale = _scale(chart)
    _axes(chart, scale, pen)
    for place, line in enumerate(chart.lines):
        colour = COLOURS[place % len(COLOURS)]
        if len(line.low):
            edge = [*zip(line.x, line.low, strict=True), *reversed(list(zip(line.x, line.high, strict=True)))]
            pen.area([scale.at(*point) for point in edge if math.isfinite(point[1])], colour)
    for place, line in enumerate(chart.lines):
        colour, y = COLOURS[place % len(COLOURS)], TOP + 8 + 18 * place
        for piece in _pieces(line):
            pen.line([scale.at(*point) for point in piece], colour, 1.8)
        pen.line([(WIDTH - RIGHT + 10, y), (WIDTH - RIGHT + 30, y)], colour, 3)
        pen.text((WIDTH - RIGHT + 36, y + 4), line.name, 12, "start")
    pen.text((10, 22), chart.title, 15, "start")
    pen.text((10, HEIGHT - 6), chart.caption, 11, "start")


def _axes(chart: Chart, scale: _Scale, pen: _Pen) -> None:
    left, bottom = scale.at(scale.x[0], scale.y[0])
    right, top = scale.at(scale.x[1], scale.y[1])
    for value in _ticks(*scale.y):
        y = scale.at(scale.x[0], value)[1]
        pen.line([(left, y), (right, y)], "#e4e4e4", 1)
        pen.text((left - 6, y + 4), f"{value:g}", 11, "end")
    for value in _ticks(*scale.x):
        x = scale.at(value, scale.y[0])[0]
        pen.line([(x, bottom), (x, bottom + 4)], "#444444", 1)
        pen.text((x, bottom + 16), f"{value:g}", 11, "middle")
    pen.line([(left, top), (left, bottom), (right, bottom)], "#444444", 1)
    if chart.level is not None and scale.y[0] <= chart.level <= scale.y[1]:
        pen.line([scale.at(scale.x[0], chart.level), scale.at(scale.x[1], chart.level)], "#444444", 1)
    pen.text((right, bottom + 16 + 13), chart.x_label, 12, "end")
    pen.text((left, TOP - 4), chart.y_label, 12, "start")


def _scale(chart: Chart) -> _Scale:
    xs = [x for line in chart.lines for x in line.x if math.isfinite(x)]
    every = [y for line in chart.lines for ys in (line.y, line.low, line.high) for y in ys if math.isfinite(y)]
    every += [] if chart.level is None else [chart.level]
    return _Scale(_range(xs), _range(every))


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _ticks(low: float, high: float) -> list[float]:
    """About five round numbers in the range."""
    step = 10.0 ** math.floor(math.log10((high - low) / 5))
    step *= next(factor for factor in (1, 2, 5, 10) if (high - low) / (step * factor) <= 6)
    first = math.ceil(low / step - 1e-9)
    return [round(number * step, 10) for number in range(first, math.floor(high / step + 1e-9) + 1)]


def _pieces(line: Line) -> list[list[Point]]:
    pieces: list[list[Point]] = [[]]
    for x, y in zip(line.x, line.y, strict=True):
        if math.isfinite(y):
            pieces[-1].append((x, y))
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


class _SvgPen:
    def __init__(self) -> None:
        self.parts: list[str] = []

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        if len(points) == 1:  # of which a polyline shows nothing
            [(x, y)] = points
            self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{width:g}" fill="{colour}"/>')
            return
        self.parts.append(
            f'<polyline points="{_pairs(points)}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'
        )

    def area(self, points: Sequence[Point], colour: str) -> None:
        self.parts.append(f'<polygon points="{_pairs(points)}" fill="{colour}" fill-opacity="0.15"/>')

    def text(self, at: Point, text: str, size: int, anchor: str) -> None:
        style = f'font-size="{size}" text-anchor="{anchor}" fill="#222222"'
        self.parts.append(f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" {style}>{escape(text)}</text>')


def _pairs(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


class _PngPen:
    """Draws at twice the size; made smaller, the lines are smooth."""

    def __init__(self) -> None:
        from PIL import Image, ImageDraw

        self.image = Image.new("RGBA", (2 * WIDTH, 2 * HEIGHT), "white")
        self._draw: Any = ImageDraw.Draw(self.image)

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        doubled = [(2 * x, 2 * y) for x, y in points]
        if len(doubled) == 1:
            (x, y), reach = doubled[0], 2 * width
            self._draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)
        else:
            self._draw.line(doubled, fill=colour, width=round(2 * width), joint="curve")

    def area(self, points: Sequence[Point], colour: str) -> None:
        from PIL import Image, ImageDraw

        if len(points) > 2:
            layer = Image.new("RGBA", self.image.size, (0, 0, 0, 0))
            ImageDraw.Draw(layer).polygon([(2 * x, 2 * y) for x, y in points], fill=f"{colour}26")
            self.image.alpha_composite(layer)

    def text(self, at: Point, text: str, size: int, anchor: str) -> None:
        from PIL import ImageFont

        place = {"start": "ls", "middle": "ms", "end": "rs"}[anchor]
        font = ImageFont.load_default(2 * size)
        self._draw.text((2 * at[0], 2 * at[1]), text, fill="#222222", font=font, anchor=place)
