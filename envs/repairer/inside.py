"""Runs inside the sandbox: one candidate on some inputs, as if each run had a process of its own.

Promises: every run meets fresh globals and fresh standard streams, and an endless loop ends after the same number of
ticks (one at each round of a loop and each start of a function) on every machine. Never learns an expected answer.
Does not promise to hold a program that wants out (the sandbox around it does). The trusted side never imports this
file: it sends its text (see `trial.py`).
"""

import _ast
import atexit
import builtins
import gc
import io
import os
import sys
import types
from collections import deque
from typing import Any

ANSWERED, FAILED, ENDLESS = 0, 1, 2
FILE = "patient.py"
MOST_LOOKS = 400
"""The kinds of variables are noted at so many lines."""


def trial(source: str, entry: str, inputs: list[tuple[Any, ...]], most: int, whole: bool) -> list[list[Any]]:
    """What became of each input: [how it ended, value, ticks used]; if not whole, up to the first without an answer."""
    gc.disable()
    try:
        code = compile(ticking(source), FILE, "exec", dont_inherit=True)
    except Exception:
        return [[FAILED, "SyntaxError", 0]]
    found: list[list[Any]] = []
    own = not entry and touches_descriptors(source)
    for args in inputs:
        meter: Any = iter(range(1, most + 2))  # the cheapest thing to call; at its end it raises StopIteration
        limit = sys.getrecursionlimit()
        how, value = answer(code, entry, args, {"__tick__": meter.__next__}, own)
        sys.setrecursionlimit(limit)
        used = most + 1 - meter.__length_hint__()
        if used > most:
            how, value = ENDLESS, ""
        found.append([how, value, used])
        if how != ANSWERED and not whole:
            break
    return found


def answer(
    code: Any, entry: str, args: tuple[Any, ...], names: dict[str, Any], own: bool, look: "Look | None" = None
) -> tuple[int, Any]:
    """One run in a module of its own."""
    module = types.ModuleType("solution" if entry else "__main__")
    module.__dict__.update(names, __builtins__=builtins, __file__=FILE)
    sys.modules["__main__"] = sys.modules[module.__name__] = module
    try:
        return ANSWERED, called(code, module, entry, args) if entry else printed(code, module, args[0], own)
    except BaseException as error:
        if look is not None:
            look.failed(error)
        return FAILED, type(error).__name__
    finally:
        module.__dict__.clear()  # breaks the cycle of module and functions: nothing is left for a collector


def called(code: Any, module: types.ModuleType, entry: str, args: tuple[Any, ...]) -> Any:
    """The value that the entry returns."""
    exec(code, module.__dict__)
    owner, _, name = entry.rpartition(".")
    found: Any = module
    for part in owner.split(".") if owner else ():
        found = getattr(found, part)
    return getattr(found() if owner else found, name)(*args)


def touches_descriptors(source: str) -> bool:
    """Whether a script may read or write by the numbers of its streams."""
    return any(word in source for word in ("open", "fileno", "import os", "from os", "FileIO"))


def printed(code: Any, module: types.ModuleType, text: str, own: bool) -> str:
    """What the program prints as a script that reads the text; with descriptors of its own where it may use them."""
    given = text.encode("utf-8", "surrogatepass")
    reader: Any = io.BytesIO(given)
    output: Any = io.BytesIO()
    if own:
        reader = io.BufferedReader(io.FileIO(put_on_descriptor(0, given), closefd=False))
        output = io.BufferedWriter(io.FileIO(put_on_descriptor(1), "w", closefd=False))
    sys.stdin = io.TextIOWrapper(reader, encoding="utf-8", newline="\n")
    kept = sys.stdout = io.TextIOWrapper(output, encoding="utf-8")  # whatever the program puts in its place
    vars(sys).update(__stdin__=sys.stdin, __stdout__=kept)
    atexit._clear()
    try:
        exec(code, module.__dict__)
    except SystemExit as ending:
        if ending.code not in (None, 0):
            raise
    atexit._run_exitfuncs()
    sys.stdout.flush()
    kept.flush()
    if not own:
        return str(output.getvalue(), "utf-8", "replace")
    return os.pread(1, os.fstat(1).st_size, 0).decode("utf-8", "replace")


