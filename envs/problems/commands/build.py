"""`build`: proves the whole suite and packs it with its cases and bugs, so that loading needs no sandbox."""

import argparse
import time

from envs.problems.bugs.cache import PACK as BUGS
from envs.problems.bugs.cache import write_pack as write_bugs
from envs.problems.bugs.command import pools_with_progress
from envs.problems.commands.check import add_sandbox, prove_all, report
from envs.problems.commands.choose import written_problems
from envs.problems.load import PACK, load_file
from envs.problems.pack import write_pack
from sandbox import open_sandbox

HELP = "prove the whole suite and write its packed form"
EXAMPLE = "--workers 4"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_sandbox(parser)


def run(args: argparse.Namespace) -> int:
    """Writes the pack only when every problem is proved."""
    began = time.monotonic()
    with open_sandbox(args.sandbox, workers=args.workers) as opened:
        proofs = prove_all(written_problems([]), opened, args.workers)
        report(proofs, time.monotonic() - began, as_json=False)
        if any(proof.faults for proof in proofs):
            print(f"{PACK.name} was not written")
            return 1
        write_pack([proof.problem for proof in proofs])
        print(f"wrote {PACK.name}: {len(proofs)} problems, {PACK.stat().st_size // 1024} KB")
    problems = load_file(PACK).problems
    pools = pools_with_progress(problems, args.sandbox, args.workers)
    write_bugs(zip(problems, pools, strict=True))
    print(f"wrote {BUGS.name}: {sum(len(pool.bugs) for pool in pools)} bugs, {BUGS.stat().st_size // 1024} KB")
    return 0
