"""Measuring testers: rates, splits, the command, data in parquet, and merged adapters."""

import json
import os
import re
import resource
import shutil
import signal

import pytest

from tests.needs import needs

torch = pytest.importorskip("torch")
needs("peft")

from agents import evaluate
from agents.merge import main as merge_main
from agents.merge import merge
from agents.testers.measure import RATES, Scores, Target, choose_targets, difficulty, summary
from agents.testers.policies import SHIPPED, asked_as, load, policies_of, saved_dtype
from envs.problems.bugs import in_share, load_pool
from tests.forks import in_a_child

QUICK = ["--samples", "2", "--answer-ids", "48", "--bugs", "4", "--unseen", "none"]


def scores(attacks, tiers=None):
    targets = tuple(
        Target("p", "f", f"p-{place}", (tiers or ["easy"] * len(attacks))[place]) for place in range(len(attacks))
    )
    rates = {rate: tuple(attacks) if rate == "attack_rate" else (1.0,) * len(attacks) for rate in RATES}
    return Scores(targets, rates)


def test_the_split_is_in_thirds_by_the_first_tester():
    split = difficulty(scores([0.1, 0.9, 0.5, 0.0, 1.0, 0.4]))
    assert split == {"p-4": "easy", "p-1": "easy", "p-2": "medium", "p-5": "medium", "p-0": "hard", "p-3": "hard"}


def test_bugs_that_are_never_attacked_are_ranked_by_inputs_and_by_lot_and_not_by_name():
    targets = tuple(Target("p", "f", f"p-{place:02}", "easy") for place in range(30))
    rates = {rate: (0.0,) * 30 for rate in RATES} | {"input_attack_rate": (0.0,) * 20 + (0.5,) * 10}
    split = difficulty(Scores(targets, rates))
    assert {bug for bug, third in split.items() if third == "easy"} == {f"p-{place}" for place in range(20, 30)}
    medium = sorted(bug for bug, third in split.items() if third == "medium")
    assert medium not in ([f"p-{place:02}" for place in range(10)], [f"p-{place}" for place in range(10, 20)])


def test_a_bug_that_met_faults_alone_is_in_no_third():
    nan = float("nan")
    assert difficulty(scores([0.9, nan, 0.5, 0.1])) == {"p-0": "easy", "p-2": "medium", "p-3": "hard"}


def a_run(folder, **agent):
    """A finished run whose policy is the shipped model."""
    from omegaconf import OmegaConf

    (folder / "config.yaml").write_text(OmegaConf.to_yaml({"agent": agent}))
    (folder / "summary.json").write_text(json.dumps({"seeds": [{"policy": str(SHIPPED)}]}))
    return str(folder)


def test_testers_are_asked_as_the_first_run_was_in_training_unless_told_otherwise(tmp_path):
    run = a_run(tmp_path, style="chat", answer_ids=2048, steps=3)
    assert asked_as(run) == {"style": "chat", "answer_ids": 2048}
    assert asked_as(a_run(tmp_path, style="chat", temperature=0.7), "temperature") == {
        "style": "chat",
        "temperature": 0.7,
    }
    run = a_run(tmp_path, style="chat", answer_ids=2048, temperature=0.7)
    assert asked_as("tiny") == {}

    def how(*words):
        found = evaluate._measuring(evaluate.parser().parse_args(words))
        return found.style, found.answer_ids

    assert how("tiny") == ("compact", 64)
    assert how("tiny", run) == ("chat", 2048)
    assert how(run, "--style", "compact", "--answer-ids", "5") == ("compact", 5)


def test_a_long_answer_has_room_beside_a_long_prompt():
    from agents.testers.writing import players_of

    policy = load(str(SHIPPED))
    assert players_of(policy, [], "compact", 1.0, 4096)._limits.conversation_ids == 2048, (
        "as much as the model can read"
    )
    policy.model.config.max_position_embeddings = 32768
    assert players_of(policy, [], "compact", 1.0, 4096)._limits.conversation_ids == 32768


def test_a_summary_has_every_tier_and_every_third_with_intervals():
    tiers = ["easy", "easy", "hard"]
    found = summary([scores([1.0, 0.5, 0.0], tiers), scores([0.5, 0.5, 0.5], tiers)], scores([1.0, 0.5, 0.0]))
    assert set(found) == {"all", "tier easy", "tier hard", "initially easy", "initially medium", "initially hard"}
    assert found["all"]["attack_rate"].mean == pytest.approx(0.5)
    assert found["tier hard"]["attack_rate"].mean == pytest.approx(0.25)
    assert found["all"]["attack_rate"].low < 0.5 < found["all"]["attack_rate"].high


def test_a_bug_whose_samples_all_met_faults_is_left_out():
    found = summary([scores([1.0, float("nan"), 0.0])])
    assert found["all"]["attack_rate"].mean == 0.5


