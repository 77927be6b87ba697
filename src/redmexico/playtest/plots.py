"""The report's pictures: inline SVG, drawn here, coloured by the page's style.

Every function gives one `<svg>` element as text. What comes from a story is escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from redmexico.findings import escaped

WIDTH, HEIGHT = 260, 110
LEFT, RIGHT, TOP, BOTTOM = 24, 6, 6, 18
BARS, WIDEST = 24, 36


def safe(text: object, limit: int = 200) -> str:
    """Untrusted text as it may stand in a page.

    >>> safe("<b>\\x1b")
    '&lt;b&gt;\\\\x1b'
    """
    return escape(escaped(str(text), limit), quote=True)


def bar(parts: Sequence[tuple[str, float, str]], style: str = "bar") -> str:
    """One bar of a row, cut into parts: style's class, share of the whole, what it says when pointed at."""
    out, x = [], 0.0
    for kind, part, said in parts:
        width = part * 100
        out.append(f'<rect class="{kind}" x="{x:.2f}" y="0" width="{width:.2f}" height="10"><title>{safe(said)}</title></rect>')
        x += width
    return f'<svg class="{style}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{"".join(out)}</svg>'


def fan(label: str, low: int, high: int, years: Sequence[tuple[str, Sequence[int]]]) -> str:
    """A quality over the half-years: the middle line, half of all campaigns, and nine tenths of them."""
    if not years:
        return ""
    scale = _Scale(low, high, len(years))
    outer = _band(scale, [(found[0], found[4]) for _, found in years])
    inner = _band(scale, [(found[1], found[3]) for _, found in years])
    middle = " ".join(scale.at(i, found[2]) for i, (_, found) in enumerate(years))
    dots = "".join(
        f'<circle class="dot" cx="{scale.x(i):.1f}" cy="{scale.y(found[2]):.1f}" r="2.6"><title>{safe(name)}: {found[2]} '
        f"(half {found[1]} to {found[3]}, nine tenths {found[0]} to {found[4]})</title></circle>"
        for i, (name, found) in enumerate(years)
    )
    said = f"{label}: median {years[0][1][2]} in {years[0][0]}, {years[-1][1][2]} in {years[-1][0]}"
    return _framed(
        said, f'{scale.grid()}<path class="outer" d="{outer}"/><path class="inner" d="{inner}"/>'
        f'<polyline class="middle" points="{middle}"/>{dots}{_ends(years[0][0], years[-1][0])}'
    )  # fmt: skip


def histogram(label: str, counts: Counter[int], unit: int = 1) -> str:
    """How many campaigns were how long; the line is the median's bar. `unit` divides the values."""
    values = [value // unit for value in sorted(counts.elements())]
    low, high = values[0], values[-1]
    step = max(1, -(-(high - low + 1) // BARS))
    heights = Counter((value - low) // step for value in values)
    bars = (high - low) // step + 1
    most, width = max(heights.values()), min(WIDEST, (WIDTH - LEFT - RIGHT) / bars)
    median = (values[(len(values) - 1) // 2] - low) // step
    out = []
    for i in range(bars):
        tall = heights[i] / most * (HEIGHT - TOP - BOTTOM)
        span = f"{low + i * step}" + (f" to {low + (i + 1) * step - 1}" if step > 1 else "")
        out.append(
            f'<rect class="{"median" if i == median else "count"}" x="{LEFT + i * width + 0.5:.1f}" '
            f'y="{HEIGHT - BOTTOM - tall:.1f}" width="{max(0.5, width - 1):.1f}" height="{tall:.1f}">'
            f"<title>{span}: {heights[i]}</title></rect>"
        )
    base = f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM}"/>'
    return _framed(f"{label}: {low} to {high}", base + "".join(out) + _ends(f"{low:,}", f"{high:,}", LEFT + width * bars))


class _Scale:
    """Places of a plot by half-year and value."""

    def __init__(self, low: int, high: int, steps: int) -> None:
        self.low, self.high, self.steps = low, high, max(1, steps - 1)

    def x(self, i: int) -> float:
        return LEFT + i * (WIDTH - LEFT - RIGHT) / self.steps

    def y(self, value: int) -> float:
        return HEIGHT - BOTTOM - (value - self.low) * (HEIGHT - TOP - BOTTOM) / max(1, self.high - self.low)

    def at(self, i: int, value: int) -> str:
        return f"{self.x(i):.1f},{self.y(value):.1f}"

    def grid(self) -> str:
        marks = [self.low, self.high] if not self.low < 0 < self.high else [self.low, 0, self.high]
        return "".join(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{self.y(m):.1f}" y2="{self.y(m):.1f}"/>'
            f'<text class="tick" x="{LEFT - 5}" y="{self.y(m) + 3:.1f}" text-anchor="end">{m}</text>'
            for m in marks
        )


def _band(scale: _Scale, edges: Sequence[tuple[int, int]]) -> str:
    there = [scale.at(i, high) for i, (_, high) in enumerate(edges)]
    back = [scale.at(i, low) for i, (low, _) in enumerate(edges)]
    return "M" + " L".join([*there, *reversed(back)]) + " Z"


def _ends(first: str, last: str, right: float = WIDTH - RIGHT) -> str:
    """What the two ends of the lower edge are."""
    y = HEIGHT - 4
    return (
        f'<text class="tick" x="{LEFT}" y="{y}">{safe(first)}</text>'
        f'<text class="tick" x="{right:.1f}" y="{y}" text-anchor="end">{safe(last)}</text>'
    )


def _framed(said: str, inner: str) -> str:
    return f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{safe(said)}">{inner}</svg>'
