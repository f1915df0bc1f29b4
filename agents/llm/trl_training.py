"""`python -m agents.train agent=trl_grpo`: the same environments, learnt in by TRL's GRPOTrainer.

With `agent.processes` above 1, or a configuration file of accelerate, the work is done by processes that
`accelerate launch` starts, and this one waits for them: that is the way to DeepSpeed, FSDP and several GPUs.

Promises: the run directory is this one's alone, whatever the processes are; the curves are where those of our own
trainer are; a pool of opponents changes between two steps alone, and is kept with the checkpoints. Does not promise
to resume to the bit: that is TRL's to keep (it does so on one CPU, where all is seeded); nor our own trainer's
trajectories, sampled texts and tiers, nor one pool for several processes.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.curriculum.opponents import Opponents, check_sides, with_opponents
from agents.display import Display
from agents.extras import need, need_extra
from agents.llm.conversation import Chat
from agents.llm.episodes import Everything, TextTalk, arena_of
from agents.llm.loading import ModelSettings, device_of, eos_ids_of, load_config, load_tokenizer, settings_from
from agents.llm.memory import check_memory, free_bytes
from agents.llm.ranges import check_numbers, check_seeds
from agents.llm.record import show as show  # agents.train prints with it
from agents.llm.rollout import Limits
from agents.llm.training import env_maker, model_settings, open_box, plain
from agents.llm.trl_bridge import Rollout, check_sampling, episode_reward, row_of, tool_environment
from agents.llm.trl_callbacks import between_steps, tell
from agents.refusals import guess
from agents.scene import check_writing
from envs.boxes import cores
from envs.text.messages import STYLES

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from agents.runs import RunDirectory

SUMMARY = "trl_summary.json"
MODES = {"rollout": "tools", "tools": "conversation_ids"}
"""Mode -> the setting that it has no use for."""
OURS = {
    "max_completion_length": "agent.answer_ids",
    "num_generations": "agent.group_size",
    "max_steps": "agent.steps",
    "seed": "seed",
    "output_dir": "runs",
}
"""What GRPOConfig may not be told, for it would not be true of all of the run -> where it is told instead."""
RANGES = {
    "1 or more": (
        *("steps", "groups", "group_size", "rows", "processes", "answer_ids", "conversation_ids", "turns"),
        *("checkpoint_every", "threads"),
    ),
    "0 or more": ("learning_rate",),
    "a number above 0": ("temperature",),
}


@dataclass(frozen=True)
class TrlSettings:
    """What `agent` says, the model aside."""

    mode: str = "rollout"
    """rollout: our players hold the conversation; tools: TRL does, and the model calls tools: `answer_ids` are then the
    most ids of all answers with what the tools say, and `turns` the most rounds of calls.
    """
    tools: tuple[str, ...] = ("answer",)
    style: str = "chat"
    steps: int = 100
    groups: int = 8
    group_size: int = 8
    rows: int | None = None
    """Sequences that a process learns from at once; None: all of its share."""
    processes: int = 1
    accelerate: str | None = None
    """A configuration file of accelerate."""
    learning_rate: float = 1e-5
    temperature: float = 1.0
    answer_ids: int = 256
    conversation_ids: int = 1024
    turns: int = 16
    checkpoint_every: int = 10
    threads: int | None = None
    """Of torch on the CPU, for each process; None: all cores but one, shared by the processes."""
    trl: Mapping[str, Any] | None = None
    """Anything else that GRPOConfig takes."""

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"agent.mode: {self.mode!r} is unknown; choose from {', '.join(MODES)}")
        if self.style not in STYLES:
            raise ValueError(f"agent.style: {self.style!r}; {guess(self.style, STYLES)}")
        check_numbers(self, "agent", RANGES)
        unused = MODES[self.mode]
        value, default = getattr(self, unused), getattr(TrlSettings, unused)
        if value != default:
            raise ValueError(
                f"agent.{unused}: {value!r} has no effect with agent.mode={self.mode}; leave it at {default!r}"
            )
        if self.groups % self.processes:
            raise ValueError(
                f"agent.processes: {self.processes} processes cannot share {self.groups} groups evenly; choose numbers "
                "that divide"
            )
        share = self.groups * self.group_size
        if share % (self.processes * (self.rows or 1)):
            raise ValueError(
                f"agent.rows: {self.groups} groups of {self.group_size} are {share} samples, which {self.processes} "
                f"processes cannot share in parts of {self.rows}; choose numbers that divide"
            )

    @property
    def at_once(self) -> int:
        """Sequences that a process learns from at once."""
        return self.rows or self.groups * self.group_size // self.processes


def settings_of(config: Mapping[str, Any], seed: int) -> tuple[TrlSettings, ModelSettings]:
    """The settings of one seed, checked."""
    agent = dict(config["agent"])
    agent.pop("module", None)
    model = model_settings(agent.pop("model"), seed)
    agent["tools"] = tuple(agent.get("tools", ("answer",)))
    return settings_from(TrlSettings, agent, "agent"), model


def check(config: DictConfig) -> None:
    """Refuses what cannot work."""
    need_extra("llm", f"agent.module={__name__}")
    need("trl", "llm", f"agent.module={__name__}")
    check_seeds(config)
    check_writing(config)
    settings, model = settings_of(plain(config), 0)
    check_sides(plain(config)["env"])
    _check_more(settings.trl or {})
    if model.device not in ("auto", "cpu", "cuda"):
        raise ValueError(
            f"agent.model.device: {model.device!r} has no effect with TRL, which takes the GPUs that it sees; set "
            "CUDA_VISIBLE_DEVICES"
        )
    args = grpo_config(settings, replace(model, device="cpu"), Path("unused"), 0)
    elsewhere = args.use_vllm or args.use_transformers_continuous_batching or settings.accelerate is not None
    if settings.mode == "rollout" and not elsewhere:
        check_sampling(args)
    if settings.accelerate is None:  # such a file may share the weights between processes
        _check_memory(settings, model)


def _check_more(given: Mapping[str, Any]) -> None:
    """Refuses what TRL does not know, and what it must not be told."""
    known = _trl().GRPOConfig.__dataclass_fields__
    for name in given:
        if name not in known:
            near = guess(str(name), known, ["those of TRL's documentation"])
            raise ValueError(f"agent.trl: GRPOConfig has no setting {name!r}; {near}")
        if name in OURS:
            raise ValueError(f"agent.trl.{name}: this is said by {OURS[name]}= alone")


def _check_memory(settings: TrlSettings, model: ModelSettings) -> None:
    """Of the conversations only the answers are counted: TRL keeps the logits of no other ids."""
    device = device_of(model.device)
    free = free_bytes(device) // (settings.processes if device.type == "cpu" else 1)
    ids, reference = settings.at_once * settings.answer_ids, bool((settings.trl or {}).get("beta"))
    check_memory(model, ids, settings.conversation_ids, reference, free, lower="agent.rows")


def train(config: DictConfig, run: RunDirectory) -> dict[str, Any]:
    """Trains one policy for each seed; gives what TRL measured last."""
    found = plain(config)
    settings, _ = settings_of(found, found["seed"])
    results = []
    for seed in range(found["seed"], found["seed"] + found["seeds"]):
        if settings.processes == 1 and settings.accelerate is None:
            work(found, run.path, seed)
        else:
            _launch(settings, found, run.path, seed)
        results.append(json.loads((_folder(run.path, seed) / SUMMARY).read_text("utf-8")))
    return {"seeds": results}


def _folder(root: Path, seed: int) -> Path:
    return root / "policies" / f"seed-{seed}"


def _launch(settings: TrlSettings, config: Mapping[str, Any], root: Path, seed: int) -> None:
    """Does the work in processes of accelerate."""
    command = [sys.executable, "-m", "accelerate.commands.launch", "--num_processes", str(settings.processes)]
    if settings.accelerate is not None:
        command += ["--config_file", settings.accelerate]
    elif config["agent"]["model"].get("device") == "cpu":
        command += ["--cpu", "--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no"]
    command += ["-m", "agents.llm.trl_training", str(root), str(seed)]
    done = subprocess.run(command, stdout=2, check=False)  # what they say is progress, which is no result
    if done.returncode:
        raise ValueError(f"trl: the processes ended with status {done.returncode}; what they said stands above")


def work(config: Mapping[str, Any], root: Path, seed: int) -> None:
    """Trains one policy; in each of the processes, where there are several."""
    import torch

    settings, model = settings_of(config, seed)
    torch.set_num_threads(settings.threads or max(1, (cores() - 1) // settings.processes))
    with ExitStack() as stack:
        box = open_box(_shared(config, settings.processes), stack)
        source = with_opponents(config["env"], Everything(seed))
        view = source.view if isinstance(source, Opponents) else None
        make = env_maker(config["env"], config["problems"]["train"], box, view)
        trainer = make_trainer(settings, model, make, root, seed)
        if isinstance(source, Opponents):
            trainer.add_callback(between_steps(source))
        with Display(f"seed {seed}, TRL", quiet=not trainer.is_world_process_zero()) as display:
            tell(trainer, display)
            pools = trainer.accelerator.num_processes if isinstance(source, Opponents) else 0
            trainer.train(resume_from_checkpoint=_newest(_folder(root, seed), pools))
        trainer.save_model(str(_folder(root, seed) / "final"))
        if trainer.is_world_process_zero():
            _summarise(trainer, _folder(root, seed), seed)


def _shared(config: Mapping[str, Any], processes: int) -> dict[str, Any]:
    """The configuration of one of several processes, which has its share of the cores for its sandbox."""
    box = dict(config["sandbox"])
    return {**config, "sandbox": {**box, "workers": box.get("workers") or max(1, cores() // processes)}}


def _summarise(trainer: Any, folder: Path, seed: int) -> None:
    """Writes what was logged last, times aside."""
    logged: dict[str, Any] = {}
    for record in trainer.state.log_history:
        logged |= record
    kept = {name: value for name, value in sorted(logged.items()) if "time" not in name and "per_s" not in name}
    summary = {"seed": seed, "steps": trainer.state.global_step, "policy": f"policies/seed-{seed}/final", "last": kept}
    (folder / SUMMARY).write_text(json.dumps(summary), "utf-8")


def _newest(folder: Path, pools: int = 0) -> str | None:
    """The newest checkpoint that was written to its end: the trainer's state comes last, and after it every pool."""
    whole = [each.parent for each in folder.glob("checkpoint-*/trainer_state.json")]
    whole = [each for each in whole if all((each / f"source-{number}.json").exists() for number in range(pools))]
    found = sorted(whole, key=lambda each: int(each.name.split("-")[1]))
    return str(found[-1]) if found else None


