"""The grader's side of a code test: it runs the test and calls a candidate that lives in another worker.

Promises: the grader holds no object of the candidate's, only plain data and numbered `Remote` handles; comparing a
handle with data is never the candidate's decision; an argument that the candidate changes in place is changed in the
test too; a name that the program does not have is undefined. Does not promise that every test can be run this way: an
argument of the test's own that is neither plain data nor a handle makes the case end with "cannot travel".
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import importlib
import io
import sys
import traceback
import types
import unittest

from sandbox.inside import child, discover, plain, raised, styles
from sandbox.inside.candidate import HANDLE, MODULE, OPERATORS, Conversation
from sandbox.inside.given import FILE_NAME, MESSAGE_CHARACTERS

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn


_ASKED = ("__doc__", "__module__", "__dict__", "__name__", "__qualname__", "__annotations__")
"""What Python would say of the stand-in itself, and only the program can say. Others of this kind do not travel."""

_OF_DATA = frozenset(dir(list) + dir(dict) + dir(set) + dir(str) + dir(bytes) + dir(int) + dir(float) + dir(bytearray))
"""What plain data can do: a test that calls these expects data, perhaps, and got an object instead."""

_SAYS_YES = frozenset(name for name in _OF_DATA if name.startswith("is")) | {"startswith", "endswith"}
"""With these data says yes or no of itself: a test believes what an object says instead."""


class CannotTravel(Exception):  # noqa: N818
    """An argument of the test's own is neither plain data nor a handle."""


class Settled(BaseException):
    """The case has been decided, whatever the test makes of this."""


