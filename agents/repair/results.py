"""What a run of repairs came to: the summary, its table, and what is said at the end.

Promises: a problem that met a fault of a model or a machine is counted as that and never as a failed repair;
`solved` means that there are hidden cases and that all of them pass; who has none and passes all its tests is counted
under `passing` instead; the same records give the same summary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.repair.saving import FOLDER
from agents.repair.tasks import HIDDEN, TESTS

if TYPE_CHECKING:
    from rich.table import Table

Record = Mapping[str, Any]
ROWS = 40
"""So many problems are listed in the terminal."""
REMARKS = 20
"""So many are shown there."""
LINE = 200
"""So much is shown of a fault."""


def summarised(total: int, records: Sequence[Record], more: Mapping[str, Any], stopped: str = "") -> dict[str, Any]:
    """The summary of a run over `total` programs."""
    judged = [each for each in records if each["status"] == "done"]
    fair = [each for each in judged if basis_of(each) == HIDDEN]
    unhidden = [each for each in judged if basis_of(each) == TESTS]
    seen = [each for each in fair if each["after"]["shown"][1]]
    return {
        "solved": sum(each["solved"] for each in fair),
        "passing": sum(_all(each["after"][TESTS]) for each in unhidden),
        "total": total,
        "judged": len(judged),
        "without_hidden": len(unhidden),
        "changed": sum(each["changed"] for each in judged),
        "overfitted": sum(each["overfitted"] for each in judged),
        "faults": sum(each["status"] not in ("done", "stopped") for each in records),
        "cost_usd": round(sum(each["spending"]["cost_usd"] for each in records), 8),
        "complete": not stopped and len(records) == total and all(each["status"] != "stopped" for each in records),
        "stopped": stopped,
        "solved_before": sum(_all(each["before"][HIDDEN]) for each in fair),
        "mean_hidden_before": _mean([_share(each["before"][HIDDEN]) for each in fair]),
        "mean_hidden": _mean([_share(each["after"][HIDDEN]) for each in fair]),
        "mean_shown": _mean([_share(each["after"]["shown"]) for each in seen]),
        "mean_gap": _mean([each["gap"] for each in seen]),
        "attempts": sum(each["attempts"] for each in judged),
        "calls": sum(each["spending"]["calls"] for each in records),
        "tokens": sum(each["spending"]["prompt_tokens"] + each["spending"]["completion_tokens"] for each in records),
        "simulated": any(each["spending"]["simulated"] for each in records),
        **more,
        "problems": [_row(each) for each in records],
    }


def basis_of(record: Record) -> str:
    """What a finished program was judged by: HIDDEN cases or its own TESTS."""
    return str(record.get("judged_by", HIDDEN))


def _row(record: Record) -> dict[str, Any]:
    row = {name: record.get(name) for name in ("id", "solved", "attempts", "seconds", "status")}
    row["cost_usd"] = record["spending"]["cost_usd"]
    if record["status"] != "done":
        return row | {"solved": None, "fault": record["fault"]}
    basis = basis_of(record)
    row |= {"overfitted": record["overfitted"], "judged_by": basis, basis: record["after"][basis]}
    return row | {"path": record["path"], "remarks": record.get("remarks", [])}


def _all(pair: Sequence[int]) -> bool:
    return 0 < pair[0] == pair[1]


def _share(pair: Sequence[int]) -> float:
    return pair[0] / pair[1] if pair[1] else 0.0


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 6) if values else None


def table_of(summary: Mapping[str, Any], most: int = ROWS) -> Table:
    """The problems as a table."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for name, side in (("program", "left"), ("", "left"), ("judged by", "right"), ("attempts", "right")):
        table.add_column(name, justify=side)  # type: ignore[arg-type]
    table.add_column("seconds", justify="right")
    table.add_column("USD", justify="right")
    for row in summary["problems"][:most]:
        cost = f"{row['cost_usd']:.4f}"
        table.add_row(Text(row["id"]), _word(row), _score(row), str(row["attempts"]), f"{row['seconds']:.1f}", cost)
    rest = len(summary["problems"]) - most
    if rest > 0:
        table.add_row(f"... and {rest} more", "", "", "", "", "")
    return table


def _score(row: Mapping[str, Any]) -> str:
    """How many cases pass, and of which kind; nothing of a program that was not judged."""
    basis = row.get("judged_by", "")
    return f"{row[basis][0]}/{row[basis][1]} {basis}" if basis else "-"


def _word(row: Mapping[str, Any]) -> str:
    if row["status"] != "done":
        return "[yellow]stopped[/]" if row["status"] == "stopped" else "[yellow]fault[/]"
    if row["solved"]:
        return "[green]solved[/]"
    if row["judged_by"] == TESTS and _all(row[TESTS]):
        return "passes"
    return "[red]overfitted[/]" if row["overfitted"] else "[red]unsolved[/]"


def last_lines(summary: Mapping[str, Any], path: Path) -> list[str]:
    """What is said at the end."""
    lines = [*_remarks(summary), f"solved {summary['solved']}/{summary['total']}"]
    if summary["solved_before"]:
        lines.append(f"{summary['solved_before']} of them passed every hidden case before any attempt")
    lines += _unhidden(summary)
    if summary["faults"]:
        told = "1 met a fault and counts" if summary["faults"] == 1 else f"{summary['faults']} met a fault and count"
        lines.append(f"{told} as neither solved nor failed; resume={path} tries again")
        lines.append(f"the most frequent fault: {_most_frequent_fault(summary)}")
    if left := summary["total"] - summary["judged"] - summary["faults"]:
        lines.append(f"{left} not finished")
    if summary["overfitted"]:
        lines.append(f"{summary['overfitted']} pass all that was shown and all that picks, and not the hidden cases")
    gap = summary["mean_gap"]
    shown = "" if gap is None else f"; shown minus hidden share: {gap:+.3f}"
    simulated = " (simulated models took part)" if summary["simulated"] else ""
    lines.append(f"cost ${summary['cost_usd']:.4f}{shown}{simulated}")
    if summary["changed"] and (path / FOLDER).is_dir():
        lines.append(f"changed programs ({summary['changed']}), each with a diff: {path / FOLDER}")
    lines.append(f"run directory: {path}")
    return lines


def _remarks(summary: Mapping[str, Any]) -> list[str]:
    """What is to be said of single programs, of unsolved ones first."""
    rows = sorted(summary["problems"], key=lambda row: row["solved"] is not False)
    lines = [f"{row['id']}: {remark}" for row in rows for remark in row.get("remarks", ())]
    more = len(lines) - REMARKS
    return [*lines[:REMARKS], *([f"... and {more} more remarks, in summary.json"] if more > 0 else [])]


def _unhidden(summary: Mapping[str, Any]) -> list[str]:
    """What is to be said of programs that no hidden case judges."""
    rows = [row[TESTS] for row in summary["problems"] if row.get("judged_by") == TESTS and _all(row[TESTS])]
    if not rows:
        return []
    one = f"1 more passes its {_tests(rows[0][1])}" if len(rows) == 1 else f"{len(rows)} more pass all their tests"
    return [f"{one}; no hidden cases to judge by (of 5 cases or more, some are kept hidden)"]


def _tests(count: int) -> str:
    return f"{count} tests" if count > 1 else "1 test"


def _most_frequent_fault(summary: Mapping[str, Any]) -> str:
    """What most faults say, or the first of several, cut to a line."""
    faults = Counter(row["fault"] for row in summary["problems"] if row["status"] not in ("done", "stopped"))
    text = " ".join(faults.most_common(1)[0][0].split())
    return text if len(text) <= LINE else f"{text[:LINE]}..."
