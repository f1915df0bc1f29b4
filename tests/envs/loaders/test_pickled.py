"""Packed tests are decoded as data, and a pickle that could do more is never loaded."""

import base64
import json
import os
import pickle
import zlib

import pytest

from envs.problems.fields import ProblemError, Where
from envs.problems.loaders.pickled import load_plain, unpack_text

WHERE = Where("data.jsonl", 3, "private_test_cases")


def packed(value, protocol=4):
    return base64.b64encode(zlib.compress(pickle.dumps(value, protocol))).decode()


def wrapped(data):
    return base64.b64encode(zlib.compress(data)).decode()


@pytest.mark.parametrize("protocol", range(6))
def test_a_text_comes_back_from_every_protocol(protocol):
    text = json.dumps([{"input": "1\n", "output": "ä€😀"}])
    assert unpack_text(packed(text, protocol), WHERE, 10_000) == text


def test_plain_data_comes_back():
    value = {"a": [1, 2.5, None, True, (1, b"x"), {3}], "b": 10**40}
    assert load_plain(pickle.dumps(value), WHERE) == value


class Bomb:
    """Leaves a trace when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_bomb_is_refused_before_it_is_loaded(protocol, tmp_path):
    trace = tmp_path / "trace"
    with pytest.raises(ProblemError, match=r"data\.jsonl:3: field private_test_cases: is a pickle that does \w+"):
        unpack_text(packed(Bomb(str(trace)), protocol), WHERE, 10_000)
    assert not trace.exists()


HOSTILE = {
    "another type": (packed([1]), "a pickled list, not a text"),
    "a name": (wrapped(b"cos\nsystem\n."), "does GLOBAL"),
    "an extension": (wrapped(b"\x80\x02\x82\x01."), "does EXT1"),
    "a persistent id": (wrapped(b"Px\n."), "does PERSID"),
    "a memo of gigabytes": (wrapped(b"]r\xff\xff\xff\x7f."), "more than 2,000,000 instructions"),
    "a length that lies": (wrapped(b"X\xff\xff\xff\x7fabc."), "not a pickle of plain data"),
    "no end": (wrapped(b"]"), "not a pickle of plain data"),
    "an empty stack": (wrapped(b"a."), "not a pickle of plain data"),
    "no pickle": (wrapped(b"\xffhello"), "not a pickle of plain data"),
    "no zlib": (base64.b64encode(b"hello").decode(), "neither JSON nor base64 of zlib"),
    "no base64": ("héllo", "neither JSON nor base64 of zlib"),
    "cut": (wrapped(pickle.dumps("x" * 3000))[:24], "ends too early"),
    "a zip bomb": (packed("x" * 100_000_000), "unpacks to more than 10,000 bytes"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_packing_is_refused_with_its_reason(name):
    text, message = HOSTILE[name]
    with pytest.raises(ProblemError, match=message):
        unpack_text(text, WHERE, 10_000)