class Remote:
    """The grader's stand-in for an object that stays with the candidate.

    Equality is decided here, between data, and is False for all that is no data; `in` goes through the items one by
    one; sizes are not compared; what an operator makes must be an object again; no `with` hides a failure. So no answer
    about a test's data is the candidate's to give.
    """

    _grader: Grader
    _target: int | str
    _name: str

    def __init__(self, grader: Grader, target: int | str, name: str = ""):
        """`name` is that of the attribute by which the test came to it."""
        object.__setattr__(self, "_grader", grader)
        object.__setattr__(self, "_target", target)
        object.__setattr__(self, "_name", name)

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return self._grader.ask("call", self._target, self._name, args, kwargs)

    def __getattribute__(self, name: str) -> Any:
        if name in _ASKED:
            return self._grader.ask("get", self._target, name)
        return object.__getattribute__(self, name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        grader, is_entry = self._grader, f"{self._target}.{name}" == self._grader.entry
        try:
            found = grader.ask("get", self._target, name)
        except AttributeError:
            if is_entry:
                grader.settle("missing", f"the program does not define {grader.entry!r}")
            raise
        if is_entry:
            return Remote(grader, grader.entry)
        return Remote(grader, found._target, name) if isinstance(found, Remote) else found

    def __setattr__(self, name: str, value: object) -> None:
        self._grader.ask("set", self._target, name, (value,))

    def __setitem__(self, key: object, value: object) -> None:
        self._grader.ask("setitem", self._target, "", (key, value))

    def __getitem__(self, key: object) -> Any:
        if isinstance(key, slice):
            return self._grader.ask("getitem", self._target, "slice", (key.start, key.stop, key.step))
        return self._grader.ask("getitem", self._target, "", (key,))

    def __len__(self) -> Any:
        return self._grader.ask("len", self._target)

    def __iter__(self) -> Any:
        return self._grader.ask("iter", self._target)

    def __next__(self) -> Any:
        return self._grader.ask("next", self._target)

    def __str__(self) -> Any:
        return self._grader.ask("str", self._target)

    def __repr__(self) -> Any:
        return self._grader.ask("repr", self._target)

    def __enter__(self) -> Any:
        return self._grader.ask("enter", self._target)

    def __exit__(self, *how: object) -> None:
        self._grader.ask("exit", self._target)

    def __eq__(self, other: object) -> bool:
        """A list or the like of the program's module is fetched anew: it may have changed."""
        if self is other or not isinstance(self._target, str) or "." in self._target:
            return self is other
        value = self._grader.ask("get", MODULE, self._target)
        return False if isinstance(value, Remote) else bool(value == other)

    __hash__ = object.__hash__

    def __copy__(self) -> Any:
        return self._grader.ask("copy", self._target)

    def __deepcopy__(self, memo: object) -> Any:
        return self._grader.ask("deepcopy", self._target)

    def __instancecheck__(self, value: object) -> bool:
        """What an object of the program's own is an instance of, only the program knows."""
        return isinstance(value, Remote) and self._grader.ask("isinstance", value._target, str(self._target)) is True

    def __bool__(self) -> bool:
        raise TypeError("the program's answer is an object of its own, which is neither true nor false to a test")


_COMPARING = ("sub", "rsub", "truediv", "rtruediv")
"""How tests compare numbers, as in `abs(f(x) - 3.14) < 1e-6`."""


def _operator(name: str) -> Callable[..., Remote]:
    def operate(self: Remote, *others: object) -> Remote:
        if name in _COMPARING and not isinstance(others[0], Remote):
            raise TypeError(f"{name}: the program would see the number that the test compares with its object")
        result = self._grader.ask("operator", self._target, name, others)
        if not isinstance(result, Remote):
            raise TypeError(f"{name}: expected the program to make another object of its objects, not data")
        return result

    return operate


for _name in OPERATORS:
    setattr(Remote, f"__{_name}__", _operator(_name))


class Grader:
    """Runs one declared case of the tests, calling the candidate through the trusted side."""

    def __init__(self, source: str, conversation: Conversation):
        self.source, self.conversation = source, conversation
        self.blame: tuple[BaseException | None, list[object]] = (None, [])
        """The candidate's last exception as it was raised here, and its (type, message, line) there."""
        self.errors: dict[str, type[Exception]] = {}
        """Stand-ins for those exceptions of the program's own that the tests wait for."""
        self.asked = False
        """The tests have asked the candidate for something."""
        self.entry = ""
        """The program's function by name; where that has a dot, it is a method of an instance that each call makes."""
        self.answers: set[object] = set()
        """The function, and the objects of the program's own in its answers; a class makes objects on purpose."""
        self.forgotten: set[str] = set()
        """Modules that the tests have not imported and mean all the same: the real ones."""
        self.settled: tuple[object, ...] | None = None
        """What a test cannot hide by catching everything: how the case ends."""

    def serve(self) -> None:
        request = self.conversation.receive()
        if request["do"] == "discover":
            self.conversation.send(discover.cases(self.source, request["entry"]))
        else:
            self.conversation.send(self.run(request))

    def ask(
        self,
        operation: str,
        target: int | str,
        name: str = "",
        args: tuple[object, ...] = (),
        kwargs: dict[str, object] | None = None,
    ) -> Any:
        self.asked = self.asked or target != MODULE
        if operation == "call" and name in _SAYS_YES and target in self.answers:
            self.settle(
                "error", "TypeError", f"the program's answer is an object of its own; its {name}() is not believed", 0
            )
        try:
            message = (operation, target, name, self._wrap(args), self._wrap(kwargs or {}))
            self.conversation.send(("ask", message))
        except CannotTravel as refusal:
            self.refuse(operation, name, str(refusal))
        except plain.NotPlain as refusal:  # too deep; how deep an answer is that is handed back, the program chooses
            self.settle("error", "NotPlain", str(refusal), 0)
        status, *reply = self.conversation.receive()
        if status in ("ended", "missing"):
            self.settle(status, *map(str, reply))
        if status == "error":
            kind, message, own_kind, line, given, family, attributes, printed = reply
            sys.stdout.write(printed)
            error = raised.made(self._exception(kind, own_kind, family, operation), given)
            for name in attributes:
                if not hasattr(error, name):
                    setattr(error, name, attributes[name])
            self.blame = (error, [str(own_kind), str(message), line])
            raise error
        result, changed, printed = reply
        sys.stdout.write(printed)
        given = {**dict(enumerate(args)), **(kwargs or {})}
        for place, value in changed.items():
            _replace(given[place], value)
        return self._unwrap(result, target in self.answers)

    def refuse(self, operation: str, name: str, why: str) -> NoReturn:
        """Ends the case, in one process with the program only if the test's text alone wants it so. A program that
        answers with an object where data is expected gets what could not travel to data either.
        """
        wanted = name not in _OF_DATA or name == self.entry.rpartition(".")[2]
        if operation == "set" or (operation == "call" and wanted):
            self.settle("cannot travel", why)
        self.settle("error", "TypeError", f"the program's answer is an object of its own, to which went {why}", 0)

    def settle(self, *how: object) -> NoReturn:
        self.settled = self.settled or how
        raise Settled

    def _exception(
        self, kind: object, own_kind: object, family: list[tuple[str, str]], operation: str
    ) -> type[BaseException]:
        """The program's exception as the tests can catch it: by its builtin base, by the standard library's type, and
        by its own name. A call's StopIteration would end a loop of the test, so it is an error.
        """
        base = getattr(builtins, str(kind), None)
        if not isinstance(base, type) or not issubclass(base, (Exception, SystemExit)):
            base = RuntimeError
        bases: list[type[BaseException]] = []
        for module, name in family:
            if (own := self.errors.get(name)) is not None:
                bases.append(own)
            elif (known := raised.standard(module, name)) is not None and issubclass(known, base):
                base = known
                break
        if issubclass(base, StopIteration) and operation != "next":
            base = RuntimeError
        return type(str(own_kind), (*bases, base), {}) if bases else base

    def _wrap(self, value: Any) -> object:
        """What the program answered must always travel back: it would choose to share a process with the test else."""
        if type(value) is bytearray or plain.is_exactly_plain(value):
            return value
        if isinstance(value, Remote):
            return {HANDLE: value._target}
        if type(value) in (list, tuple, set, frozenset):
            return type(value)(map(self._wrap, value))
        if type(value) is dict:
            return {self._wrap(key): self._wrap(item) for key, item in value.items()}
        raise CannotTravel(f"an argument of the type {type(value).__name__}")

    def _unwrap(self, value: Any, answer: bool) -> Any:
        if type(value) is dict and set(value) == {HANDLE} and type(value[HANDLE]) is int:
            if answer:
                self.answers.add(value[HANDLE])
            return Remote(self, value[HANDLE])
        if type(value) in (list, tuple):
            return type(value)(self._unwrap(each, answer) for each in value)
        return value

    def run(self, request: dict[str, Any]) -> tuple[object, ...]:
        """("pass",), ("fail", message), ("error", type, message, line), ("skip", why), ("cannot travel", what),
        ("missing", what) or ("ended",).
        """
        result = self._attempt(request)
        said = self.settled or result
        return tuple(part[:MESSAGE_CHARACTERS] if isinstance(part, str) else part for part in said)

    def _attempt(self, request: dict[str, Any]) -> tuple[object, ...]:
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                self._run(request)
        except Settled:
            return ("ended",)
        except child.NoEntry as error:
            return "missing", str(error)
        except unittest.SkipTest as error:
            return "skip", str(error)
        except AssertionError as error:
            return "fail", self._where(error)
        except BaseException as error:
            culprit, parts = self.blame
            if culprit is not error and request["shared"] is None and self._is_their_own(error, request["prelude"]):
                return "tests", f"they cannot run here: {': '.join(map(str, child.exception_parts(error)[:2]))}"
            return ("error", *(parts if culprit is error else child.exception_parts(error)))
        if request["case"][0] == "module" and request["shared"] is None and not self.asked:
            return "skip", "it never called the program"
        return ("pass",)

    def _is_their_own(self, error: BaseException, prelude: str) -> bool:
        """Whether an error comes from the text of the tests alone, whatever the program answered."""
        try:
            imports = discover.imports(prelude, self.source)
        except SyntaxError:
            return True
        lacking = str(error.name) if isinstance(error, ImportError) else ""
        return lacking != "solution" and lacking.partition(".")[0] in imports  # a name in it is the program's to define

    def _where(self, error: BaseException) -> str:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == discover.FILE_NAME]
        line = self.source.splitlines()[(frames[-1].lineno or 1) - 1].strip() if frames else ""
        return f"{line}: {error}" if str(error) else line

    def _run(self, request: dict[str, Any]) -> None:
        case = discover.Case(*request["case"])
        module = types.ModuleType("tests")
        sys.modules["tests"] = sys.modules["__main__"] = module
        space = module.__dict__
        self.entry = entry = request["entry"]
        self.forgotten = discover.forgotten_modules(self.source, entry)
        self.answers = set() if entry.rpartition(".")[2][:1].isupper() else {entry}
        root = entry.partition(".")[0]
        defined: dict[str, Any]
        if request["shared"] is None:
            defined = self._stand_ins([*request["names"], root], request["errors"])
            if root not in defined:
                raise child.NoEntry(f"the program does not define {root!r}")
            candidate: object = Remote(self, entry)
            solution = sys.modules["solution"] = types.ModuleType("solution")
            solution.__dict__["__getattr__"] = lambda name: self._of_solution(name, request["errors"])
        else:
            program = child.new_module("solution")
            exec(compile(request["shared"], FILE_NAME, "exec", dont_inherit=True), program.__dict__)
            names = [name for name in request["names"] if name in program.__dict__]  # the others are the prelude's
            defined = {name: child.find_name(program, name) for name in [*names, root]}
            candidate = child.find_entry(program, entry)
        space.update(defined)
        exec(compile(request["prelude"], "prelude.py", "exec", dont_inherit=True), space)
        space[root] = defined[root]  # a prelude may hold a stub of it
        self._run_case(case, space, candidate)

    def _stand_ins(self, names: list[str], errors: list[str]) -> dict[str, Any]:
        """For those of the names that the program has: a constant is fetched, whatever else it is stays there."""
        theirs = dict(self.ask("names", MODULE, "", (names,)))
        return {name: self._stand_in(name, theirs[name], errors) for name in names if name in theirs}

    def _stand_in(self, name: str, value: object, errors: list[str]) -> object:
        if name in self.forgotten:
            return importlib.import_module(name)
        if name in errors:
            return self.errors.setdefault(name, type(name, (Exception,), {}))
        try:
            hash(value)
        except TypeError:
            return Remote(self, name)  # what can change is asked about when it matters
        return Remote(self, name) if isinstance(value, Remote) else value

    def _of_solution(self, name: str, errors: list[str]) -> object:
        """What tests find that import the program as a module."""
        if name.startswith("__") or not (found := self._stand_ins([name], errors)):
            raise AttributeError(name)
        return found[name]

    def _run_case(self, case: discover.Case, space: dict[str, Any], candidate: object) -> None:
        tree = ast.parse(self.source)
        if case.kind in ("assert", "module"):  # what stands under `if __name__ == "__main__"` is meant to run too
            space["__name__"] = "__main__"
        if case.kind != "module":
            wanted = enumerate(tree.body[: case.statement + 1] if case.kind == "assert" else tree.body)
            tree.body = [each for i, each in wanted if i == case.statement or not discover.holds_assert(each)]
        exec(compile(tree, discover.FILE_NAME, "exec", dont_inherit=True), space)
        if case.kind == "check":
            styles.finish(space["check"](candidate))
        elif case.kind == "function":
            styles.finish(space[case.name]())
        elif case.kind == "method":
            styles.run_method(space, *case.name.split("."))


def _replace(target: object, value: Any) -> None:
    """Does to the test's own container what the candidate did to its copy."""
    if isinstance(target, (list, bytearray)):
        target[:] = value
    elif isinstance(target, (dict, set)):
        target.clear()
        target.update(value)
