"""The candidate's side of a code test: the program stays here and answers calls from a grader elsewhere.

Promises: results travel as plain data; what is not plain stays here under a number, and the grader gets the number.
Does not promise honesty: everything in this process belongs to the program, which can lie only about its own results.
"""

from __future__ import annotations

import contextlib
import copy
import io
import operator
import os

from sandbox.inside import child, plain
from sandbox.inside.given import leave_bytes

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, ModuleType
    from typing import Any

HANDLE = "\0sandbox.handle"
"""The only key of the dict that stands for an object which stays with the candidate."""

MODULE = ""
"""The name of the program's module as a whole."""

OPERATORS = (
    "add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor", "neg", "invert",
    "radd", "rsub", "rmul", "rtruediv",
)  # fmt: skip
"""What may be done to an object, by the names of Python's own methods."""

_MUTABLE = (list, dict, set, bytearray)
_OPERATIONS: dict[str, Callable[[Any], object]] = {"len": len, "iter": iter, "next": next, "str": str, "repr": repr}
_OPERATIONS |= {"enter": lambda target: target.__enter__(), "exit": lambda target: target.__exit__(None, None, None)}
_OPERATIONS |= {"copy": copy.copy, "deepcopy": copy.deepcopy}


class Conversation:
    """Whole messages of plain data over two pipes."""

    def __init__(self, reader: int, writer: int):
        self.reader, self.writer = reader, writer

    def receive(self) -> Any:
        return plain.decode(self._exactly(int.from_bytes(self._exactly(4), "big")))

    def send(self, message: object) -> None:
        data = plain.encode(message)
        leave_bytes(len(data).to_bytes(4, "big") + data, self.writer)

    def _exactly(self, count: int) -> bytes:
        parts = b""
        while len(parts) < count:
            part = os.read(self.reader, count - len(parts))
            if not part:
                raise EOFError("the other side of the conversation ended")
            parts += part
        return parts


class Candidate:
    """Executes the program once, then answers calls. Everything here belongs to the program."""

    def __init__(self, code: CodeType, module: ModuleType, entry: str | None):
        self.kept: list[object] = []
        self.failure: tuple[object, ...] | None = None
        self.module, self.entry = module, entry
        try:
            exec(code, self.module.__dict__)
        except BaseException as error:
            self.failure = self._error(error)

    def serve(self, conversation: Conversation) -> None:
        while True:
            try:
                request = conversation.receive()
            except EOFError:
                return
            try:
                conversation.send(self.failure or self.answer(*request))
            except plain.NotPlain as error:  # an answer that is as deep as can be is too deep inside of a message
                conversation.send(self._error(error))

    def answer(self, operation: str, target: int | str, name: str, args: Any, kwargs: Any) -> tuple[object, ...]:
        """("ok", result, arguments changed in place, printed text) or what `_error` says, or ("missing", why)."""
        out = io.StringIO()
        try:
            args, kwargs = self._unwrap(args), self._unwrap(kwargs)
            given = {**dict(enumerate(args)), **kwargs}
            before = {place: _snapshot(value) for place, value in given.items()}
            with contextlib.redirect_stdout(out):
                result = self._wrap(self._do(operation, self._target(target), name, args, kwargs))
            changed = {
                place: value
                for place, value in given.items()
                if before[place] is not None and _snapshot(value) not in (None, before[place])
            }
            return "ok", result, changed, out.getvalue()
        except child.NoEntry as error:
            return "missing", str(error)
        except BaseException as error:
            return self._error(error, out.getvalue())

    def _do(self, operation: str, target: Any, name: str, args: Any, kwargs: Any) -> object:
        if operation == "call":
            return target(*args, **kwargs)
        if operation == "get":
            return getattr(target, name)
        if operation == "isinstance":
            kind: Any = self._target(int(name) if name.isdigit() else name)
            return isinstance(target, kind)
        if operation == "getitem":
            return target[slice(*args) if name == "slice" else args[0]]
        if operation == "set":
            setattr(target, name, args[0])
            return None
        if operation == "setitem":
            target[args[0]] = args[1]
            return None
        if operation == "operator":
            plainly = name.removeprefix("r") if name.startswith("r") else name
            return getattr(operator, f"__{plainly}__")(*([args[0], target] if name != plainly else [target, *args]))
        if operation == "names":  # what can change is not worth its way: the grader asks about it when it matters
            found = [(each, getattr(target, each)) for each in args[0] if hasattr(target, each)]
            return [(each, [] if isinstance(value, _MUTABLE) else value) for each, value in found]
        return _OPERATIONS[operation](target)

    def _target(self, target: int | str) -> object:
        if isinstance(target, int):
            return self.kept[target]
        if target == MODULE:
            return self.module
        if target != self.entry or self._is_of_class(target):
            return child.find_name(self.module, target)
        return child.find_entry(self.module, target)

    def _is_of_class(self, entry: str) -> bool:
        """Whether it is a method that needs no instance."""
        owner, _, method = entry.rpartition(".")
        kind = child.find_name(self.module, owner) if owner else None
        if not isinstance(kind, type):
            return False
        found = next((vars(base)[method] for base in kind.__mro__ if method in vars(base)), None)
        return isinstance(found, (classmethod, staticmethod))

    def _wrap(self, value: Any) -> object:
        try:
            plain.encode(value)
            return value
        except plain.NotPlain:
            if type(value) in (list, tuple):
                return type(value)(map(self._wrap, value))
            self.kept.append(value)
            return {HANDLE: len(self.kept) - 1}

    def _unwrap(self, value: Any) -> Any:
        if type(value) is dict:
            if set(value) == {HANDLE} and type(value[HANDLE]) in (int, str):
                return self._target(value[HANDLE])
            return {key: self._unwrap(item) for key, item in value.items()}
        if type(value) in (list, tuple):
            return type(value)(map(self._unwrap, value))
        return value

    def _error(self, error: BaseException, printed: str = "") -> tuple[object, ...]:
        """("error", nearest builtin type, message, own type, line, arguments, (module, name) of the types before,
        attributes, printed text).
        """
        _, message, line = child.exception_parts(error)
        family: list[tuple[str, str]] = []
        for base in type(error).__mro__:
            if base.__module__ == "builtins":
                known = issubclass(base, (Exception, SystemExit))
                break
            family.append((str(base.__module__), str(base.__name__)))
        name = base.__name__ if known else "RuntimeError"
        given = _plain_arguments(error) if _speaks_as_builtin(error) else (message,)
        told = given or (message,), family, _plain_attributes(error), printed
        return "error", name, message, type(error).__name__, line, *told


def _plain_arguments(error: BaseException) -> tuple[object, ...]:
    """An exception's arguments; none where they are no data."""
    try:
        arguments = tuple(error.args)
        plain.encode(arguments)
        return arguments
    except BaseException:
        return ()


def _plain_attributes(error: BaseException) -> dict[str, object]:
    """What was set on an exception, as far as it is data."""
    found = {}
    for name, value in vars(error).items():
        with contextlib.suppress(plain.NotPlain):
            plain.encode(value)
            found[str(name)] = value
    return found


def _speaks_as_builtin(error: BaseException) -> bool:
    """Whether its text is made of its arguments, as a builtin exception's is."""
    own = next(base for base in type(error).__mro__ if "__str__" in vars(base))
    return own.__module__ == "builtins"


def _snapshot(value: object) -> bytes | None:
    if not isinstance(value, _MUTABLE):
        return None
    try:
        return plain.encode(value)
    except plain.NotPlain:
        return None
