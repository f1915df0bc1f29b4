"""`python -m sandbox`: run a program, examine this machine, measure, endure, build the container image.

Promises: every command has `--help`; errors are one sentence on standard error and exit status 2; `--json` prints one
object and nothing else. Exit status 1 means that what was asked about is not so (a program failed, a soak leaked).
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tokenize
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from sandbox import bench, doctor, soak
from sandbox.cases import Limits, Outcome, Program, Stdin
from sandbox.ending import ended
from sandbox.ladder import NAMES, open_sandbox


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    return ended("sandbox", lambda: _command(arguments))


def _command(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    return int(options.command(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="Runs strangers' programs and returns verdicts that no program can fake."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands.add_parser("run", help="run one program in isolation and say what it did"))
    command = commands.add_parser("doctor", help="show which isolation this machine offers, by trying")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(command=doctor.main)
    command = commands.add_parser("bench", help="measure speed beside a bare fork and a fresh interpreter")
    bench.add_arguments(command)
    command.set_defaults(command=bench.main)
    command = commands.add_parser("soak", help="run thousands of mixed programs, kill workers, look for leaks")
    soak.add_arguments(command)
    command.set_defaults(command=soak.main)
    command = commands.add_parser("image", help="build the container image from this interpreter, offline")
    command.add_argument("--tag", help="name of the image (default: the one that the docker shell looks for)")
    command.set_defaults(command=_image)
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the program (- for standard input)")
    parser.add_argument("--stdin", type=Path, metavar="FILE", help="what the program reads (default: nothing)")
    parser.add_argument("--shell", default="auto", metavar="NAME", help=f"one of {', '.join(NAMES)} (default: auto)")
    parser.add_argument("--profile", default="base", help="modules loaded beforehand: base or numpy (default: base)")
    parser.add_argument("--cpu-s", type=float, default=10.0, help="CPU seconds (default: 10)")
    parser.add_argument("--wall-s", type=float, help="wall seconds (default: 3 x CPU + 1)")
    parser.add_argument("--memory-mb", type=int, default=256, help="memory beyond the interpreter's (default: 256)")
    parser.add_argument("--output-mb", type=int, default=64, help="most it may write (default: 64)")
    parser.add_argument("--processes", type=int, default=32, help="most processes at one time (default: 32)")
    parser.add_argument("--json", action="store_true", help="print the outcome as one JSON object")
    parser.set_defaults(command=_run)


def _run(options: argparse.Namespace) -> int:
    source = _source(_given() if str(options.file) == "-" else options.file.read_bytes())
    text = options.stdin.read_bytes() if options.stdin else b""
    limits = Limits(options.cpu_s, options.wall_s, options.memory_mb, options.output_mb, options.processes)
    with open_sandbox(options.shell, profile=options.profile) as box:
        (outcome,) = box.run(Program(source), [Stdin(text)], limits=limits)
        identity = box.identity
    if options.json:
        print(json.dumps(_as_json(outcome, identity)))
    else:
        _show(outcome, identity)
    return 0 if outcome.failure is None else 1


def _given() -> bytes:
    if sys.stdin is None:
        raise ValueError("FILE: expected a program from standard input, which is closed; name a file")
    return sys.stdin.buffer.read()


def _source(data: bytes) -> str:
    """The text of a program, in the encoding that its first lines may name."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except (SyntaxError, UnicodeDecodeError) as error:
        raise ValueError(f"FILE: it is not text that Python could read: {error}") from None


def _as_json(outcome: Outcome, identity: str) -> dict[str, object]:
    fields = asdict(outcome)
    for name in ("answer", "lines"):
        del fields[name]
    return {**fields, "shell": identity}


def _show(outcome: Outcome, identity: str) -> None:
    for stream, text in ((sys.stdout, outcome.stdout), (sys.stderr, outcome.stderr)):
        if stream is not None:  # it may be closed from the beginning
            stream.flush()
            stream.buffer.write(text.encode("utf-8", "surrogateescape"))
            stream.buffer.flush()
    verdict = "ended well" if outcome.failure is None else f"{outcome.failure}: {outcome.error}"
    cost = f"CPU {outcome.cpu_s:.3f} s, wall {outcome.wall_s:.3f} s, memory {outcome.memory_mb:.0f} MB"
    print(f"[{verdict}; {cost}; {identity}]", file=sys.stderr)


def _image(options: argparse.Namespace) -> int:
    from sandbox import image
    from sandbox.shells.docker import IMAGE

    tag = IMAGE if options.tag is None else options.tag
    if not tag.strip():
        raise ValueError(f"--tag: expected the name of an image, got {tag!r}; leave it out for {IMAGE}")
    print(f"{tag} {image.build(tag)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
