"""What happens between two steps of TRL's trainer.

Promises: a run whose loss, gradient or entropy is no finite number ends before such weights are kept.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from agents.curriculum.opponents import Opponents
from agents.display import Display
from agents.llm.guards import TrainingStopped
from agents.runs import read_json, write_json


def between_steps(source: Opponents) -> Any:
    """Has a pool of opponents change between two steps alone, and keeps it with TRL's checkpoints.

    Each process has a pool of its own: what one hears the others do not.
    """
    from transformers import TrainerCallback

    def file(args: Any, state: Any) -> Path:
        return Path(args.output_dir) / f"checkpoint-{state.global_step}" / f"source-{args.process_index}.json"

    class Kept(TrainerCallback):
        """Tells, writes and reads."""

        def on_train_begin(self, args: Any, state: Any, control: Any, **named: Any) -> None:
            found = read_json(file(args, state))
            if found is not None:
                source.restore(found)

        def on_step_end(self, args: Any, state: Any, control: Any, **named: Any) -> None:
            source.learn(state.global_step - 1, [])

        def on_save(self, args: Any, state: Any, control: Any, **named: Any) -> None:
            write_json(file(args, state), source.state())

    return Kept()


def tell(trainer: Any, display: Display) -> None:
    """Has every step told by our display, and not printed as a dict; a broken one ends the run."""
    from transformers import PrinterCallback, TrainerCallback

    class Told(TrainerCallback):
        """Passes on what is logged, and ends a run that has broken its weights, before they are kept."""

        def on_log(self, args: Any, state: Any, control: Any, **named: Any) -> None:
            logs = named["logs"]
            for name in ("loss", "grad_norm", "entropy"):
                if name in logs and not (isinstance(logs[name], float | int) and math.isfinite(logs[name])):
                    raise TrainingStopped(
                        f"step {state.global_step}: the {name} is no finite number, so the weights are broken; "
                        "lower `agent.learning_rate` in a new run"
                    )
            if "reward" in logs:
                display.advance(note=f"reward {float(logs['reward']):.3g}  entropy {float(logs['entropy']):.3g}")

    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(Told())
    display.phase("steps", trainer.args.max_steps, trainer.state.global_step)
