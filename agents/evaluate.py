"""Measures testers on bugs that they have not seen: `python -m agents.evaluate RUN... [--against tiny]`.

Two fields: held-out bugs of the problems that were trained on, and bugs of families of problems that were
not.
Promises: all testers meet the same bugs, as often; runs of several seeds are taken together, with intervals
over seeds and bugs; the split into initially easy, medium and hard is by the tester named in `--against`,
measured once more with other draws. All are asked alike: as `--style` says, or as the first run was in training. Does
not promise anything about testers that are asked otherwise.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents.runs import check_writable
from agents.testers.fields import (
    Field,
    Summary,
    as_json,
    compare,
    lacking,
    make_field,
    measure_on,
    names_in,
    rows,
)
from agents.testers.measure import RATES, Measuring, Scores
from agents.testers.numbers import count, temperature
from agents.testers.policies import asked_as, leave_a_core, load, policies_of
from sandbox.ending import ended


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    found = argparse.ArgumentParser(prog="python -m agents.evaluate", description=__doc__.split("\n")[0])
    found.add_argument(
        "testers", nargs="+", metavar="RUN|MODEL", help="run directories, model folders, hub names, or tiny"
    )
    found.add_argument(
        "--against", metavar="MODEL", help="the tester before training: it is measured beside the others"
    )
    found.add_argument("--problems", default="train", help="a split, ids, or a path (default: %(default)s)")
    found.add_argument("--share", default="held_out", choices=("held_out", "learn", "all"), help="of their bugs")
    found.add_argument("--unseen", default="test", help="problems of other families, or none (default: %(default)s)")
    found.add_argument("--bugs", type=count, default=4, metavar="N", help="for each problem (default: %(default)s)")
    found.add_argument(
        "--samples", type=count, default=4, metavar="N", help="tests for each bug (default: %(default)s)"
    )
    found.add_argument("--temperature", type=temperature, help="(default: what the first run was trained with, or 1)")
    found.add_argument(
        "--answer-ids", type=count, help="the most ids of a test (default: what the first run was trained with, or 64)"
    )
    found.add_argument(
        "--style",
        choices=("compact", "chat"),
        help="how testers are asked (default: as the first run was in training, or compact)",
    )
    found.add_argument("--seed", type=int, default=0)
    found.add_argument("--sandbox", default="auto")
    found.add_argument("--workers", type=int, default=None)
    found.add_argument("--out", type=Path, metavar="FILE", help="write every bug's figures as JSON")
    found.add_argument("--json", action="store_true", help="print the summary as JSON")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit status: 2 for a mistake of the caller, 130 after an interruption."""
    return ended("evaluate", lambda: run(parser().parse_args(arguments)))


def run(chosen: argparse.Namespace) -> int:
    """Measures, prints, writes."""
    from envs.boxes import shared_box

    check_writable("--out", chosen.out)
    leave_a_core()
    box = shared_box(chosen.sandbox, chosen.workers)
    asked = [(f"bugs of {chosen.problems} ({chosen.share})", chosen.problems, chosen.share)]
    if chosen.unseen != "none":
        asked.append((f"unseen families: {chosen.unseen}", chosen.unseen, "all"))
    names = [*([chosen.against] if chosen.against else []), *chosen.testers]
    folders = {name: policies_of(name) for name in names}
    how = _measuring(chosen)
    record: dict[str, Any] = {}
    for title, source, share in asked:
        field = make_field(title, names_in(source), share, chosen.bugs, box, chosen.seed)
        found, initial = _measured(field, folders, chosen.against, box, how)
        summaries = compare(found, initial)
        record[title] = {
            "summary": as_json(summaries),
            "testers": {name: [each.as_json() for each in scores] for name, scores in found.items()},
        }
        if gaps := lacking(found):
            why = "some tester has no rate on them: all of its samples met a fault, or a prompt too long for it"
            print(f"{title}: {len(gaps)} bugs are left out for all testers; {why}", file=sys.stderr)
        if not chosen.json:
            show(title, summaries)
    if chosen.json:
        print(json.dumps({title: each["summary"] for title, each in record.items()}))
    if chosen.out:
        chosen.out.write_text(json.dumps(record) + "\n", "utf-8")
    return 0


def _measuring(chosen: argparse.Namespace) -> Measuring:
    """How all testers are asked: as the command says, else as the first of the runs was in training."""
    trained = next((known for each in chosen.testers if (known := asked_as(each, "temperature"))), {})
    given = {"answer_ids": chosen.answer_ids, "style": chosen.style, "temperature": chosen.temperature}
    said = {name: value for name, value in given.items() if value is not None}
    return Measuring(chosen.samples, seed=chosen.seed, **{**trained, **said})


def _measured(
    field: Field, folders: dict[str, list[str]], against: str | None, box: Any, how: Measuring
) -> tuple[dict[str, list[Scores]], Scores | None]:
    """Every tester's rates, and those by which the bugs are called easy or hard."""
    found: dict[str, list[Scores]] = {}
    for name, places in folders.items():
        for folder in places:
            scores = measure_on(field, load(folder), box, how)
            found.setdefault(name, []).append(scores)
            print(
                f"{field.name}: {folder}: measured on {len(field.targets)} bugs, {scores.faults} faults",
                file=sys.stderr,
            )
    if not against:
        return found, None
    other = replace(how, seed=how.seed + 1)  # the same draws would make hard bugs look easier than they are
    return found, measure_on(field, load(folders[against][0]), box, other)


def show(title: str, summaries: dict[str, Summary]) -> None:
    """A table for people."""
    from rich.table import Table

    from sandbox.terminal import Terminal

    table = Table(title=f"{title}: means with 95 % intervals over seeds and bugs")
    for column in ("tester", "bugs", *RATES[:3]):
        table.add_column(column.replace("_", " "))
    for row in rows(summaries):
        if row[0] and table.row_count:
            table.add_section()
        table.add_row(*row)
    Terminal().print(table)


if __name__ == "__main__":
    raise SystemExit(main())
