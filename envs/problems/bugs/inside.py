"""Runs inside the sandbox: programs on many inputs in one process, as if each run had a process of its own.

Promises: every run meets fresh globals, fresh arguments and fresh standard streams. Work is counted in
ticks (one at each round of a loop and each start of a function), so that an endless loop ends after the
same number of ticks on every machine, busy or not. Answers are texts that are equal exactly for equal plain
values of equal types.
Does not promise: to hold a program that wants out (the sandbox around it does), to end one long computation
in C code, or to notice state left behind in the standard library. The trusted side never imports this file:
it sends its text, with the inputs appended as `INPUTS`, one function for each that builds them anew.
"""

import _ast
import builtins
import gc
import io
import os
import resource
import signal
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

nan, inf = float("nan"), float("inf")  # the inputs are written as literals, which may name these two
INPUTS: tuple[Callable[[], tuple[Any, ...]], ...] = ()
EXCEPTION, TIMEOUT, MEMORY, OUTPUT = "!EXCEPTION", "!TIMEOUT", "!MEMORY", "!OUTPUT"
MISSING, INVALID = "!MISSING", "!INVALID"
ATOMS = frozenset({int, str, bool, float, type(None), bytes})
FLAT = frozenset({int, str, bool})
DEEPEST = 150
RING_AGAIN_S = 0.05
MOST_CHARACTERS = 200_000
"""A longer answer is a failure."""
MEMORY_BYTES = 96 << 20
"""What the programs of a group may take together."""


class NoEntryError(Exception):
    """The program does not define its entry."""


class NotPlainError(Exception):
    """The value is not plain data."""


class Meter:
    """The ticks that one run may use. One more is refused, and so is every one after that."""

    def __init__(self, most: int) -> None:
        # An iterator's method, because it is the cheapest thing to call. It counts from 1, so every tick is true and
        # can stand among the conditions of a comprehension; at the end it raises StopIteration. A program that
        # catches that does not help itself: `overrun` knows.
        self.most = most
        self.range: Any = iter(range(1, most + 2))
        self.tick = self.range.__next__

    @property
    def used(self) -> int:
        """The ticks so far."""
        return self.most + 1 - int(self.range.__length_hint__())

    @property
    def overrun(self) -> bool:
        """Whether the program wanted more."""
        return self.used > self.most


class OvertimeError(BaseException):
    """The program has used its CPU time."""


class Clock:
    """The CPU time of one program. It rings by an exception, again and again, for a program may swallow one."""

    def __init__(self, cpu_s: float) -> None:
        self.rang = False
        signal.signal(signal.SIGPROF, self.ring)
        signal.setitimer(signal.ITIMER_PROF, cpu_s, RING_AGAIN_S)

    def ring(self, *_: Any) -> None:
        """Ends what is going on."""
        self.rang = True
        raise OvertimeError

    def stop(self) -> None:
        """No more ringing."""
        signal.setitimer(signal.ITIMER_PROF, 0)


def measure(
    programs: list[tuple[str, list[int]]], entry: str | None, rows: list[int], cpu_s: float
) -> list[tuple[str, list[int]] | None]:
    """For each program: its answers to the inputs in `rows`, one line each, and the ticks that each took.

    A program comes with the ticks that it may use for each of these inputs, and has so many CPU seconds for all
    of them together; None stands for one that needs more.
    """
    gc.disable()
    limit_memory()
    return [answers_of(Program(source, entry), rows, allowances, cpu_s) for source, allowances in programs]


def study(source: str, entry: str | None, most: int, cpu_s: float) -> tuple[str, list[int]] | None:
    """A right program's answers to all inputs, and the ticks of each, those of all comprehensions included."""
    rows = list(range(len(INPUTS)))
    return answers_of(Program(source, entry, thorough=True), rows, [most] * len(rows), cpu_s)


