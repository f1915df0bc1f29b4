"""The curriculum in a whole run: presets compose, and a run that was cut short ends as one that was not."""

import json
import shutil
from pathlib import Path

import pytest

from tests.needs import needs

torch = pytest.importorskip("torch")
needs("hydra")

from agents import train
from agents.curriculum import alternate
from agents.llm import training
from agents.runs import RunDirectory
from agents.testers.policies import SHIPPED

MODES = ("static", "unconditional", "adaptive", "archive", "learnability")


@pytest.fixture(scope="module")
def composed():
    from hydra import compose, initialize_config_module

    from agents.settings import register_schemas

    register_schemas()

    def make(*words):
        with initialize_config_module("configs", version_base="1.3"):
            return training.plain(compose("train", list(words)))

    return make


@pytest.fixture(scope="module")
def small(composed):
    """A run of a few steps on one problem."""
    return composed(
        "experiment=atgen_unconditional", "problems.train=balanced_cut", "agent.steps=4", "agent.groups=2",
        "agent.group_size=3", "agent.answer_ids=24", "agent.checkpoint_every=2", "agent.threads=1", "seeds=1",
        "env.start_adversary_step=1", "sandbox.workers=1", "agent.patience=0", "env.bugs_each=2",
    )  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
def test_each_mode_is_a_preset(composed, mode):
    config = composed(f"experiment=atgen_{mode}")
    assert config["env"]["id"] == "TestGen-Adversarial-v0"
    assert config["env"]["mode"] == mode
    assert config["env"]["share"] == "learn"
    assert config["env"]["max_retries"] == 30
    assert training.settings_of(config).run.method == "grpo"


def test_the_papers_numbers_are_a_preset(composed):
    config = composed("experiment=atgen_paper")
    run = training.settings_of(config).run
    assert (run.groups, run.group_size, config["env"]["start_adversary_step"], config["env"]["max_retries"]) == (
        64,
        8,
        50,
        30,
    )
    assert config["env"]["adversary"]["kind"] == "model"


def test_ppo_plays_as_many_samples_as_grpo(composed):
    ppo = training.settings_of(composed("experiment=atgen_ppo")).run
    grpo = training.settings_of(composed("experiment=atgen_static")).run
    assert ppo.method == "ppo"
    assert ppo.groups * ppo.group_size == grpo.groups * grpo.group_size


def outcome(path: Path):
    [seed] = json.loads((path / "summary.json").read_text())["seeds"]
    kept = path / seed["policy"]
    weights = (kept / "model.safetensors").read_bytes()
    state = json.loads((kept.parent / "state.json").read_text())
    return weights, state["source"], seed["last"]