def make_trainer(settings: TrlSettings, model: ModelSettings, make: Any, root: Path, seed: int) -> Any:
    """TRL's trainer over environments of one kind."""
    os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")  # it would warn at every start that rollouts are new
    os.environ["TENSORBOARD_LOGGING_DIR"] = str(root / "tb" / f"seed-{seed}")
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    tokenizer = load_tokenizer(model)
    choice = {} if model.attention is None else {"attn_implementation": model.attention}
    weights: Any = AutoModelForCausalLM.from_pretrained(
        model.model, config=load_config(model), dtype=model.dtype, **choice
    )
    talk = TextTalk(settings.style)
    form: dict[str, Any]
    if settings.mode == "tools":
        form = {"environment_factory": tool_environment(make, talk, settings.tools)}
    else:
        chat = Chat(tokenizer, eos_ids_of(weights, tokenizer))
        limits = Limits(settings.answer_ids, settings.conversation_ids, settings.turns)
        rollout = Rollout(chat, arena_of(make, settings.at_once), talk, limits, seed)
        form = {"rollout_func": rollout, "reward_funcs": episode_reward}
    return _trl().GRPOTrainer(
        model=weights,
        args=grpo_config(settings, model, root, seed),
        train_dataset=_rows(settings, seed),
        processing_class=tokenizer,
        peft_config=_peft(model),
        **form,
    )


