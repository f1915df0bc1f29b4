"""From the name of a run, a folder or a model to policies that can be asked.

Promises: a run of several seeds gives one policy for each, and says how it was asked in training; what is no run and
no model is refused with a reason. Weights are held in the precision that they were saved in, but for the shipped
model's, which are packed in half of the precision that it was measured in. A damaged file of a run is
a ValueError that names it.
Does not promise that a policy was trained for the task that it is then given.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agents.extras import need_extra
from agents.runs import read_config, read_json
from envs.boxes import cores

ADAPTER = ("r", "lora_alpha", "target_modules", "base_model_name_or_path")
"""What the settings of an adapter must say."""
SHIPPED = Path(__file__).parent.parent / "llm" / "tiny"


def leave_a_core() -> None:
    """Lets torch use all cores but one, which judges."""
    need_extra("llm", "a language model")
    import torch

    torch.set_num_threads(max(1, cores() - 1))


def policies_of(name: str) -> list[str]:
    """The folders of the policies of a run, one for each seed; or the one model that is named."""
    if name == "tiny":
        return [str(SHIPPED)]
    summary_file = Path(name) / "summary.json"
    if not summary_file.is_file():
        if Path(name).exists() and not (Path(name) / "config.json").exists() and not is_adapter(Path(name)):
            raise ValueError(f"{name}: is neither a finished run (no summary.json) nor a model (no config.json)")
        return [name]
    summary = read_json(summary_file)
    if summary is None:
        raise ValueError(f"{summary_file}: cannot be read, or is no JSON object; name the folder of a policy itself")
    seeds = summary.get("seeds")  # of a bandit's run, numbers
    listed = [each for each in seeds if isinstance(each, dict)] if isinstance(seeds, list) else []
    found = [str(Path(name) / each["policy"]) for each in listed if isinstance(each.get("policy"), str)]
    if not found:
        raise ValueError(f"{name}: its summary names no policy; name a run of agent=grpo, ppo or trl_grpo")
    return found


def asked_as(name: str, *more: str) -> dict[str, Any]:
    """How the policies of a run were asked in training: `style`, `answer_ids` and what else of its agent's settings is
    named; of what is no run, nothing.
    """
    if not (Path(name) / "config.yaml").is_file():
        return {}
    agent = read_config(Path(name)).get("agent")
    known = agent if isinstance(agent, dict) else {}
    return {key: known[key] for key in ("style", "answer_ids", *more) if key in known}


def is_adapter(folder: Path) -> bool:
    """Whether a folder holds an adapter and not a model."""
    return (folder / "adapter_config.json").exists()


def saved_dtype(model: str) -> str:
    """The precision that the configuration of a model names; float32 where it names none of ours."""
    if Path(model).resolve() == SHIPPED.resolve():
        return "float32"
    from agents.llm.loading import DTYPES, saved_config

    config = saved_config(model)
    found = getattr(config, "dtype", None) or getattr(config.get_text_config(), "dtype", None)
    name = str(found).removeprefix("torch.")
    return name if name in DTYPES else "float32"


def load(folder: str, dtype: str | None = None) -> Any:
    """The policy of a folder: a model, or an adapter on the model that it names, with the adapter's own tokenizer where
    it has one; in the precision it was saved in, or another.
    """
    from agents.llm.loading import Lora, ModelSettings
    from agents.llm.policy import Policy

    if not is_adapter(Path(folder)):
        return Policy.load(ModelSettings(folder, dtype=dtype or saved_dtype(folder)))
    file = Path(folder) / "adapter_config.json"
    adapter = read_json(file) or {}
    if missing := [key for key in ADAPTER if not adapter.get(key)]:
        raise ValueError(f"{file}: is damaged, or names no {missing[0]}; put the file back, or name another policy")
    lora = Lora(adapter["r"], adapter["lora_alpha"], _targets(adapter["target_modules"]))
    base = adapter["base_model_name_or_path"]
    tokenizer = folder if (Path(folder) / "tokenizer_config.json").exists() else None
    policy = Policy.load(ModelSettings(base, dtype=dtype or saved_dtype(base), lora=lora), tokenizer)
    policy.restore(Path(folder))
    return policy


def _targets(found: Any) -> str | tuple[str, ...]:
    return found if isinstance(found, str) else tuple(found)