def drawn(path: Path):
    """What TensorBoard shows."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(path / "tb" / "seed-0"))
    events.Reload()
    return set(events.Tags()["scalars"])


def test_a_run_that_was_cut_short_has_the_same_pool_and_weights_in_the_end(small, tmp_path, capsys):
    with RunDirectory.create(tmp_path / "whole", small) as run:
        summary = training.train(small, run)
        run.finish(summary)
        training.show(summary, run)
    weights, source, figures = outcome(tmp_path / "whole")
    assert source["opponents"]["steps"] == 4
    assert source["opponents"]["seats"]
    assert figures["pool/past"] > 0
    assert "pool/kill_rate" in figures
    tags = drawn(tmp_path / "whole")
    assert {"pool/past", "pool/seats_taken", "pool/kill_rate", "reward_parts/attack", "time/sandbox_share"} <= tags
    assert {"info/exposes", "info/correct"} <= {tag.partition("/")[2] for tag in tags if tag.startswith("tier_")}
    said = capsys.readouterr().out
    command = f"python -m agents.evaluate {tmp_path / 'whole'} --against tiny --problems balanced_cut"
    assert f"on bugs that it never met: {command}\n" in said
    cut = tmp_path / "cut"
    shutil.copytree(tmp_path / "whole", cut)
    (cut / "checkpoints" / "step-000000004.json").unlink()  # as if it had died before this was written
    shutil.rmtree(cut / "policies" / "seed-0" / "step-000004")
    with RunDirectory.open(cut) as run:
        run.finish(training.train(small, run))
    assert outcome(cut) == (weights, source, figures)


def test_halves_alternate_and_each_plays_against_the_other():
    chosen = alternate.parser().parse_args(["--coder", "coder-7b", "--steps", "5", "--coder-set", "agent.groups=2"])
    first = alternate.Half("tester", 1, "tiny", None).words(chosen)
    assert "env=testgen_adversarial" in first
    assert not any("kind=policy" in word for word in first)
    second = alternate.Half("coder", 1, "coder-7b", Path("runs/x")).words(chosen)
    assert {"env=codegen_adversarial", "env.tester.kind=policy", "env.tester.path=runs/x", "agent.groups=2"} <= {
        *second
    }
    assert "agent.model.path=coder-7b" in second
    assert "name=round-1-coder" in second
    style = "env.adversary.style=chat"
    chosen = alternate.parser().parse_args(["--coder", "coder-7b", "--steps", "5", "--tester-set", style])
    assert alternate.Half("tester", 1, "tiny", None).words(chosen) == first, "the embedded one has no style"
    assert style in alternate.Half("tester", 2, "tiny", Path("runs/y")).words(chosen)
    chosen.tester_set.append("env.adversary.kind=model")
    assert style in alternate.Half("tester", 1, "tiny", None).words(chosen)


def test_every_round_begins_with_other_starts():
    def seeds(*more):
        chosen = alternate.parser().parse_args(["--coder", "c", *more])
        halves = [alternate.Half(side, number, "m", None) for number in (1, 2, 3) for side in ("tester", "coder")]
        return [[word for word in half.words(chosen) if word.startswith("seed=")] for half in halves]

    plain, five, one_side = seeds(), seeds("--set", "seed=5"), seeds("--coder-set", "seed=5")
    assert plain[:2] == [[], []], "as it always was: a finished half is compared by its words"
    assert five[:2] == [["seed=5"]] * 2
    later = [*plain[2:], *five[2:]]
    assert all(len(each) == 1 for each in later)
    assert len({*map(str, later), "['seed=0']", "['seed=5']"}) == 10
    assert one_side == [[], five[1], plain[2], five[3], plain[4], five[5]]
    assert plain == seeds("--set", "agent.groups=2")


def test_a_finished_half_is_not_played_again(tmp_path):
    chosen = alternate.parser().parse_args(["--coder", "none", "--out", str(tmp_path)])
    half, folder = alternate.Half("tester", 1, "no such model", None), tmp_path / "round-1-tester"
    folder.mkdir()
    (folder / "config.yaml").write_text(json.dumps({"told": half.words(chosen)}))
    (folder / "summary.json").write_text("{}")
    assert alternate.learn(half, chosen) == folder


@pytest.mark.parametrize("finished", [True, False])
def test_a_half_of_other_settings_is_neither_taken_for_this_one_nor_gone_on_with(tmp_path, finished):
    words = ["--coder", "none", "--out", str(tmp_path)]
    half, folder = alternate.Half("tester", 1, "no such model", None), tmp_path / "round-1-tester"
    folder.mkdir()
    before = half.words(alternate.parser().parse_args([*words, "--steps", "5"]))
    (folder / "config.yaml").write_text(json.dumps({"told": before}))
    if finished:
        (folder / "summary.json").write_text("{}")
    with pytest.raises(ValueError, match=r"round-1-tester: was made with .*agent.steps=5 .*choose another --out"):
        alternate.learn(half, alternate.parser().parse_args([*words, "--steps", "6"]))


@pytest.mark.parametrize("rounds", ["0", "-1"])
def test_no_round_at_all_is_refused(tmp_path, capsys, rounds):
    assert alternate.main(["--coder", "none", "--rounds", rounds, "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"alternate: --rounds: {rounds}; give 1 or more\n"


@pytest.mark.parametrize(("side", "other"), [("testgen", "adversary"), ("codegen", "tester")])
def test_the_shipped_settings_leave_open_how_a_policy_is_asked(composed, side, other):
    config = composed(f"env={side}_adversarial", "agent=grpo")["env"][other]
    assert {config[name] for name in ("style", "answer_ids", "temperature")} == {None}


def test_a_round_is_played_by_both_sides_and_their_adapters_are_merged(tmp_path, monkeypatch):
    """The shipped model is the coder too: it writes no program, and the round goes to its end all the same.

    The tester's half is made beforehand by the same words in this process, which has imported what they need.
    """
    words = ["--coder", "tiny", "--rounds", "1", "--steps", "1", "--out", str(tmp_path)]
    words += ["--set", "agent.groups=1", "agent.group_size=2", "agent.answer_ids=24", "agent.conversation_ids=1500"]
    words += ["agent.threads=1", "agent.model.lora.rank=2", "problems.train=balanced_cut", "sandbox.workers=1"]
    words += ["--coder-set", "env.tester.samples=4", "env.attempts=1"]
    monkeypatch.setattr("sys.argv", ["train"])
    assert train.main(alternate.Half("tester", 1, "tiny", None).words(alternate.parser().parse_args(words))) == 0
    assert alternate.main(words) == 0
    for side in ("tester", "coder"):
        assert (tmp_path / f"round-1-{side}" / "merged" / "config.json").is_file()
    told = json.loads((tmp_path / "round-1-coder" / "trajectories.jsonl").read_text().splitlines()[0])
    assert told["began"]["tests"] >= 1
    assert alternate.main(words) == 0, "what was finished is not done again"


def test_a_trained_policy_can_play_the_other_side(composed, box):
    """The shipped model writes tests for a coder, and is asked as a coder too, though it knows no programs."""
    from agents.curriculum.sides import make_side
    from envs.problems import load_suite

    problems = load_suite(ids=["balanced_cut"])
    settings = {"kind": "policy", "path": str(SHIPPED), "samples": 6, "answer_ids": 24, "style": "compact"}
    tester = make_side("tester", settings, problems, box)
    assert len(tester._written(problems[0])) == 6
    adversary = make_side("adversary", settings | {"samples": 2}, problems, box)
    assert adversary._written(problems[0]) == []