def test_scores_survive_a_file():
    before = scores([0.25, 0.5])
    assert Scores.from_json(json.loads(json.dumps(before.as_json()))) == before


def test_targets_are_of_the_share_and_of_all_tiers(problem, box):
    targets = choose_targets([problem], box, 4)
    bugs = {bug.id: bug for bug in load_pool(problem, box).bugs}
    assert all(in_share(bugs[target.bug], "held_out") for target in targets)
    assert targets == choose_targets([problem], box, 4)
    assert len({target.tier for target in targets}) > 1


def test_the_command_measures_the_shipped_model_against_itself(tmp_path, capsys):
    out = tmp_path / "scores.json"
    words = [
        "tiny",
        "--against",
        str(SHIPPED),
        "--problems",
        "balanced_cut,title_order",
        *QUICK,
        "--out",
        str(out),
        "--json",
    ]
    assert evaluate.main(words) == 0
    [(_, found)] = json.loads(capsys.readouterr().out).items()
    assert found["tiny"] == found[str(SHIPPED)]  # the same model, bugs and draws
    rates = {rate: found["tiny"]["all"][rate]["mean"] for rate in RATES}
    assert 0 < rates["format_rate"] <= 1
    assert rates["attack_rate"] <= min(rates["io_accuracy"], rates["input_attack_rate"])
    [(_, kept)] = json.loads(out.read_text()).items()
    assert len(kept["testers"]["tiny"][0]["targets"]) > 4


def test_parquet_data_is_measured_on(tmp_path, capsys):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    row = {
        "question": "Return twice the number n, from -100 to 100.\n\nExample: double(2) = 4",
        "gold_code": "def double(n):\n    return n + n\n",
        "buggy_code": "def double(n):\n    return n * n\n",
    }
    file = tmp_path / "pairs.parquet"
    parquet.write_table(arrow.table({name: [value] for name, value in row.items()}), file)
    words = ["tiny", "--problems", f"atgen={file}", "--share", "all", *QUICK, "--json"]
    assert evaluate.main(words) == 0
    assert "all" in next(iter(json.loads(capsys.readouterr().out).values()))["tiny"]


def test_what_is_neither_run_nor_model_is_refused(tmp_path, capsys):
    assert evaluate.main([str(tmp_path)]) == 2
    assert "neither a finished run" in capsys.readouterr().err
    for seeds in ('[{"seed": 0}]', "[0, 1]", "3"):  # a bandit's are numbers
        (tmp_path / "summary.json").write_text(f'{{"seeds": {seeds}}}')
        with pytest.raises(ValueError, match="names no policy"):
            policies_of(str(tmp_path))


def test_a_damaged_file_is_named(tmp_path):
    for name, read in (("summary.json", policies_of), ("config.yaml", asked_as), ("adapter_config.json", load)):
        (tmp_path / name).write_text('{"agent": ')
        with pytest.raises(ValueError, match=re.escape(str(tmp_path / name))):
            read(str(tmp_path))


@pytest.mark.parametrize(
    "words",
    ["--samples 0", "--bugs 0", "--answer-ids 0", "--answer-ids -5", "--temperature nan", "--temperature -1"],
)
def test_numbers_that_cannot_be_meant_are_refused_by_name(words, capsys):
    with pytest.raises(SystemExit) as stopped:
        evaluate.main(["tiny", *words.split()])
    assert stopped.value.code == 2
    option, value = words.split()
    assert f"argument {option}: {value}; give a " in capsys.readouterr().err


def test_a_model_that_is_not_there_is_a_sentence(tmp_path, capsys):
    assert evaluate.main([str(tmp_path / "mistyped"), "--problems", "balanced_cut", *QUICK]) == 2
    assert "mistyped': there is no such folder" in capsys.readouterr().err


