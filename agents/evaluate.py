"""Measures testers on bugs that they have not seen: `python -m agents.evaluate RUN... [--against tiny]`.

Promises: all testers meet the same bugs, as often; runs of several seeds are taken together, with intervals over
seeds and bugs; the split into initially easy, medium and hard is by the tester named in `--against`. Writes
JSON where asked to. Does not promise anything about testers of other prompts than `--style` gives them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agents.testers.measure import RATES, Scores, choose_targets, measure, summary

SHIPPED = Path(__file__).parent / "llm" / "tiny"


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    found = argparse.ArgumentParser(prog="python -m agents.evaluate", description=__doc__.split("\n")[0])
    found.add_argument(
        "testers", nargs="+", metavar="RUN|MODEL", help="run directories, model folders, hub names, or tiny"
    )
    found.add_argument(
        "--against", metavar="MODEL", help="the tester before training: it is measured beside the others"
    )
    found.add_argument("--problems", default="train", help="a split, ids or a path (default: %(default)s)")
    found.add_argument("--share", default="held_out", choices=("held_out", "learn", "all"), help="of the bugs")
    found.add_argument("--bugs", type=int, default=4, metavar="N", help="for each problem (default: %(default)s)")
    found.add_argument("--samples", type=int, default=4, metavar="N", help="tests for each bug (default: %(default)s)")
    found.add_argument("--temperature", type=float, default=1.0)
    found.add_argument("--answer-ids", type=int, default=64, help="the most ids of a test (default: %(default)s)")
    found.add_argument("--style", default="compact", choices=("compact", "chat"), help="how testers are asked")
    found.add_argument("--seed", type=int, default=0)
    found.add_argument("--sandbox", default="auto")
    found.add_argument("--workers", type=int, default=None)
    found.add_argument("--out", type=Path, metavar="FILE", help="write every bug's figures as JSON")
    found.add_argument("--json", action="store_true", help="print the summary as JSON")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    chosen = parser().parse_args(arguments)
    try:
        return run(chosen)
    except ValueError as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2


def run(chosen: argparse.Namespace) -> int:
    """Measures, prints, writes."""
    from envs.boxes import shared_box
    from envs.sources import find_problems

    problems = find_problems(chosen.problems.split(",") if "," in chosen.problems else chosen.problems)
    box = shared_box(chosen.sandbox, chosen.workers)
    targets = choose_targets(problems, box, chosen.bugs, chosen.share, chosen.seed)
    found: dict[str, list[Scores]] = {}
    for name in [*([chosen.against] if chosen.against else []), *chosen.testers]:
        for folder in policies_of(name):
            scores = measure(
                load(folder), targets, problems, box, chosen.samples, chosen.temperature, chosen.answer_ids,
                chosen.style, chosen.seed,
            )  # fmt: skip
            found.setdefault(name, []).append(scores)
            print(f"{folder}: measured on {len(targets)} bugs, {scores.faults} faults", file=sys.stderr)
    initial = found[chosen.against][0] if chosen.against else None
    summaries = {name: summary(scores, initial) for name, scores in found.items()}
    if chosen.out:
        record = {name: [each.as_json() for each in scores] for name, scores in found.items()}
        chosen.out.write_text(json.dumps(record) + "\n", "utf-8")
    if chosen.json:
        print(json.dumps(as_json(summaries)))
    else:
        show(summaries)
    return 0


def policies_of(name: str) -> list[str]:
    """The folders of the policies of a run, one for each seed; or the one model that is named."""
    if name == "tiny":
        return [str(SHIPPED)]
    summary_file = Path(name) / "summary.json"
    if not summary_file.is_file():
        if Path(name).exists() and not (Path(name) / "config.json").exists() and not _is_adapter(Path(name)):
            raise ValueError(f"{name}: is neither a finished run (no summary.json) nor a model (no config.json)")
        return [name]
    seeds = json.loads(summary_file.read_text("utf-8")).get("seeds", [])
    found = [str(Path(name) / each["policy"]) for each in seeds if "policy" in each]
    if not found:
        raise ValueError(f"{name}: its summary names no policy; name a run of agent=grpo, ppo or trl_grpo")
    return found


def _is_adapter(folder: Path) -> bool:
    return (folder / "adapter_config.json").exists()


def load(folder: str) -> Any:
    """The policy of a folder: a model, or an adapter on the model that it names."""
    from agents.llm.loading import Lora, ModelSettings
    from agents.llm.policy import Policy

    if not _is_adapter(Path(folder)):
        return Policy.load(ModelSettings(folder))
    adapter = json.loads((Path(folder) / "adapter_config.json").read_text("utf-8"))
    lora = Lora(adapter["r"], adapter["lora_alpha"], _targets(adapter["target_modules"]))
    policy = Policy.load(ModelSettings(adapter["base_model_name_or_path"], lora=lora))
    policy.restore(Path(folder))
    return policy


def _targets(found: Any) -> str | tuple[str, ...]:
    return found if isinstance(found, str) else tuple(found)


def as_json(summaries: dict[str, Any]) -> dict[str, Any]:
    """Intervals as numbers."""
    return {
        name: {group: {rate: interval.as_json() for rate, interval in rates.items()} for group, rates in groups.items()}
        for name, groups in summaries.items()
    }


def show(summaries: dict[str, Any]) -> None:
    """A table for people."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Testers on the same bugs: means with 95 % intervals over seeds and bugs")
    for column in ("tester", "bugs", *RATES[:3]):
        table.add_column(column.replace("_", " "))
    for name, groups in summaries.items():
        for group, rates in groups.items():
            table.add_row(name if group == "all" else "", group, *(str(rates.get(rate, "-")) for rate in RATES[:3]))
        table.add_section()
    Console().print(table)


if __name__ == "__main__":
    raise SystemExit(main())
