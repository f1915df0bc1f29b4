"""`python -m envs check`: an honest environment passes, and each dishonest one is found out by the check for it."""

import json
import shutil
from pathlib import Path

import pytest

from envs.__main__ import main
from envs.commands import checks
from envs.commands.checks import CHECKS, Checkup, examine
from envs.commands.choose import find_spec
from envs.commands.hostile import attacks_in, hostile_actions


def findings(name, *checks):
    """What some checks find in an environment of the package `mine`."""
    checkup = Checkup(find_spec(f"mine:{name}-v0"), {}, name=f"mine:{name}-v0")
    found = {}
    for check in checks:
        try:
            found[check] = (True, CHECKS[check](checkup))
        except Exception as error:
            found[check] = (type(error).__name__, str(error))
    return found


def test_an_honest_environment_of_ones_own_passes_every_check(mine, capsys):
    name = "elsewhere:Elsewhere-v0"  # the package of its class does not register it
    assert main(["check", name, "--json"]) == 0
    found = {each["check"]: each["holds"] for each in json.loads(capsys.readouterr().out)[name]}
    assert found == dict.fromkeys(CHECKS, True)


@pytest.mark.parametrize(
    ("name", "check", "told"),
    [
        ("Stingy", "the oracle earns the most", "it earned 0.5, and the most is 1"),
        ("Gullible", "cheating does not pay", "earned"),
        ("Moody", "same seed, same bytes", "differs"),
        ("Leaky", "leaves nothing behind", "threads"),
        ("Fragile", "survives garbage", "invalid literal"),
        ("Moody", "gymnasium's own checker", ""),
    ],
)
def test_a_dishonest_environment_is_found_out(mine, name, check, told):
    [(holds, said)] = findings(name, check).values()
    assert holds is not True
    assert holds != "Unchecked"
    assert told in said


def test_what_an_environment_does_not_tell_is_left_unchecked(mine):
    found = findings("Silent", "the oracle earns the most", "doing nothing earns less", "cheating does not pay")
    assert {kind for kind, _ in found.values()} == {"Unchecked"}


def test_an_environment_that_another_process_cannot_find_is_not_broken(mine):
    found = Checkup(find_spec("elsewhere:Elsewhere-v0"), {}, moves=1, name="Elsewhere-v0")
    with pytest.raises(checks.Unchecked, match="another process does not find 'Elsewhere-v0'"):
        CHECKS["same seed, same bytes"](found)


def test_a_broken_environment_gives_findings_and_exit_code_1(mine, capsys):
    assert main(["check", "mine:Stingy-v0"]) == 1
    shown = capsys.readouterr().out
    assert "BROKEN" in shown
    assert "holds" in shown


def test_every_finding_has_a_name_whatever_happens(mine):
    found = list(examine(Checkup(find_spec("mine:Fragile-v0"), {"unknown": 1})))
    assert [each.check for each in found] == list(CHECKS)
    assert not any(each.holds for each in found)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["check", "Repiar-v0"], "did you mean 'Repair-v0'"),
        (["play", "nowhere_at_all:Repair-v0"], "nowhere_at_all"),
        (["play", "Repair-v7"], "v7"),
        (["check", "Repair-v0", "--set", "max_attempts"], "write NAME=VALUE"),
        (["play", "Repair-v0", "--set", "max_atempts=3"], "did you mean 'max_attempts'"),
        (["play", "Repair-v0", "--sandbox", "dokcer"], "did you mean 'docker'"),
        (["check", "Repair-v0", "--attacks", "nowhere"], "there is no .py file"),
        (["check", "TestGen-v0", "--problems", "balanced_cu"], "did you mean 'balanced_cut'"),
        (["check", "TestGen-v0", "--set", "test=1"], "did you mean 'tests'"),
        (["check", "CartPole-v1", "--set", "test=1"], "unexpected keyword argument 'test'"),
        (["check", "TestGen-v0", "--episodes", "0"], "--episodes 0"),
        (["play", "CartPole-v1", "--set", "test=1"], "CartPole-v1: "),
        (["play", "Repair-v0", "--set", "render_mode=human"], "--set render_mode"),
        (["bench", "TestGen-v0", "--seconds", "nan"], "--seconds nan"),
        (["bench", "TestGen-v0", "--seconds", "-1"], "--seconds -1"),
        (["bench", "TestGen-v0", "--members", "0"], "--members: 0"),
        (["bench", "CartPole-v1"], "takes no sandbox"),
    ],
)
def test_errors_are_one_sentence_and_exit_code_2(arguments, told, capsys):
    assert main(arguments) == 2
    out, said = capsys.readouterr()
    assert out == ""
    assert said.startswith("error: ")
    assert told in said


@pytest.mark.parametrize("entry", ["", "solve", "Solution.solve"])
def test_hostile_programs_are_programs(entry):
    """All but the one that is not meant to be read."""
    for name, text in hostile_actions(entry).items():
        if not name.startswith("as a test"):
            compile(text, name, "exec")
            assert entry.rpartition(".")[2] in text


ATTACKS = Path(__file__).parents[2] / "sandbox" / "attacks"


@pytest.mark.parametrize("entry", ["solve", "carries", "Solution.carries"])
def test_the_sandboxs_attacks_are_made_to_answer_to_the_entry(entry):
    found = attacks_in(ATTACKS, entry)
    assert len(found) > 300
    for name, text in found.items():
        if entry != "solve" and not name.startswith("source_"):
            assert f"def {entry.rpartition('.')[2]}(" in text
    assert not found.keys() & attacks_in(ATTACKS, "").keys()


@pytest.mark.parametrize(
    ("name", "problem", "kind"),
    [("Repair-v0", "carries_in_base", "call"), ("TestGen-v0", "add_up_durations", "stdin")],
)
def test_attacks_on_the_sandbox_earn_nothing_as_actions(name, problem, kind, tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "hostile_actions", lambda entry: {})  # other tests try those
    suitable = [file for file in sorted(ATTACKS.glob("*.py")) if f"# kind: {kind}\n" in file.read_text()]
    for file in suitable[::80]:
        shutil.copy(file, tmp_path)
    told = CHECKS["cheating does not pay"](Checkup(find_spec(name), {"problems": problem}, attacks=tmp_path))
    assert int(told.split()[0]) >= 2
