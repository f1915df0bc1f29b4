"""Judges each program of examples/programs twice: by asserts beside it, as many graders do, and by Sparring.

Promises: both judgements are made now, by running the programs, and both inside the sandbox. Does not promise that the
first is any particular grader: it is the simplest that has their weakness, tests in the process of the tested.
"""

import sys
from pathlib import Path

from sandbox import Call, Program, SandboxError, Stdin, open_sandbox

PROGRAMS = Path(__file__).parent / "programs"
CASES = [([1, 2, 3, 4], 6), ([], 0), ([-2, 4], 2), ([-6], -6)]
ASSERTS = f"\nfor numbers, expected in {CASES}:\n    assert solve(numbers) == expected\n"


def main() -> int:
    """Prints one line for each program; exit status 2 when this machine has no isolation."""
    cases = [Call((numbers,), expected=expected) for numbers, expected in CASES]
    files = sorted(PROGRAMS.glob("*.py"))
    try:
        with open_sandbox("auto") as box:
            reports = box.judge_many([(Program(file.read_text(), "solve"), cases) for file in files])
            beside = [box.run(file.read_text() + ASSERTS, [Stdin()])[0] for file in files]
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{'program':<20}{'asserts beside it':<20}Sparring")
    for file, outcome, report in zip(files, beside, reports, strict=True):
        asserts = "fails" if outcome.failure else "passes"
        verdicts = ", ".join(sorted(set(report.verdicts)))
        print(f"{file.stem:<20}{asserts:<20}{report.passed} of {report.total}: {verdicts}")
    print(f"isolated by {reports[0].shell[:30]}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
