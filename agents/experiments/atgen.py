"""ATGen's curriculum on the shipped tiny model: what each mode of the adversary, and PPO, comes to.

Each variant is a run of `python -m agents.train experiment=atgen_VARIANT`, in a process of its own; a run that is there
is not made again, and one that was interrupted goes on. The start and the end are then measured on the same bugs:
held-out bugs of the problems that were trained on, and bugs of families that were not. Writes atgen.md, atgen.json
and two pictures.
Promises: the same options give the same numbers, but for times.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from agents.curriculum.subruns import make_run
from agents.experiments import atgen_report as report
from agents.experiments.command import command
from agents.runs import read_json, write_json
from agents.testers.fields import Field, make_field, measure_on
from agents.testers.measure import Measuring, Scores
from agents.testers.numbers import count
from agents.testers.policies import asked_as, leave_a_core, load, policies_of
from sandbox import Sandbox

HELP = "the adversarial curriculum: modes and seeds, measured on held-out bugs and on unseen families"
VARIANTS = ("static", "adaptive", "archive", "ppo")
KNOWN = (*VARIANTS, "unconditional", "learnability")
START = "start"
"""The name under which the policy before training is measured."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.add_argument("--variants", nargs="+", default=list(VARIANTS), choices=KNOWN, help=" ".join(VARIANTS))
    parser.add_argument("--seeds", type=count, default=3, help="repetitions (3)")
    parser.add_argument("--steps", type=count, default=None, help="of each run (what the preset says)")
    parser.add_argument("--model", default="tiny", help="the policy before training (tiny)")
    parser.add_argument("--bugs", type=count, default=4, help="measured for each problem (4)")
    parser.add_argument("--samples", type=count, default=8, help="tests for each bug (8)")
    parser.add_argument("--shell", default="auto", help="which sandbox (auto)")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where the runs are (runs)")
    parser.add_argument("--measure-only", action="store_true", help="train nothing: measure the runs that are there")
    parser.add_argument("--train-only", action="store_true", help="measure nothing")
    parser.add_argument("--seen-only", action="store_true", help="leave the unseen families alone")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="more settings for agents.train")


def run(options: argparse.Namespace) -> int:
    """Trains, measures and writes."""
    from envs.boxes import shared_box

    folders = {name: options.runs / f"atgen_{name}" for name in options.variants}
    if not options.measure_only:
        for name, folder in folders.items():
            make_run(f"atgen_{name}", folder, words_of(name, options), "--runs")
    if options.train_only:
        return 0
    leave_a_core()
    box = shared_box(options.shell)
    fields = [make_field("held-out bugs", "train", "held_out", options.bugs, box)]
    if not options.seen_only:
        fields.append(make_field("unseen families", "test", "all", options.bugs, box))
    how = measuring(next(iter(folders.values())), options)
    found = {field.name: _measured(field, folders, options, box, how) for field in fields}
    written = report.write(options.out, command("atgen", add_arguments, options), options.samples, folders, found)
    print(written)
    return 0


def words_of(name: str, options: argparse.Namespace) -> list[str]:
    """What `agents.train` is told."""
    words = [f"experiment=atgen_{name}", f"seeds={options.seeds}", f"sandbox={options.shell}"]
    words += [f"agent.model.path={options.model}"] if options.model != "tiny" else []
    words += [f"agent.steps={options.steps}"] if options.steps else []
    return [*words, *options.set, f"runs={options.runs}", f"name=atgen_{name}"]


def measuring(folder: Path, options: argparse.Namespace) -> Measuring:
    """How all policies are asked: as those of this run were in training."""
    trained = asked_as(str(folder))
    if not trained:
        raise ValueError(f"{folder}: there is no such run; leave out --measure-only to make it")
    return Measuring(samples=options.samples, **trained)


def _measured(
    field: Field, folders: dict[str, Path], options: argparse.Namespace, box: Sandbox, how: Measuring
) -> dict[str, list[Scores]]:
    """Variant -> the scores of its seeds; of the start also a second measurement, which says what is hard."""
    [start] = policies_of(options.model)
    kept = options.runs / "atgen_start"
    found = {
        START: [_once(kept, field, start, box, how)],
        report.SPLIT: [_once(kept, field, start, box, replace(how, seed=1))],
    }
    for name, folder in folders.items():
        found[name] = [
            _once(folder / f"seed-{seed}", field, each, box, how) for seed, each in enumerate(policies_of(str(folder)))
        ]
    return found


def _once(home: Path, field: Field, policy: str, box: Sandbox, how: Measuring) -> Scores:
    """Measured now, or read where it was measured before in the same way."""
    file = home.parent / "measured" / f"{home.name}-{home.parent.name}-{field.name.replace(' ', '-')}-{how.seed}.json"
    asked = {"policy": policy, "samples": how.samples, "ids": how.answer_ids, "style": how.style}
    asked |= {"bugs": len(field.targets)}
    known = read_json(file)
    if known is not None and known["asked"] == asked:
        return Scores.from_json(known["scores"])
    scores = measure_on(field, load(policy), box, how)
    write_json(file, {"asked": asked, "scores": scores.as_json()})
    print(f"{field.name}: {policy}: attack rate {_mean(scores):.3f}", file=sys.stderr)
    return scores


def _mean(scores: Scores) -> float:
    values = scores.of("attack_rate")
    return sum(values) / len(values)
