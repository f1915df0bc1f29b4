"""Adds a LoRA adapter into the weights of its model: `python -m agents.merge ADAPTER OUT`.

Promises: nothing is written unless the merged model gives the same logits as model and adapter do, within
`--tolerance`, on random ids; OUT appears in one move, when all of it is on the disk. In bfloat16 merging rounds the
weights, and a weak adapter loses a part of what it says; float32 keeps it all, in twice the memory. Does not promise
to merge into quantised weights: that is refused.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agents.extras import need_extra
from sandbox.ending import ended

EXACT = 1e-4
"""What a logit may differ by in single precision."""
ROUNDED = 0.05
"""The same in half precision, as a share of the greatest logit: 0.01 to 0.02 were measured."""


def merge(adapter: Path, out: Path, tolerance: float | None = None, dtype: str = "float32") -> float:
    """Merges and writes; returns the greatest difference of a logit."""
    need_extra("llm", "agents.merge")
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from agents.llm.checkpoints import write_whole
    from agents.llm.loading import DTYPES

    config = adapter / "adapter_config.json"
    if not config.is_file():
        raise ValueError(f"{adapter}: holds no adapter_config.json; name the folder of an adapter")
    if out.exists() and any(out.iterdir()):
        raise ValueError(f"{out}: is not empty; name a new folder")
    base = json.loads(config.read_text("utf-8")).get("base_model_name_or_path")
    if not base:
        raise ValueError(f"{config}: does not name its model as base_model_name_or_path")
    model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=DTYPES[dtype])
    if getattr(model, "is_quantized", False):
        raise ValueError(f"{base}: its weights are quantised; merge into the full-precision model instead")
    with warnings.catch_warnings():  # peft 0.21 asks for what transformers 5.23 has given another name
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
        together: Any = PeftModel.from_pretrained(model, str(adapter))
    ids = torch.randint(model.config.vocab_size, (4, 64), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        before = together.eval()(ids).logits.float()
        merged = together.merge_and_unload()
        difference = float((merged(ids).logits.float() - before).abs().max())
    if tolerance is None:
        tolerance = EXACT if dtype == "float32" else ROUNDED * float(before.abs().max())
    if difference > tolerance:
        raise ValueError(f"{adapter}: merged logits differ by {difference:.2e}, more than {tolerance:.0e}; not written")
    tokenizer = AutoTokenizer.from_pretrained(adapter if (adapter / "tokenizer_config.json").exists() else base)

    def write(folder: Path) -> None:
        merged.save_pretrained(folder)
        tokenizer.save_pretrained(folder)

    write_whole(out.resolve(), write)
    return difference


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m agents.merge", description=__doc__.split("\n")[0])
    parser.add_argument("adapter", type=Path, help="the folder of the adapter")
    parser.add_argument("out", type=Path, help="the folder to write")
    parser.add_argument(
        "--tolerance", type=float, help=f"of a logit (float32: {EXACT}; bfloat16: {ROUNDED} of the greatest)"
    )
    parser.add_argument(
        "--dtype", choices=("float32", "bfloat16"), default="float32", help="of the weights (default: %(default)s)"
    )
    return ended("merge", lambda: _merge(parser.parse_args(arguments)))


def _merge(chosen: argparse.Namespace) -> int:
    difference = merge(chosen.adapter, chosen.out, chosen.tolerance, chosen.dtype)
    print(f"wrote {chosen.out}; no logit differs by more than {difference:.1e}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