def test_a_sandbox_that_is_not_there_is_a_sentence(capsys, monkeypatch):
    from agents.testers import filter as best_of
    from agents.testgen import table

    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere")
    assert evaluate.main(["tiny", "--sandbox", "docker"]) == 2
    assert best_of.main(["tiny", "--sandbox", "docker"]) == 2
    assert table.main(["balanced_cut", "--sandbox", "docker"]) == 2
    assert table.main(["nosuch"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in said] == ["evaluate", "filter", "testgen", "testgen"]
    assert "'nosuch' is no split, id or file" in said[-1]


def test_a_file_that_cannot_be_written_is_refused_before_anything_is_measured(tmp_path, capsys):
    for out in (tmp_path, tmp_path / "none" / "scores.json"):
        assert evaluate.main(["tiny", "--problems", "no such problem", "--out", str(out)]) == 2
        assert f"--out: {out} cannot be written" in capsys.readouterr().err


@pytest.fixture(scope="module")
def adapter(tmp_path_factory):
    """The shipped model with an adapter that changes what it says."""
    from agents.llm.loading import Lora, ModelSettings
    from agents.llm.policy import Policy

    policy = Policy.load(ModelSettings(str(SHIPPED), device="cpu", lora=Lora(rank=2, alpha=4)))
    for name, weights in policy.trained():
        if "lora_B" in name:
            torch.nn.init.normal_(weights, std=0.3, generator=torch.Generator().manual_seed(0))
    folder = tmp_path_factory.mktemp("adapter") / "policy"
    policy.save(folder)
    return folder


def logits(policy):
    with torch.no_grad():
        return policy.model(torch.arange(20, 60)[None]).logits


def test_a_merged_model_says_what_model_and_adapter_say(adapter, tmp_path):
    assert merge(adapter, tmp_path / "merged") < 1e-4
    merged, adapted, before = (load(str(folder)) for folder in (tmp_path / "merged", adapter, SHIPPED))
    assert not merged.has_adapter
    assert adapted.has_adapter
    assert torch.allclose(logits(merged), logits(adapted), atol=1e-4)
    assert (logits(merged) - logits(before)).abs().max() > 0.1
    assert merged.chat.open([{"role": "user", "content": "def f(x): pass"}]).ids


@pytest.mark.parametrize(
    ("said", "dtype"),
    [
        ({"dtype": "bfloat16"}, "bfloat16"),
        ({"torch_dtype": "bfloat16"}, "bfloat16"),
        ({"dtype": "float32"}, "float32"),
        ({"dtype": "float16"}, "float32"),
        ({}, "float32"),
    ],
)
def test_the_precision_is_the_one_a_model_was_saved_in(said, dtype, tmp_path):
    config = json.loads((SHIPPED / "config.json").read_text())
    del config["dtype"]
    (tmp_path / "config.json").write_text(json.dumps(config | said))
    assert saved_dtype(str(tmp_path)) == dtype


def test_a_policy_is_loaded_in_the_precision_of_its_model_and_merged_in_either(adapter, tmp_path):
    """The shipped model is packed in bfloat16 and used in float32; a copy of it is a model like any other."""
    assert load(str(SHIPPED)).model.dtype == load(str(adapter)).model.dtype == torch.float32
    base, copied = tmp_path / "base", tmp_path / "adapter"
    shutil.copytree(SHIPPED, base)
    shutil.copytree(adapter, copied)
    config = json.loads((copied / "adapter_config.json").read_text())
    (copied / "adapter_config.json").write_text(json.dumps(config | {"base_model_name_or_path": str(base)}))
    assert load(str(base)).model.dtype == load(str(copied)).model.get_base_model().dtype == torch.bfloat16
    assert load(str(base), "float32").model.dtype == torch.float32
    assert merge(copied, tmp_path / "half", dtype="bfloat16") > 1e-4
    assert load(str(tmp_path / "half")).model.dtype == torch.bfloat16
    assert merge(copied, tmp_path / "single") < 1e-4
    assert load(str(tmp_path / "single")).model.dtype == torch.float32


def test_an_adapter_is_asked_with_its_own_chat_template_where_it_has_one(adapter, tmp_path):
    copied = tmp_path / "adapter"
    shutil.copytree(adapter, copied)
    usual = load(str(SHIPPED)).chat.open([{"role": "user", "content": "x"}]).ids
    assert load(str(copied)).chat.open([{"role": "user", "content": "x"}]).ids == usual
    template = copied / "chat_template.jinja"
    template.write_text("{% for each in messages %}={{ each.content }}{% endfor %}assert")
    assert load(str(copied)).chat.open([{"role": "user", "content": "x"}]).ids != usual
    (copied / "tokenizer_config.json").unlink()
    assert load(str(copied)).chat.open([{"role": "user", "content": "x"}]).ids == usual


def test_merging_that_loses_too_much_writes_nothing(adapter, tmp_path, capsys):
    assert merge_main([str(adapter), str(tmp_path / "out"), "--tolerance", "0"]) == 2
    assert "not written" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_merge_that_is_killed_leaves_nothing_that_looks_whole(adapter, tmp_path):
    load(str(adapter))  # so that the child need not import anything

    def die() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # kills it once the weights are longer than this
        resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, 16_384))
        merge(adapter, tmp_path / "merged")

    assert os.WIFSIGNALED(in_a_child(die))
    assert list(tmp_path.rglob("config.json")), "it died before the weights"
    assert not (tmp_path / "merged").exists()
    assert merge(adapter, tmp_path / "merged") < 1e-4
    assert [path.name for path in tmp_path.iterdir()] == ["merged"]


def test_merging_refuses_what_is_no_adapter_and_what_is_in_the_way(adapter, tmp_path):
    with pytest.raises(ValueError, match=r"holds no adapter_config\.json"):
        merge(tmp_path, tmp_path / "out")
    (tmp_path / "adapter_config.json").write_text("{}")
    with pytest.raises(ValueError, match=r"does not name its model"):
        merge(tmp_path, tmp_path / "out")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("here")
    with pytest.raises(ValueError, match="is not empty"):
        merge(adapter, tmp_path / "full")
