"""A run that dies and goes on is the run that did not die."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from letters import graded

from agents.llm.checkpoints import checkpoints, write_checkpoint
from agents.llm.guards import TrainingStopped
from tests.forks import in_a_child

STEPS = 3


def trainer_of(world: Any, folder: Path, model_folder: Path, method: str, kill_at: int = 0) -> Any:
    from agents.llm.loading import Lora, ModelSettings
    from agents.llm.policy import Policy

    said = [0]

    def judge(env: Any, action: str) -> float:
        said[0] += 1
        if said[0] == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return graded(env, action)

    lora = Lora(rank=2, alpha=4) if method == "grpo" else None
    policy = Policy.load(ModelSettings(str(model_folder), device="cpu", lora=lora))
    settings = {"kl_coefficient": 0.05, "waves": 1} | ({"kl_target": 0.01} if method == "ppo" else {})
    return world.make_trainer(
        policy, folder, judge, method=method, steps=STEPS, groups=2, checkpoint_every=1, settings=settings,
        passes={"epochs": 2, "minibatches": 2},
    )  # fmt: skip


def final(trainer: Any) -> dict[str, Any]:
    return {name: each.detach().clone() for name, each in trainer.parts.learner.policy.trained()}


@pytest.mark.parametrize("method", ["grpo", "ppo"])
def test_a_run_that_is_killed_and_resumed_ends_with_the_same_bits(world, model_folder, tmp_path, method):
    whole = trainer_of(world, tmp_path / "whole", model_folder, method)
    whole.run()
    for kill_at in (3, 8 * STEPS - 1):  # in the first step, in the last
        folder = tmp_path / f"killed-{kill_at}"
        status = in_a_child(lambda: trainer_of(world, folder, model_folder, method, kill_at).run())  # noqa: B023
        assert os.WIFSIGNALED(status)
        resumed = trainer_of(world, folder, model_folder, method)
        if kept := checkpoints(folder):
            resumed.restore(kept[-1])
        assert resumed.step == (kill_at - 1) // 8
        resumed.run()
        expected = final(whole)
        assert all(torch.equal(each, expected[name]) for name, each in final(resumed).items())
        assert [untimed(h) for h in resumed.history] == [untimed(h) for h in whole.history[-len(resumed.history) :]]


def untimed(metrics: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in metrics.items() if not name.startswith("time/")}


def test_a_checkpoint_is_whole_or_not_there(tmp_path):
    def fill(folder: Path) -> None:
        (folder / "weights").write_text("much")

    def die(folder: Path) -> None:
        fill(folder)
        os.kill(os.getpid(), signal.SIGKILL)

    write_checkpoint(tmp_path, 1, fill)
    assert os.WIFSIGNALED(in_a_child(lambda: write_checkpoint(tmp_path, 2, die)))
    assert [each.name for each in checkpoints(tmp_path)] == ["step-000001"]
    for step in (2, 3, 4):
        write_checkpoint(tmp_path, step, fill)
    assert checkpoints(tmp_path) == sorted(tmp_path.iterdir()) == [tmp_path / f"step-00000{step}" for step in (3, 4)]


def test_a_full_disk_leaves_the_last_good_checkpoint_and_says_what_to_do(world, model_folder, tmp_path):
    """/dev/full is a disk with no room on it."""
    write_checkpoint(tmp_path, 1, lambda folder: (folder / "weights").write_text("much"))

    def fill(folder: Path) -> None:
        with Path("/dev/full").open("w") as file:
            file.write("too much")

    with pytest.raises(TrainingStopped, match=r"No space left on device.*resume="):
        write_checkpoint(tmp_path, 2, fill)
    assert [path.name for path in tmp_path.iterdir()] == ["step-000001"]


def test_a_full_disk_is_understood_as_safetensors_and_torch_tell_it(tmp_path):
    """The errors are theirs, as seen on a file system of half a megabyte."""
    from safetensors import SafetensorError

    told = {
        "No space left on device": SafetensorError(
            "Error while serializing: I/O error: No space left on device (os error 28)"
        ),
        "as on a full disk": RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 576 vs 534"),
    }
    for says, error in told.items():

        def fill(folder: Path, error: Exception = error) -> None:
            raise error

        with pytest.raises(TrainingStopped, match=f"{says}.*resume="):
            write_checkpoint(tmp_path, 1, fill)
    for error in (SafetensorError("Error while serializing: header too large"), RuntimeError("shapes differ")):

        def fail(folder: Path, error: Exception = error) -> None:
            raise error

        with pytest.raises(type(error), match=str(error)):
            write_checkpoint(tmp_path, 1, fail)


def test_a_disk_that_fills_up_during_a_run_names_the_last_good_checkpoint(world, model_folder, tmp_path):
    trainer = trainer_of(world, tmp_path, model_folder, "grpo")
    save = trainer.save

    def save_once(folder: Path) -> None:
        save(folder)
        if trainer.step == 2:
            with Path("/dev/full").open("w") as file:
                file.write("too much")

    trainer.save = save_once
    with pytest.raises(TrainingStopped, match=r"step 2: .*No space left.*The last good checkpoint is .*step-000001"):
        trainer.run()
    again = trainer_of(world, tmp_path, model_folder, "grpo")
    again.restore(checkpoints(tmp_path)[-1])
    assert again.step == 1
