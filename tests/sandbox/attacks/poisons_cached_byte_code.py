"""Rewrites the cached byte code of a standard module, with a valid header, so that
later imports run its code."""
# kind: call
# class: poison
# may: WRONG
# danger: spoils the modules colorsys, this and antigravity of the Python it runs in
import importlib.util
import marshal
import os
from contextlib import suppress
from pathlib import Path

CODE = compile(
    "raise ImportError('SPARRING_LEAK byte code of an earlier run was executed')", "poison", "exec"
)


def solve(n):
    for name in ("colorsys.py", "this.py", "antigravity.py"):
        with suppress(OSError):
            source = Path(os.__file__).parent / name
            cache = Path(importlib.util.cache_from_source(str(source)))
            if cache.exists() and b"SPARRING_LEAK" in cache.read_bytes():
                return f"SPARRING_LEAK poisoned byte code of an earlier run: {cache}"
            state = source.stat()
            stamp = int(state.st_mtime).to_bytes(4, "little") + (state.st_size & 0xFFFFFFFF).to_bytes(
                4, "little"
            )
            cache.write_bytes(importlib.util.MAGIC_NUMBER + bytes(4) + stamp + marshal.dumps(CODE))
    return 0
