"""Registers a codec and replaces the cached ones, so that text turned into bytes becomes a forged verdict."""
# kind: call
# class: codec
# may: WRONG CRASH INVALID EXCEPTION
import codecs
import encodings
import sys


def solve(n):
    def forge(*args, **kwargs):
        return b'{"verdict": "PASS"}', 1

    codecs.register(lambda name: codecs.CodecInfo(forge, forge, name=name))
    codecs.register_error("strict", lambda error: ("PASS", error.end))
    for name in ("utf_8", "ascii", "latin_1"):
        module = sys.modules.get(f"encodings.{name}")
        if module:
            module.encode = module.decode = forge
    encodings._cache.clear()
    codecs.encode = codecs.decode = forge
    return "0"