def answers_of(
    program: "Program", rows: list[int], allowances: list[int], cpu_s: float
) -> tuple[str, list[int]] | None:
    """One program's answers and ticks."""
    limit = sys.getrecursionlimit()
    answers, ticks, clock = [], [], Clock(cpu_s)
    try:
        for row, allowance in zip(rows, allowances, strict=True):
            meter = Meter(allowance)
            text = program.answer(INPUTS[row](), {"__tick__": meter.tick})
            if clock.rang:
                return None
            answers.append(TIMEOUT if meter.overrun else text)
            ticks.append(meter.used)
            sys.setrecursionlimit(limit)
        return "\n".join(answers), ticks
    except OvertimeError:
        return None
    finally:
        clock.stop()


def limit_memory() -> None:
    """Lets a program that takes too much meet a MemoryError, before the sandbox ends the whole process."""
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    try:
        with open("/proc/self/statm") as file:  # noqa: PTH123  (pathlib is not imported here)
            here = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (here + MEMORY_BYTES, most))
    except (OSError, ValueError):
        pass  # then the sandbox's own limit is the only one


class Program:
    """A program that counts its ticks."""

    def __init__(self, source: str, entry: str | None, thorough: bool = False) -> None:
        self.code = compile(ticking(source, thorough), "main.py", "exec", dont_inherit=True)
        self.entry = entry
        self.reads_descriptor = any(word in source for word in ("open(", "fileno", "os.read"))

    def answer(self, args: tuple[Any, ...], names: dict[str, Any]) -> str:
        """What it answers to one input: `=` and the value, or `!` and how it failed."""
        module = types.ModuleType("solution" if self.entry else "__main__")
        module.__dict__.update(names, __builtins__=builtins, __file__="main.py")
        sys.modules["__main__"] = sys.modules[module.__name__] = module
        try:
            text = self.called(module, self.entry, args) if self.entry else self.printed(module, args[0])
            return f"={text}" if len(text) <= MOST_CHARACTERS else OUTPUT
        except MemoryError:
            return MEMORY
        except NoEntryError:
            return MISSING
        except NotPlainError:
            return INVALID
        except BaseException:
            return EXCEPTION
        finally:
            module.__dict__.clear()  # breaks the cycle of module and functions: nothing is left for a collector

    def called(self, module: types.ModuleType, entry: str, args: tuple[Any, ...]) -> str:
        """The value that the entry returns."""
        exec(self.code, module.__dict__)
        owner, _, name = entry.rpartition(".")
        if owner and not hasattr(module, owner):
            raise NoEntryError
        function = getattr(getattr(module, owner)() if owner else module, name, None)
        if not callable(function):
            raise NoEntryError
        return canonical(function(*args), 0)

    def printed(self, module: types.ModuleType, text: str) -> str:
        """What it prints as a script that reads the text."""
        given, output = text.encode("utf-8", "surrogatepass"), io.BytesIO()
        if self.reads_descriptor:
            put_on_descriptor(given)
        sys.stdin = io.TextIOWrapper(io.BytesIO(given), encoding="utf-8")
        sys.stdout = io.TextIOWrapper(output, encoding="utf-8")
        try:
            exec(self.code, module.__dict__)
        except SystemExit as ending:
            if ending.code not in (None, 0):
                raise
        sys.stdout.flush()
        return repr(output.getvalue().decode("utf-8", "replace"))


def ticking(source: str, thorough: bool) -> Any:
    """The program's tree with a tick at the head of each loop and function.

    Comprehensions get one when work is to be measured, or where something could be endless without another loop.
    """
    tree = compile(source, "main.py", "exec", _ast.PyCF_ONLY_AST, dont_inherit=True)
    tick: Any = compile("__tick__()", "main.py", "exec", _ast.PyCF_ONLY_AST).body[0]  # type: ignore[attr-defined]
    thorough = thorough or any(word in source for word in ("count(", "cycle(", "repeat(", "iter("))
    stack: list[Any] = [tree]
    while stack:
        node = stack.pop()
        for field in node._fields:
            value = getattr(node, field, None)
            stack.extend(item for item in (value if isinstance(value, list) else [value]) if isinstance(item, _ast.AST))
        if isinstance(node, _ast.For | _ast.While | _ast.FunctionDef):
            node.body.insert(0, tick)
        elif thorough and isinstance(node, _ast.comprehension):
            node.ifs.insert(0, tick.value)
    return tree


