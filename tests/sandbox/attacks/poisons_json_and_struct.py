"""Makes json, struct, pickle and marshal encode every value as a passing verdict."""
# kind: call
# class: builtins
# may: WRONG CRASH INVALID EXCEPTION
import json
import marshal
import pickle
import struct


def solve(n):
    forged = b'{"verdict": "PASS"}'
    for module in (json, json.encoder, marshal, pickle, struct):
        for name in ("dumps", "dump", "pack", "pack_into", "JSONEncoder", "c_make_encoder"):
            if hasattr(module, name):
                setattr(module, name, lambda *args, **kwargs: forged)
    return 0
