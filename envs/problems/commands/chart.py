"""The suite as a picture and as a table: bugs by family and tier.

Promises: the same counts give the same text. The picture is plain SVG without scripts or fonts of its own.
"""

from collections.abc import Mapping, Sequence
from html import escape

Counts = Mapping[str, Mapping[str, int]]
"""Family -> tier -> how many bugs."""

COLOURS = {"easy": "#9ecae1", "medium": "#4292c6", "hard": "#f16913", "extreme": "#a50f15"}
WIDTH, LEFT, TOP, ROW = 760, 170, 46, 24


def tier_chart(counts: Counts) -> str:
    """A bar for each family, divided by tier; longer bars hold more bugs."""
    most = max((sum(tiers.values()) for tiers in counts.values()), default=0) or 1
    scale = (WIDTH - LEFT - 60) / most
    height = TOP + ROW * len(counts) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        *_legend(),
    ]
    for row, (family, tiers) in enumerate(counts.items()):
        parts += _bar(family, tiers, TOP + ROW * row, scale)
    return "\n".join([*parts, "</svg>", ""])


def _legend() -> list[str]:
    parts = [_text(10, 24, "bugs by family and tier", size=15, weight="bold")]
    for place, (tier, colour) in enumerate(COLOURS.items()):
        x = 330 + 105 * place
        parts += [f'<rect x="{x}" y="13" width="14" height="14" fill="{colour}"/>', _text(x + 20, 25, tier)]
    return parts


def _bar(family: str, tiers: Mapping[str, int], y: int, scale: float) -> list[str]:
    parts = [_text(LEFT - 8, y + 15, family, anchor="end")]
    x = float(LEFT)
    for tier, colour in COLOURS.items():
        width = tiers.get(tier, 0) * scale
        title = f"<title>{escape(family)}: {tiers.get(tier, 0)} {tier}</title>"
        parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="18" fill="{colour}">{title}</rect>')
        x += width
    return [*parts, _text(x + 6, y + 14, str(sum(tiers.values())))]


def _text(x: float, y: float, text: str, size: int = 12, weight: str = "normal", anchor: str = "start") -> str:
    style = f'font-size="{size}" font-weight="{weight}" text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y}" {style} fill="#222">{escape(text)}</text>'


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown, the first two columns of text, the others of numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---|---|" + "---:|" * (len(head) - 2)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines)
