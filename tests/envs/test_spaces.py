"""The space of text holds what models and programs write, and nothing that cannot be stored."""

import copy
import json
import pickle
import subprocess
import sys
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Dict, Discrete, Tuple
from gymnasium.spaces.utils import flatten, flatten_space, unflatten
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv
from gymnasium.vector.utils import (
    batch_differing_spaces,
    batch_space,
    concatenate,
    create_empty_array,
    create_shared_memory,
    iterate,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from envs.spaces import UnicodeText

anything = st.text(st.characters(), max_size=40)
"""Surrogates and NUL among them."""
sound = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
lengths = st.tuples(st.integers(0, 200), st.integers(0, 200)).map(sorted)


class Echo(gymnasium.Env):
    """Says what it was told."""

    metadata = {"render_modes": []}

    def __init__(self):
        self.observation_space = Dict({"heard": UnicodeText(500), "turn": Discrete(100)})
        self.action_space = UnicodeText(500)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.turn = 0
        return {"heard": "", "turn": np.int64(0)}, {}

    def step(self, action):
        self.turn += 1
        return {"heard": action, "turn": np.int64(self.turn)}, float(len(action)), self.turn > 50, False, {}


@given(anything)
def test_a_text_is_a_member_exactly_when_it_can_be_written_and_has_no_nul(text):
    try:
        text.encode()
        writable = True
    except UnicodeEncodeError:
        writable = False
    assert (text in UnicodeText(40)) == (writable and "\0" not in text)


@given(sound, lengths)
def test_lengths_are_counted_in_characters_both_ends_included(text, ends):
    low, high = ends
    assert (text in UnicodeText(high, min_length=low)) == (low <= len(text) <= high)


@pytest.mark.parametrize("stranger", [None, 1, b"text", ["text"], ("t",), np.array("text")])
def test_nothing_but_a_text_is_a_member(stranger):
    assert stranger not in UnicodeText(10)


@given(lengths, st.integers(0, 2**31))
@settings(max_examples=60)
def test_samples_are_members(ends, seed):
    low, high = ends
    space = UnicodeText(high, min_length=low, seed=seed)
    for _ in range(10):
        assert space.sample() in space


def test_samples_of_a_large_space_are_members_and_cheap():
    space = UnicodeText(1_000_000, seed=1)
    texts = [space.sample() for _ in range(100)]
    assert all(text in space for text in texts)
    assert {0, 1_000_000} <= {len(text) for text in texts}


def test_samples_look_like_what_models_send():
    space = UnicodeText(2_000, seed=5)
    texts = [space.sample() for _ in range(300)]
    for sort in ("def solve", "assert ", "```", "<answer>", "\n", "\r", "é", "日本", "🙂", "\x1b", "\u2028"):
        assert any(sort in text for text in texts), sort
    assert any(ord(char) > 0xFFFF for text in texts for char in text)
    assert "" in texts


def sampled_elsewhere(hash_seed):
    code = "from envs.spaces import UnicodeText as T\ns = T(300, seed=7)\nprint(ascii([s.sample() for _ in range(40)]))"
    environment = {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ".", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_same_seed_samples_the_same_in_every_process():
    space = UnicodeText(300, seed=7)
    here = ascii([space.sample() for _ in range(40)]) + "\n"
    assert sampled_elsewhere("1") == sampled_elsewhere("2") == here


def test_a_mask_chooses_length_and_characters():
    space = UnicodeText(10, seed=0)
    mask = np.zeros(len(space.character_list), dtype=np.int8)
    mask[space.character_index("x")] = 1
    assert space.sample(mask=(4, mask)) == "xxxx"


@given(lengths, lengths)
def test_spaces_are_equal_exactly_when_their_lengths_are(one, other):
    spaces = [UnicodeText(high, min_length=low) for low, high in (one, other)]
    assert (spaces[0] == spaces[1]) == (one == other)
    assert spaces[0] != gymnasium.spaces.Text(max(1, one[1]), min_length=0)
    assert gymnasium.spaces.Text(max(1, one[1]), min_length=0) != spaces[0]


def test_a_pickled_space_is_small_and_samples_on_as_the_original():
    space = UnicodeText(100_000, seed=3)
    space.sample()
    stored = pickle.dumps(space)
    assert len(stored) < 10_000
    twins = [pickle.loads(stored), copy.deepcopy(space)]
    assert twins == [space, space]
    expected = [space.sample() for _ in range(5)]
    assert [[twin.sample() for _ in range(5)] for twin in twins] == [expected, expected]


@given(st.lists(sound, max_size=5))
def test_members_survive_json(texts):
    space = UnicodeText(20)
    assert space.from_jsonable(json.loads(json.dumps(space.to_jsonable(texts)))) == texts


def test_json_that_holds_no_members_is_refused():
    with pytest.raises(ValueError, match=r"from_jsonable.*item 1 is 'a\\x00'"):
        UnicodeText(20).from_jsonable(["fine", "a\0"])


def test_members_survive_json_inside_other_spaces():
    space = Dict({"text": UnicodeText(50), "pair": Tuple([UnicodeText(9), Discrete(3)])}, seed=1)
    samples = [space.sample() for _ in range(5)]
    again = space.from_jsonable(json.loads(json.dumps(space.to_jsonable(samples))))
    assert again == samples


@given(sound)
def test_a_flattened_text_comes_back(text):
    space = UnicodeText(20)
    flat = flatten(space, text)
    assert flat in flatten_space(space)
    assert unflatten(space, flat) == text


@given(anything, lengths)
def test_any_text_can_be_made_a_member(text, ends):
    low, high = ends
    space = UnicodeText(high, min_length=low)
    fitted = space.fit(text)
    assert fitted in space
    if text in space:
        assert fitted == text


def test_what_is_cut_to_fit_says_so():
    assert "characters left out" in UnicodeText(100).fit("x" * 1000)


@pytest.mark.parametrize(
    ("lengths", "says"),
    [
        ({"max_length": -1}, "max_length=-1"),
        ({"max_length": 2.5}, "max_length=2.5"),
        ({"max_length": True}, "max_length=True"),
        ({"max_length": 5, "min_length": "1"}, "min_length='1'"),
        ({"max_length": 5, "min_length": 6}, "swap them"),
    ],
)
def test_impossible_lengths_are_refused_with_the_remedy(lengths, says):
    with pytest.raises(ValueError, match=says):
        UnicodeText(**lengths)


def test_batches_of_texts_are_tuples():
    space = Dict({"text": UnicodeText(30), "number": Discrete(5)}, seed=2)
    batch = batch_space(space, 3)
    assert batch["text"] == Tuple([UnicodeText(30)] * 3)
    items = [space.sample() for _ in range(3)]
    joined = concatenate(space, items, create_empty_array(space, 3))
    assert joined in batch
    assert [item["text"] for item in iterate(batch, joined)] == [item["text"] for item in items]
    assert batch.sample() in batch


def test_an_empty_batch_is_a_member_of_the_batched_space():
    space = UnicodeText(30, min_length=4)
    assert create_empty_array(space, 3) in batch_space(space, 3)


def test_spaces_of_different_length_can_be_batched():
    batch = batch_differing_spaces([UnicodeText(3), UnicodeText(30)])
    assert ("abc", "d" * 30) in batch
    assert ("d" * 30, "abc") not in batch


def test_an_environment_over_text_passes_the_checker_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(Echo(), skip_render_check=True)


def test_a_vector_of_environments_delivers_every_text():
    vector = SyncVectorEnv([Echo, Echo])
    vector.reset(seed=1)
    observation, *_ = vector.step(("naïve\n", "日本 🙂"))
    assert observation["heard"] == ("naïve\n", "日本 🙂")
    vector.close()


def test_worker_processes_deliver_every_text_without_shared_memory():
    vector = AsyncVectorEnv([Echo, Echo], shared_memory=False)
    try:
        vector.reset(seed=1)
        observation, *_ = vector.step(("naïve\n", "日本 🙂"))
    finally:
        vector.close()
    assert observation["heard"] == ("naïve\n", "日本 🙂")


def test_shared_memory_is_refused_with_the_reason_and_the_remedy():
    """Gymnasium 1.4 would deliver the same dummy text for every reset and step, silently."""
    with pytest.raises(ValueError, match=r"(?s)only once.*make_vec.*shared_memory=False"):
        AsyncVectorEnv([Echo, Echo])
    with pytest.raises(ValueError, match="shared_memory"):
        create_shared_memory(Tuple([Discrete(2), UnicodeText(5)]), 2)
