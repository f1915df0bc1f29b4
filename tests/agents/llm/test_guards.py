"""What goes wrong is said in a sentence with its remedy, and the last good weights stay."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")

from agents.llm.guards import TrainingStopped, Watch, is_out_of_memory


def test_a_loss_that_is_not_finite_stops_the_run_before_the_weights_change(world, policy, tmp_path):
    trainer = world.make_trainer(policy, tmp_path, checkpoint_every=1, steps=3)
    trainer.plan = type(trainer.plan)(steps=1, groups=3, group_size=4, checkpoint_every=1)
    trainer.run()
    before = {name: each.detach().clone() for name, each in policy.trained()}
    trainer.plan = type(trainer.plan)(steps=2, groups=3, group_size=4, checkpoint_every=1)
    method = trainer.parts.learner.method
    plain = method.loss
    method.loss = lambda *given: (plain(*given)[0] * float("nan"), {})  # stands for whatever makes a loss NaN
    with pytest.raises(
        TrainingStopped, match=r"step 2: the loss is not finite; lower .agent.learning_rate.*step-000001"
    ):
        trainer.run()
    assert all(torch.equal(each, before[name]) for name, each in policy.trained())


def test_a_gradient_that_is_not_finite_changes_nothing(policy):
    from agents.llm.guards import NotFinite
    from agents.llm.optimizer import Optimizer

    optimizer = Optimizer(policy.trained(), learning_rate=1.0)
    before = {name: each.detach().clone() for name, each in policy.trained()}
    for _, each in policy.trained():
        each.grad = torch.full_like(each, torch.inf)
    with pytest.raises(NotFinite, match="the gradient"):
        optimizer.step()
    assert all(torch.equal(each, before[name]) and each.grad is None for name, each in policy.trained())


def test_samples_of_a_policy_that_is_not_finite_stop_the_run_before_anything_is_written(world, policy, tmp_path):
    trainer = world.make_trainer(policy, tmp_path, settings={"temperature": 1e-40})
    with pytest.raises(
        TrainingStopped, match=r"step 1: the log-prob of a sampled id is not finite.*raise `agent.temperature` \(1e-40"
    ):
        trainer.run()
    assert trainer.parts.sink.reports == []
    assert trainer.parts.source.state() == {"drawn": 3}


def test_a_checkpoint_of_weights_that_cannot_sample_is_no_good_one(world, policy, tmp_path):
    trainer = world.make_trainer(policy, tmp_path, checkpoint_every=1)
    take = trainer.parts.learner.optimizer.step

    def step() -> float:
        norm = take()
        if trainer.step == 1:
            policy.model.lm_head.weight.data.fill_(1e38)  # stands for a learning rate that is far too high
        return norm

    trainer.parts.learner.optimizer.step = step
    with pytest.raises(TrainingStopped, match=r"step 3: the log-prob .* last good checkpoint is \S*step-000001; "):
        trainer.run()
    assert [number for number, _ in trainer.parts.sink.reports] == [1, 2]


def test_an_entropy_that_is_not_finite_changes_nothing(world, policy, tmp_path):
    trainer = world.make_trainer(policy, tmp_path)
    before = {name: each.detach().clone() for name, each in policy.trained()}
    method = trainer.parts.learner.method
    plain = method.loss
    method.loss = lambda *given: (plain(*given)[0], {"entropy": torch.tensor(float("nan"))})
    with pytest.raises(TrainingStopped, match="step 1: the entropy is not finite"):
        trainer.run()
    assert trainer.parts.sink.reports == []
    assert all(torch.equal(each, before[name]) for name, each in policy.trained())


def test_a_last_step_that_breaks_the_weights_ends_the_run_as_any_other_does(world, policy, tmp_path):
    trainer = world.make_trainer(policy, tmp_path, checkpoint_every=1, steps=2)
    take = trainer.parts.learner.optimizer.step

    def step() -> float:
        norm = take()
        if trainer.step == 1:
            policy.model.lm_head.weight.data.fill_(1e38)
        return norm

    trainer.parts.learner.optimizer.step = step
    with pytest.raises(TrainingStopped, match=r"step 2: the log-prob .* last good checkpoint is \S*step-000001; "):
        trainer.run()
    assert [each.name for each in tmp_path.iterdir()] == ["step-000001"]


@pytest.mark.parametrize("which", ["policy", "adapted"])
def test_the_advice_of_a_run_that_stops_can_be_followed(world, tmp_path, request, which):
    """`resume=` takes no new settings: what is advised is a new run from the newest weights."""
    settings = {"patience": 2, "least_entropy": 1e9}
    trainer = world.make_trainer(request.getfixturevalue(which), tmp_path, checkpoint_every=1, settings=settings)
    with pytest.raises(TrainingStopped, match="`agent.patience=0`, in a new run") as stopped:
        trainer.run()
    folder = tmp_path / "step-000001" / "policy"
    begin = f"`agent.model.path={folder}`"
    if which == "adapted":
        begin = f"`agent.model.path=OUT`, after `python -m agents.merge {folder} OUT`"
    assert str(stopped.value).endswith(f"; a new run with other settings begins from it with {begin}")
    if which == "policy":
        from agents.llm.loading import ModelSettings
        from agents.llm.policy import Policy

        Policy.load(ModelSettings(str(folder), device="cpu"))


def test_collapsed_entropy_ends_the_run():
    watch = Watch(least_entropy=0.1, patience=2)
    watch.entropy(0.05)
    watch.entropy(0.5)
    watch.entropy(0.05)
    with pytest.raises(TrainingStopped, match=r"every sample is the same.*agent\.temperature"):
        watch.entropy(0.05)
    patient = Watch(least_entropy=0.1, patience=0)
    for _ in range(100):
        patient.entropy(0.0)


@pytest.mark.parametrize(
    ("counts", "remedy"),
    [((4, 0, 0), "too hard"), ((0, 4, 0), "too easy"), ((0, 0, 4), "sandbox doctor")],
)
def test_groups_that_are_all_dead_end_the_run(counts, remedy):
    watch = Watch(patience=2)
    watch.groups(*counts, groups=4)
    with pytest.raises(TrainingStopped, match=remedy):
        watch.groups(*counts, groups=4)


def test_a_run_that_loses_most_of_its_episodes_ends_though_the_others_teach():
    watch = Watch(patience=2)
    for met in (5, 4, 5):
        watch.faults(met, 8, "no worker starts")
    with pytest.raises(
        TrainingStopped, match=r"more than half .* for 2 steps \(of the last 8: 5\), one of them: no worker"
    ):
        watch.faults(5, 8, "no worker starts")
    for _ in range(50):
        Watch(patience=0).faults(8, 8, "x")


@pytest.mark.parametrize("method", ["grpo", "ppo"])
def test_a_run_of_nothing_but_faults_stops_itself_and_says_what_failed(world, policy, tmp_path, method):
    settings = {"patience": 2}
    trainer = world.make_trainer(policy, tmp_path, method=method, judge=lambda *_: float("nan"), settings=settings)
    with pytest.raises(
        TrainingStopped, match="step 2: more than half .* one of them: the machine failed; if it is the s"
    ):
        trainer.run()


def test_openings_that_are_too_long_are_named_as_the_fault(world, policy, tmp_path):
    trainer = world.make_trainer(policy, tmp_path, settings={"patience": 1})
    trainer.parts.players._limits = type(trainer.parts.players._limits)(8, 10, 1)
    with pytest.raises(TrainingStopped, match=r"raise `agent\.conversation_ids`"):
        trainer.run()


def test_a_run_in_which_nothing_teaches_stops_itself(world, policy, tmp_path):
    trainer = world.make_trainer(policy, tmp_path, judge=lambda env, said: 0.0, steps=9, settings={"patience": 3})
    with pytest.raises(TrainingStopped, match="step 3: no group has taught anything for 3 steps"):
        trainer.run()


@pytest.mark.parametrize("settings", [{"algorithm": "reinforce_pp"}, {"entropy_coefficient": 0.01}])
def test_a_run_in_which_dead_groups_teach_goes_on(world, policy, tmp_path, settings):
    judge = (lambda env, said: float(env.letter < "d")) if "algorithm" in settings else (lambda env, said: 0.0)
    trainer = world.make_trainer(policy, tmp_path, judge=judge, groups=8, settings=settings | {"patience": 1})
    trainer.run()
    assert [h["groups/dead_share"] for h in trainer.history] == [1.0] * 3


def test_staying_near_the_start_is_no_learning(world, policy, tmp_path):
    settings = {"patience": 2, "kl_coefficient": 0.1}
    trainer = world.make_trainer(policy, tmp_path, judge=lambda env, said: 0.0, steps=9, settings=settings)
    with pytest.raises(TrainingStopped, match="step 2: no group has taught anything for 2 steps"):
        trainer.run()


def test_groups_that_live_and_teach_nothing_are_told_apart():
    with pytest.raises(TrainingStopped, match=r"lost at the limit.*agent\.answer_ids"):
        Watch(patience=1).groups(1, 0, 0, groups=4)


def test_a_policy_that_says_the_same_for_ever_is_not_taken_for_a_hard_problem(world, policy, tmp_path):
    settings = {"patience": 2, "temperature": 0.001}
    trainer = world.make_trainer(policy, tmp_path, settings=settings)
    with pytest.raises(TrainingStopped, match="step 2: the entropy has been below"):
        trainer.run()


class _Forgetful:
    """A method that has memory for small parts alone."""

    def __init__(self, method: Any, most: int) -> None:
        self._method, self._most, self.failed = method, most, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._method, name)

    def loss(self, scores: Any, part: Any, totals: Any) -> Any:
        if len(part.samples) > self._most:
            self.failed += 1
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")
        return self._method.loss(scores, part, totals)


def test_out_of_memory_does_the_same_step_in_smaller_parts(world, policy, tmp_path):
    import copy

    start = copy.deepcopy(policy.model.state_dict())
    found = []
    for most in (100, 2):
        policy.model.load_state_dict(start)
        trainer = world.make_trainer(policy, tmp_path, steps=1)
        learner = trainer.parts.learner
        learner.method = _Forgetful(learner.method, most)
        trainer.run()
        found.append([each.detach().clone() for _, each in policy.trained()])
    assert learner.method.failed > 0
    assert learner.micro_batch_ids < 8192
    for left, right in zip(*found, strict=True):
        torch.testing.assert_close(left, right, atol=2e-4, rtol=0)


def test_memory_that_is_too_small_for_anything_stops_the_run(world, policy, tmp_path):
    trainer = world.make_trainer(policy, tmp_path, steps=1)
    trainer.parts.learner.method = _Forgetful(trainer.parts.learner.method, 0)
    with pytest.raises(TrainingStopped, match=r"step 1: memory ran out.*gradient_checkpointing"):
        trainer.run()


def test_out_of_memory_is_told_from_other_errors():
    assert is_out_of_memory(MemoryError())
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory"))
    assert is_out_of_memory(RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"))
    assert not is_out_of_memory(RuntimeError("shapes differ"))
    assert not is_out_of_memory(ValueError("out of memory"))