def put_on_descriptor(number: int, data: bytes = b"") -> int:
    """Makes a descriptor a file with the data, for scripts that use descriptors themselves; returns the number."""
    file = os.open("stream", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    os.unlink("stream")  # noqa: PTH108  (pathlib would have to be imported in every fork)
    os.write(file, data)
    os.lseek(file, 0, os.SEEK_SET)
    if file != number:
        os.dup2(file, number)
        os.close(file)
    return number


def ticking(source: str) -> Any:
    """The program's tree with a tick at the head of each loop and function."""
    tree = compile(source, FILE, "exec", _ast.PyCF_ONLY_AST, dont_inherit=True)
    stack: list[Any] = [tree]
    while stack:
        node = stack.pop()
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, field, None)
            if isinstance(inner, list):
                stack.extend(inner)
        if isinstance(node, _ast.For | _ast.While | _ast.FunctionDef):
            node.body.insert(has_words(node), tick_at(node.lineno))
    return tree


def has_words(node: Any) -> bool:
    """Whether a function begins with a doc string, which only stays one in the first place."""
    first = node.body[0]
    words = (
        isinstance(first, _ast.Expr) and isinstance(first.value, _ast.Constant) and isinstance(first.value.value, str)
    )
    return words and isinstance(node, _ast.FunctionDef)


def tick_at(line: int) -> Any:
    """The statement that counts, as if it stood on that line."""
    place = {"lineno": line, "end_lineno": line, "col_offset": 0, "end_col_offset": 0}
    name = _ast.Name("__tick__", _ast.Load(), **place)
    return _ast.Expr(_ast.Call(name, [], [], **place), **place)


def study(source: str, entry: str, args: tuple[Any, ...], most: int) -> list[Any]:
    """One run, looked at closely: [how it ended, value, ticks, lines executed, kinds of variables, error].

    The error is its type, its text and the program's line.
    """
    try:
        code = compile(ticking(source), FILE, "exec", dont_inherit=True)
    except SyntaxError as error:
        return [FAILED, None, 0, [], {}, ["SyntaxError", str(error.msg), error.lineno or 0]]
    meter: Any = iter(range(1, most + 2))
    look = Look(most)
    sys.settrace(look.on_call)
    try:
        own = not entry and touches_descriptors(source)
        how, value = answer(code, entry, args, {"__tick__": meter.__next__}, own, look)
    finally:
        sys.settrace(None)
    used = most + 1 - meter.__length_hint__()
    kinds = {name: sorted(found) for name, found in look.kinds.items()}
    return [ENDLESS if used > most else how, value, used, sorted(look.lines), kinds, look.error]


class Look:
    """Notes the lines that run, and the kinds of the variables there."""

    def __init__(self, most: int) -> None:
        self.lines: set[int] = set()
        self.kinds: dict[str, set[str]] = {}
        self.error: list[Any] = ["", "", 0]
        self.left = min(most, MOST_LOOKS)

    def on_call(self, frame: types.FrameType, event: str, argument: object) -> Any:
        """Follows the program's own functions."""
        return self.on_line if frame.f_code.co_filename == FILE else None

    def on_line(self, frame: types.FrameType, event: str, argument: object) -> Any:
        """A line is about to run, or a function returns."""
        if event == "line":
            self.lines.add(frame.f_lineno)
        if self.left > 0:
            self.left -= 1
            for name, value in list(frame.f_locals.items()):
                if not name.startswith("__"):
                    self.kinds.setdefault(name, set()).update(kinds_of(value))
        return self.on_line

    def failed(self, error: BaseException) -> None:
        """Notes an exception and the program's last line on its way."""
        line, trace = 0, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == FILE:
                line = trace.tb_lineno
            trace = trace.tb_next
        try:
            text = str(error)[:200]
        except Exception:
            text = ""
        self.error = [type(error).__name__, text, line]


def kinds_of(value: Any) -> list[str]:
    """The kind of a value; of a collection, also with the kind of its first element: `list:int`."""
    kind = type(value)  # a program may have a class of its own of any name
    if kind in (list, tuple, set, dict, deque) and value:
        first = next(iter(value.values() if kind is dict else value))
        return [kind.__name__, f"{kind.__name__}:{type(first).__name__}"]
    return [kind.__name__]
