"""`check`: proves problems through the sandbox, and says clearly which are wrong and why."""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from rich import box
from rich.markup import escape
from rich.table import Table

from envs.problems.commands.choose import add_names, is_embedded, written_problems
from envs.problems.load import PACK, load_suite
from envs.problems.pack import line_fault, pack_fault, unpacked, write_lines
from envs.problems.prove import Proof, prove
from envs.problems.schema import Problem
from envs.text.found import counted
from sandbox import Sandbox, open_sandbox
from sandbox.terminal import ProgressBar, Terminal

HELP = "prove problems through the sandbox (the whole suite, or those named)"
EXAMPLE = "runner_up.toml --write runner_up.jsonl"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_names(parser)
    add_sandbox(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--write", type=Path, metavar="FILE.jsonl", help="keep the proved problems there, with the cases made for them"
    )


def add_sandbox(parser: argparse.ArgumentParser) -> None:
    """Declares which sandbox proves, and how many workers it has."""
    parser.add_argument("--sandbox", default="auto", help="the sandbox's shell (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="sandbox workers (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Prints a line for each problem and every fault."""
    began = time.monotonic()
    if args.write and args.write.suffix != ".jsonl":
        raise ValueError(f"--write {args.write}: is no name of a .jsonl file")
    if args.write and not os.access(args.write.parent, os.W_OK):
        raise ValueError(f"--write {args.write}: no file can be made in {args.write.parent}; name another folder")
    problems = written_problems(args.names, args.skipped)
    with open_sandbox(args.sandbox, workers=args.workers) as opened:
        proofs = prove_all(problems, opened, args.workers)
    packed = {problem.id: problem for problem in load_suite()} if PACK.exists() else {}
    for proof in proofs:
        if not proof.faults and is_embedded(unpacked(proof.problem)):
            fault = pack_fault(proof.problem, packed.get(proof.problem.id))
            proof.faults += [fault] if fault else []
        if args.write:
            fault = line_fault(proof.problem)
            proof.faults += [fault] if fault else []
    report(proofs, time.monotonic() - began, args.json)
    if args.write:
        proved = [proof.problem for proof in proofs if not proof.faults]
        if proved:
            write_lines(proved, args.write)
        said = f"{len(proved)} of {len(proofs)} problems written" if proved else "stays as it was: nothing is proved"
        print(f"{args.write}: {said}", file=sys.stderr)
    return int(any(proof.faults for proof in proofs))


def prove_all(problems: Sequence[Problem], opened: Sandbox, workers: int) -> list[Proof]:
    """The proofs of all problems, in order, with a progress bar on the error stream; closes the box if one fails."""
    with ThreadPoolExecutor(workers + 1) as pool, ProgressBar("proving") as bar:
        task = bar.add_task("", total=len(problems))
        futures = {pool.submit(prove, problem, opened): problem for problem in problems}
        try:
            for future in as_completed(futures):
                future.result()
                bar.update(task, advance=1, description=futures[future].id)
        except BaseException:  # an interruption, too
            pool.shutdown(wait=False, cancel_futures=True)
            opened.close()  # which ends the proofs that have begun
            raise
        return [future.result() for future in futures]


def report(proofs: Sequence[Proof], wall_s: float, as_json: bool) -> None:
    """Prints what was proved."""
    wrong = [proof for proof in proofs if proof.faults]
    if as_json:
        print(
            json.dumps(
                {"ok": not wrong, "wall_s": round(wall_s, 1), "problems": [facts(proof) for proof in proofs]},
                indent=2,
            )
        )
        return
    console = Terminal()
    console.print(_table(proofs))
    for proof in wrong:
        for fault in proof.faults:
            console.print(f"[red]✗[/] [bold]{escape(proof.problem.id)}[/]: {escape(fault)}", soft_wrap=True)
    idle = sum(not proof.ran for proof in proofs)
    verdict = (
        f"[red]{len(wrong)} of {len(proofs)} problems are wrong[/]"
        if wrong
        else f"[green]{counted(len(proofs) - idle, 'problem')} proved[/]"
    )
    if idle:
        verdict += f", [yellow]{idle} not looked into: there is no program that could be run[/]"
    console.print(f"{verdict} in {wall_s:.1f} s")


def facts(proof: Proof) -> dict[str, object]:
    """One proof, for machines."""
    return {
        "id": proof.problem.id,
        "ok": not proof.faults,
        "ran": proof.ran,
        "faults": proof.faults,
        "drawn": proof.drawn,
        "exhaustive": proof.exhaustive,
        "hidden": len(proof.problem.hidden),
        "exposed": {name: round(share, 4) for name, share in proof.exposed.items()},
        "cost_s": round(proof.cost_s, 6),
    }


def _table(proofs: Sequence[Proof]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, caption="exposed: the share of drawn inputs that expose each wrong program")
    table.add_column("")
    table.add_column("problem", no_wrap=True)
    for name in ("drawn", "small", "hidden", "ms"):
        table.add_column(name, justify="right")
    table.add_column("exposed")
    for proof in proofs:
        exposed = " ".join(f"{100 * share:.0f}%" for share in sorted(proof.exposed.values()))
        mark = "[red]✗[/]" if proof.faults else "[green]✓[/]" if proof.ran else "[yellow]·[/]"
        counts = (proof.drawn, proof.exhaustive, len(proof.problem.hidden), f"{1000 * proof.cost_s:.2f}")
        table.add_row(mark, escape(proof.problem.id), *map(str, counts), exposed)
    return table
