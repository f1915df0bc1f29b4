"""Tester and coder in turn: `python -m agents.curriculum.alternate --coder MODEL`.

In each round the tester learns in TestGen-Adversarial-v0 against programs that the coder of the round before wrote, and
the coder then learns in CodeGen-Adversarial-v0 against tests that this tester writes. In the first round the embedded
generators stand in for both. Every half round is a run of `python -m agents.train` that can be looked at, measured and
resumed like any other; an adapter is merged before the next one begins. The first round has the seed that is told
(`--set seed=`, or 0), and each half round after it one that is made of that seed, the round and the side.

Promises: the same command after an interruption goes on where it was; what was finished is not done again, and a half
round that was made with other settings is not taken for one of this command. Does not promise that the optimizer or the
pool of opponents outlives a half round: each begins with new ones. A coder must be a model that can write programs,
which the shipped tiny one cannot.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from agents.curriculum.subruns import make_run
from agents.runs import read_config
from agents.testers.policies import is_adapter, policies_of
from sandbox.ending import ended

ENVIRONMENTS = {"tester": "testgen_adversarial", "coder": "codegen_adversarial"}
OTHER = {"tester": "adversary", "coder": "tester"}
"""Whose settings in the environment say who plays the other side."""


@dataclass(frozen=True)
class Half:
    """One side learns for a while."""

    side: str
    number: int
    model: str
    """With which weights it begins."""
    against: Path | None
    """The run of the other side that it plays against; None: the embedded generators."""

    @property
    def name(self) -> str:
        """Of its run."""
        return f"round-{self.number}-{self.side}"

    def words(self, chosen: argparse.Namespace) -> list[str]:
        """What `agents.train` is told."""
        words = [f"env={ENVIRONMENTS[self.side]}", "agent=grpo", "seeds=1", f"agent.steps={chosen.steps}"]
        words += [f"agent.model.path={self.model}", f"sandbox={chosen.sandbox}"]
        if self.side == "tester":
            words += ["env.start_adversary_step=0"]
        if self.against is not None:
            other = f"env.{OTHER[self.side]}"
            words += [f"{other}.kind=policy", f"{other}.path={self.against}"]
            if self.side == "tester":
                words += [f"{other}.embedded_too=true"]
        told = [*chosen.set, *(chosen.tester_set if self.side == "tester" else chosen.coder_set)]
        words += self._seeded(told if self.against is not None else self._without_other(told))
        return [*words, f"runs={chosen.out}", f"name={self.name}"]

    def _without_other(self, told: list[str]) -> list[str]:
        """The words that mean something while the embedded generators play the other side, unless it is told who."""
        other = f"env.{OTHER[self.side]}."
        if any(word.startswith(f"{other}kind=") for word in told):
            return told
        return [word for word in told if not word.startswith(other)]

    def _seeded(self, told: list[str]) -> list[str]:
        """What the caller says, with a seed of this half's own after the first round: else all rounds began alike."""
        if self.number == 1:
            return told
        seeds = [word for word in told if word.lstrip("+").startswith("seed=")]
        base = seeds[-1].partition("=")[2] if seeds else "0"
        seed = Random(f"alternate/{base}/{self.number}/{self.side}").randrange(2**31)
        return [*(word for word in told if word not in seeds), f"seed={seed}"]


def play(chosen: argparse.Namespace) -> Path:
    """All rounds; gives the tester's last run."""
    if chosen.rounds < 1:
        raise ValueError(f"--rounds: {chosen.rounds}; give 1 or more")
    models = {"tester": chosen.tester, "coder": chosen.coder}
    latest: dict[str, Path | None] = {"tester": None, "coder": None}
    for number in range(1, chosen.rounds + 1):
        for side, other in (("tester", "coder"), ("coder", "tester")):
            half = Half(side, number, models[side], latest[other])
            latest[side] = learn(half, chosen)
            models[side] = whole_model(chosen.out / half.name)
    assert latest["tester"] is not None
    return latest["tester"]


def learn(half: Half, chosen: argparse.Namespace) -> Path:
    """Makes a half round's run, or goes on with it; gives its folder."""
    folder: Path = chosen.out / half.name
    make_run(half.name, folder, half.words(chosen), "--out")
    return folder


def whole_model(run: Path) -> str:
    """The folder of a run's policy; of an adapter, the model with it merged in."""
    [policy] = policies_of(str(run))
    if not is_adapter(Path(policy)):
        return policy
    merged = run / "merged"
    if not (merged / "config.json").is_file():
        from agents.merge import merge

        dtype = read_config(run)["agent"]["model"]["dtype"]
        merge(Path(policy), merged, dtype=dtype)  # as it was trained: rounding may eat what a round learns
    return str(merged)


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    found = argparse.ArgumentParser(prog="python -m agents.curriculum.alternate", description=__doc__.split("\n")[0])
    found.add_argument("--tester", default="tiny", metavar="MODEL", help="that learns to test (tiny)")
    found.add_argument("--coder", required=True, metavar="MODEL", help="that learns to write programs that escape")
    found.add_argument("--rounds", type=int, default=3)
    found.add_argument("--steps", type=int, default=50, help="of each half round (50)")
    found.add_argument("--out", type=Path, default=Path("runs/alternate"), help="where the runs are (runs/alternate)")
    found.add_argument("--sandbox", default="auto")
    for name, what in (("set", "both sides"), ("tester-set", "the tester"), ("coder-set", "the coder")):
        found.add_argument(
            f"--{name}", nargs="*", default=[], metavar="KEY=VALUE", help=f"settings of agents.train for {what}"
        )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    return ended("alternate", lambda: _play(parser().parse_args(arguments)))


def _play(chosen: argparse.Namespace) -> int:
    last = play(chosen)
    print(f"measure the tester: python -m agents.evaluate {last} --against {chosen.tester}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