def grpo_config(settings: TrlSettings, model: ModelSettings, root: Path, seed: int) -> Any:
    """TRL's own settings."""
    import torch

    per_step = settings.at_once * settings.processes
    chosen = {
        "output_dir": str(_folder(root, seed)),
        "per_device_train_batch_size": settings.at_once,
        "gradient_accumulation_steps": settings.groups * settings.group_size // per_step,
        "num_generations": settings.group_size,
        "max_completion_length": settings.answer_ids,
        "max_steps": settings.steps,
        "learning_rate": settings.learning_rate,
        "lr_scheduler_type": "constant",
        "temperature": settings.temperature,
        **({"max_tool_calling_iterations": settings.turns} if settings.mode == "tools" else {}),
        "activation_checkpointing": model.gradient_checkpointing,
        "use_cpu": model.device == "cpu" or not torch.cuda.is_available(),
        "bf16": False,
        "seed": seed,
        "shuffle_dataset": False,
        "logging_steps": 1,
        "save_steps": settings.checkpoint_every,
        "save_total_limit": 2,
        "report_to": "tensorboard",
        "disable_tqdm": True,
        **(settings.trl or {}),
    }
    return _trl().GRPOConfig(**chosen)


def _trl() -> Any:
    return importlib.import_module("trl")


def _rows(settings: TrlSettings, seed: int) -> Any:
    """A row for every start of the run."""
    from datasets import Dataset

    starts = Everything(seed).draw(0, settings.steps * settings.groups)
    if settings.mode == "rollout":
        return Dataset.from_list([row_of(start) for start in starts])
    empty = [{"role": "user", "content": ""}]
    return Dataset.from_list(
        [{"prompt": empty, "seed": start.seed, "options": json.dumps(dict(start.options))} for start in starts]
    )


def _peft(model: ModelSettings) -> Any:
    if model.lora is None:
        return None
    from peft import LoraConfig

    targets = model.lora.targets if isinstance(model.lora.targets, str) else list(model.lora.targets)
    return LoraConfig(r=model.lora.rank, lora_alpha=model.lora.alpha, target_modules=targets, task_type="CAUSAL_LM")


def main(arguments: Sequence[str]) -> int:
    """One process of `accelerate launch`: the run's folder and the seed."""
    from omegaconf import OmegaConf

    root = Path(arguments[0])
    work(plain(OmegaConf.load(root / "config.yaml")), root, int(arguments[1]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