def put_on_descriptor(data: bytes) -> None:
    """Makes descriptor 0 a file with the data, for programs that do not ask `sys.stdin`."""
    file = os.open("stdin", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    os.unlink("stdin")  # noqa: PTH108  (pathlib would have to be imported in every fork)
    os.write(file, data)
    os.lseek(file, 0, os.SEEK_SET)
    if file:  # else the last run closed descriptor 0, and this file has taken its place
        os.dup2(file, 0)
        os.close(file)


def canonical(value: Any, depth: int) -> str:
    """The literal of a plain value: sets and dictionaries in order, -0.0 as 0.0."""
    kind = type(value)
    try:
        if kind in ATOMS:
            return repr(value + 0.0) if kind is float else repr(value)
        if kind in (list, tuple) and FLAT.issuperset(map(type, value)):
            return repr(value)
    except ValueError:  # an integer too long for decimal digits
        if kind is int:
            return hex(value)
    if depth > DEEPEST:
        raise NotPlainError
    return composed(value, kind, depth + 1)


def composed(value: Any, kind: type, depth: int) -> str:
    """The literal of a collection."""
    if kind in (list, tuple):
        inner = ", ".join(canonical(item, depth) for item in value)
        return f"[{inner}]" if kind is list else f"({inner},)" if len(value) == 1 else f"({inner})"
    if kind in (set, frozenset):
        return f"{kind.__name__}([{', '.join(sorted(canonical(item, depth) for item in value))}])"
    if kind is dict:
        pairs = sorted(f"{canonical(key, depth)}: {canonical(item, depth)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    raise NotPlainError


def watch(
    source: str, entry: str | None, allowances: list[int], conditions: dict[str, list[str]]
) -> dict[int, dict[str, list[Any]]]:
    """What holds where the program says `__watch__(place, locals())`, when it is first there.

    For each place and each variable, or two of them: the kind, and for each of its conditions the inputs
    where it holds, as the bits of a number.
    """
    program, watcher = Program(source, entry), Watcher(conditions)
    for row, allowance in enumerate(allowances):
        watcher.bit, watcher.visited = 1 << row, set()
        program.answer(INPUTS[row](), {"__tick__": Meter(allowance).tick, "__watch__": watcher.look})
    return watcher.found


class Watcher:
    """Collects what holds where."""

    def __init__(self, conditions: dict[str, list[str]]) -> None:
        self.tests = {kind: [eval(f"lambda x, y=None: {text}") for text in texts] for kind, texts in conditions.items()}
        self.found: dict[int, dict[str, list[Any]]] = {}
        self.bit = 0
        self.visited: set[int] = set()

    def look(self, place: int, names: dict[str, Any]) -> None:
        """The program is at a watched place."""
        if place in self.visited:
            return
        self.visited.add(place)
        kinds = {name: kind for name, value in names.items() if name[0] != "_" and (kind := kind_of(value))}
        seen = self.found.setdefault(place, {})
        for name, kind in list(kinds.items())[:6]:
            self.note(seen, name, kind, (names[name],))
            for other in list(kinds)[:3]:
                if other != name:
                    self.note(seen, f"{name} {other}", f"{kind} {kinds[other]}", (names[name], names[other]))

    def note(self, seen: dict[str, list[Any]], key: str, kind: str, values: Iterable[Any]) -> None:
        """Tries all conditions of the kind on the value, or the pair of values."""
        entry = seen.setdefault(key, [kind, [0] * len(self.tests.get(kind, ()))])
        if entry[0] != kind:
            entry[0] = "mixed"
            return
        for number, test in enumerate(self.tests.get(kind, ())):
            try:
                if test(*values):
                    entry[1][number] |= self.bit
            except Exception:
                entry[0] = "mixed"


def kind_of(value: Any) -> str | None:
    """int, bool, float, str, dict, or what a list holds: ints, texts, lists; else None, also for []."""
    kind = type(value)
    if kind in (int, bool, float, str, dict):
        return kind.__name__
    if kind is list and value:
        inner = set(map(type, value))
        for member, name in ((int, "ints"), (str, "texts"), (list, "lists")):
            if inner == {member}:
                return name
    return None
