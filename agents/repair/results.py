"""What a run of repairs came to: the summary, its table, and the repaired programs as files.

Promises: a problem that met a fault of a model or a machine is counted as that and never as a failed repair;
`solved` means that every hidden case passes; the same records give the same summary.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

Record = Mapping[str, Any]
ROWS = 40
"""So many problems are listed in the terminal."""
LINE = 200
"""So much is shown of a fault."""


def summarised(total: int, records: Sequence[Record], more: Mapping[str, Any], stopped: str = "") -> dict[str, Any]:
    """The summary of a run over `total` programs."""
    judged = [each for each in records if each["status"] == "done"]
    solved = sum(each["solved"] for each in judged)
    seen = [each for each in judged if each["after"]["shown"][1]]
    return {
        "solved": solved,
        "total": total,
        "judged": len(judged),
        "overfitted": sum(each["overfitted"] for each in judged),
        "faults": sum(each["status"] not in ("done", "stopped") for each in records),
        "cost_usd": round(sum(each["spending"]["cost_usd"] for each in records), 8),
        "complete": not stopped and len(records) == total and all(each["status"] != "stopped" for each in records),
        "stopped": stopped,
        "solved_before": sum(_all(each["before"]["hidden"]) for each in judged),
        "mean_hidden_before": _mean([_share(each["before"]["hidden"]) for each in judged]),
        "mean_hidden": _mean([_share(each["after"]["hidden"]) for each in judged]),
        "mean_shown": _mean([_share(each["after"]["shown"]) for each in seen]),
        "mean_gap": _mean([each["gap"] for each in seen]),
        "attempts": sum(each["attempts"] for each in judged),
        "calls": sum(each["spending"]["calls"] for each in records),
        "tokens": sum(each["spending"]["prompt_tokens"] + each["spending"]["completion_tokens"] for each in records),
        "simulated": any(each["spending"]["simulated"] for each in records),
        **more,
        "problems": [_row(each) for each in records],
    }


def _row(record: Record) -> dict[str, Any]:
    row = {name: record.get(name) for name in ("id", "solved", "attempts", "seconds", "status")}
    row["cost_usd"] = record["spending"]["cost_usd"]
    if record["status"] != "done":
        return row | {"solved": None, "fault": record["fault"]}
    return row | {"overfitted": record["overfitted"], "hidden": record["after"]["hidden"], "path": record["path"]}


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
    for name, side in (("program", "left"), ("", "left"), ("hidden", "right"), ("attempts", "right")):
        table.add_column(name, justify=side)  # type: ignore[arg-type]
    table.add_column("seconds", justify="right")
    table.add_column("USD", justify="right")
    for row in summary["problems"][:most]:
        hidden = "/".join(map(str, row["hidden"])) if "hidden" in row else "-"
        cost = f"{row['cost_usd']:.4f}"
        table.add_row(Text(row["id"]), _word(row), hidden, str(row["attempts"]), f"{row['seconds']:.1f}", cost)
    rest = len(summary["problems"]) - most
    if rest > 0:
        table.add_row(f"... and {rest} more", "", "", "", "", "")
    return table


def _word(row: Mapping[str, Any]) -> str:
    if row["status"] != "done":
        return "[yellow]stopped[/]" if row["status"] == "stopped" else "[yellow]fault[/]"
    if row["solved"]:
        return "[green]solved[/]"
    return "[red]overfitted[/]" if row["overfitted"] else "[red]unsolved[/]"


def last_lines(summary: Mapping[str, Any], path: Path) -> list[str]:
    """What is said at the end."""
    lines = [f"solved {summary['solved']}/{summary['total']}"]
    if summary["solved_before"]:
        lines.append(f"{summary['solved_before']} of them passed every hidden case before any attempt")
    if summary["faults"]:
        lines.append(
            f"{summary['faults']} met a fault and count as neither solved nor failed; resume={path} tries them again"
        )
        lines.append(f"the most frequent fault: {_most_frequent_fault(summary)}")
    if summary["overfitted"]:
        lines.append(f"{summary['overfitted']} pass all that was shown and all that picks, and not the hidden cases")
    gap = summary["mean_gap"]
    shown = "" if gap is None else f"; shown minus hidden share: {gap:+.3f}"
    simulated = " (simulated models took part)" if summary["simulated"] else ""
    lines.append(f"cost ${summary['cost_usd']:.4f}{shown}{simulated}")
    lines.append(f"run directory: {path}")
    return lines


def _most_frequent_fault(summary: Mapping[str, Any]) -> str:
    """What most faults say, or the first of several, cut to a line."""
    faults = Counter(row["fault"] for row in summary["problems"] if row["status"] not in ("done", "stopped"))
    text = " ".join(faults.most_common(1)[0][0].split())
    return text if len(text) <= LINE else f"{text[:LINE]}..."


def save_programs(path: Path, records: Sequence[Record]) -> None:
    """Writes `repaired.jsonl`: each program as it is now, whether it was changed, and whether it is right."""
    names = ("id", "solved", "changed", "program")
    lines = [json.dumps({name: each[name] for name in names}) for each in records if each["status"] == "done"]
    _write(path / "repaired.jsonl", "".join(f"{line}\n" for line in lines))


def save_librarybench(source: Path, path: Path, records: Sequence[Record]) -> Path:
    """The solutions file with an `improved_NAME` beside each solution that was worked on; the input stays as it is."""
    given = json.loads(source.read_text("utf-8"))
    answer = copy.deepcopy(given)
    rows = answer["problems"] if isinstance(answer, dict) else answer
    places = {f"librarybench/{row.get('problem_id', place)}": row for place, row in enumerate(rows)}
    for record in records:
        name, _, key = record["id"].partition("#")
        if record["status"] == "done" and name in places and key:
            places[name][f"improved_{key}"] = f"```python\n{record['program'].rstrip()}\n```"
    target = path / f"improved_{source.name}"
    _write(target, json.dumps(answer, indent=1, ensure_ascii=False) + "\n")
    return target


def _write(path: Path, text: str) -> None:
    from agents.runs import write_text

    write_text(path, text)
