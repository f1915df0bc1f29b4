"""The comparison as one HTML file that needs nothing else: numbers, plots, and every problem.

Promises: no script, no font, no address is loaded; texts of problems are escaped.
"""

from __future__ import annotations

from html import escape
from itertools import accumulate

from agents.charts import Chart, Line, to_svg
from agents.compare.comparing import Comparison, Pair
from agents.repair.tasks import HIDDEN, TESTS

_STYLE = """body{font:15px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse}td,th{padding:.15rem .8rem;border-bottom:1px solid #ddd;text-align:left}
.improved{color:#2ca02c}.worse{color:#d62728}svg{width:100%;height:auto}"""


def page(found: Comparison) -> str:
    """The page."""
    a, b = escape(found.a.name), escape(found.b.name)
    note = "<p><b>Simulated models took part.</b></p>" if found.a.simulated or found.b.simulated else ""
    charts = [to_svg(chart) for chart in _charts(found)]
    problems = "".join(_row(pair) for pair in sorted(found.pairs, key=lambda pair: (-abs(pair.change), pair.id)))
    return "\n".join([
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{a} and {b}</title><style>{_STYLE}</style>",
        f"<h1>{a} and {b}</h1>{note}",
        "<table>" + "".join(f"<tr><th>{escape(name)}<td>{escape(value)}" for name, value in lines(found)) + "</table>",
        *charts,
        f"<h2>Problems</h2><table><tr><th>problem<th>{a}<th>{b}<th>change",
        f"{problems}</table></html>\n",
    ])  # fmt: skip


def lines(found: Comparison) -> list[tuple[str, str]]:
    """What is to be said, as names and values."""
    pairs = found.pairs
    alone_a, alone_b = found.discordant
    cost_a, cost_b = (sum(each.cost_usd for each in some) for some in ([p.a for p in pairs], [p.b for p in pairs]))
    rate, done = ("pass", "passed") if TESTS in found.judged_by else ("solve", "solved")
    missing = len(set(found.a.outcomes) ^ set(found.b.outcomes))
    return [
        ("problems compared", f"{len(pairs)}" + (f" ({missing} are on one side only)" if missing else "")),
        *_judged(found),
        ("improved, unchanged, worse", ", ".join(str(found.count(w)) for w in ("improved", "unchanged", "worse"))),
        (f"change of the mean share of {_cases(found)}", f"{found.share_change} (95 % interval)"),
        (f"change of the {rate} rate", f"{found.solve_change} (95 % interval)"),
        ("McNemar's test", f"p = {found.p_value:.4f}: {done} by one side alone {alone_a} and {alone_b}"),
        ("cost", f"${cost_a:.4f} and ${cost_b:.4f}"),
        ("faults, not counted", f"{found.a.faults} and {found.b.faults}"),
        ("most improved", _movers(found.movers("improved"))),
        ("most worse", _movers(found.movers("worse"))),
    ]


def _judged(found: Comparison) -> list[tuple[str, str]]:
    """How many are solved; and how many pass their tests, where some have nothing else to be judged by."""
    pairs, count = found.pairs, found.judged_by.get(TESTS, 0)
    lines = [("solved", f"{sum(p.a.solved for p in pairs)} and {sum(p.b.solved for p in pairs)}")]
    if count:
        before = sum(p.a.whole and not p.a.solved for p in pairs)
        after = sum(p.b.whole and not p.b.solved for p in pairs)
        told = f"{before} and {after} of {count} that have no hidden cases to judge by"
        lines = [*(lines if count < len(pairs) else []), ("pass all their tests", told)]
    return lines


def _cases(found: Comparison) -> str:
    """What the shares are of."""
    return {HIDDEN: "hidden cases", TESTS: "tests"}.get(" ".join(found.judged_by), "cases")


def _movers(pairs: list[Pair]) -> str:
    return ", ".join(f"{pair.id} ({pair.change:+.2f})" for pair in pairs) or "none"


def _row(pair: Pair) -> str:
    shares = "".join(f"<td>{each}" for each in (pair.a, pair.b))
    return f"<tr><td>{escape(pair.id)}{shares}<td class={pair.word}>{pair.word} {pair.change:+.2f}"


def _charts(found: Comparison) -> list[Chart]:
    ordered = sorted(found.pairs, key=lambda pair: (pair.change, pair.a.share))
    places = list(range(1, len(ordered) + 1))
    shares = [
        Line(found.a.name, places, [pair.a.share for pair in ordered]),
        Line(found.b.name, places, [pair.b.share for pair in ordered]),
    ]
    charts = [Chart("Share of each problem", "problems, by change", f"share of {_cases(found)} passed", shares)]
    cost = [_course(found.a.name, [p.a for p in found.pairs]), _course(found.b.name, [p.b for p in found.pairs])]
    if any(line.x[-1] for line in cost):
        charts.append(Chart("Solved for the money", "USD", "problems solved", cost))
    return charts


def _course(name: str, outcomes: list) -> Line:  # type: ignore[type-arg]
    x = list(accumulate([each.cost_usd for each in outcomes], initial=0.0))
    y = [float(count) for count in accumulate([int(each.solved) for each in outcomes], initial=0)]
    return Line(name, x, y)
