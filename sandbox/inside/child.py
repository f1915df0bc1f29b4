"""What a forked child does: it becomes the program, runs it, and leaves its answer in a file.

Promises: the program finds what the CPython command line would give it (real descriptors 0, 1 and 2, a real
`__main__`, `exit`, fresh random generators), and the file holds "c" once the source has compiled, then one tagged
answer. Source and input are read here and never in the worker, whose memory the next program starts with. Does not
promise: that an answer is honest. From the moment the program's first line runs, everything in this process belongs to
the program, so the answer is only ever taken as the program's own word about its own result.

Answers: v plain value, e uncaught exception [type, message, line], x exit status, m no such entry,
n the value is not plain data, s syntax error [message, line].
"""

from __future__ import annotations

import _signal
import atexit
import builtins
import ctypes
import gc
import json
import marshal
import os
import random
import resource
import sys
import threading
import types

from sandbox.inside import confine, finish, plain
from sandbox.inside.given import ANSWER, CODE, FILE_NAME, INPUT, MESSAGE_CHARACTERS, SOURCE, code_of, leave_bytes, taken

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from _typeshed import TraceFunction

    from sandbox.inside.given import Given

    Step = tuple[Callable[..., object], tuple[Any, ...]]
    End = Callable[[int], object]
    Call = tuple[Given, tuple[types.ModuleType, str, int, End]]

TROUBLE = 4
"""The descriptor by which a child tells the worker that it could not be confined; no program ever holds it."""

_generator: random.Random = random.getstate.__self__  # type: ignore[attr-defined]
begun_with = [0]
"""What the random generators of the present run begin with; for those that are imported later."""
_seed = random.Random.__bases__[0].seed  # type: ignore[attr-defined]  # the seeding itself, without the checks in Python around it

TROUBLED = 70
"""Exit status of a child that could not be confined, if it also says so through that descriptor."""

DESCRIPTORS = 256
"""No worker holds a descriptor as high as this."""

FRAMES_BENEATH = 9
"""Calls between the interpreter's start and a program's first line, which are not to count against its recursion.
Python 3.12 lets nobody give them back: there a program may call so many fewer."""


class NoEntry(Exception):  # noqa: N818
    """The program defines nothing under the name it was to be called by."""


def new_module(name: str) -> types.ModuleType:
    """The module that a program will run in; it is `__main__` too, so that pickling and friends find it. The module of
    the program before goes: a script is not to find a `solution`.

    Made in the worker, once for each program: the worker never runs anything in it, so every fork finds it empty.
    """
    module = types.ModuleType(name)
    module.__dict__.update(__builtins__=builtins, __file__=FILE_NAME)
    sys.modules.pop("solution", None)
    sys.modules["__main__"] = sys.modules[name] = module
    return module


def seed_generators(seed: int) -> None:
    """The same program on the same input sees the same random numbers, on every worker. Done in the worker just before
    the fork, where it is cheap: every page that a child touches is a page fault.
    """
    _seed(_generator, seed)
    begun_with[0] = seed
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed)


def steps(
    keep: tuple[int, ...],
    limits: list[tuple[int, tuple[int, int]]],
    uid: int | None,
    scope: confine.SignalScope | None,
    session: bool,
    stdin_by_name: bool,
) -> list[Step]:
    """What turns a fresh fork, whose standard files are in place already, into a confined process.

    In this order: the worker out of reach, session, user, limits, descriptors, what others may see. The worker makes
    the list and a child only goes through it: looking the names up there would touch a page for each of them.
    """
    made: list[Step] = []
    if scope is not None:
        made.append((scope.enter, ()))
    if session:  # also because a session is scheduled as a group, whose niceness any member may set
        made.append((os.setsid, ()))
    if uid is not None:
        made += [(os.setresgid, (uid, uid, uid)), (os.setresuid, (uid, uid, uid))]
    made += [(resource.setrlimit, limit) for limit in limits]
    if scope is not None:
        made.append((confine.prctl, (confine.PR_SET_PDEATHSIG, int(_signal.SIGKILL), 0, 0, 0)))
    made.append((gc.enable, ()))
    low = TROUBLE
    for descriptor in keep:
        made.append((os.closerange, (low, descriptor)))
        low = descriptor + 1
    made.append((os.closerange, (low, DESCRIPTORS)))
    if stdin_by_name:  # /dev/stdin goes through /proc/self/fd, which needs it
        made.append((confine.prctl, (confine.PR_SET_DUMPABLE, 1, 0, 0, 0)))
    return made


_forked: list[bool] = []
"""Not empty in a process that a program has forked: it may come to the end of the run too, and is not to answer."""


def repair_forks_of_programs() -> None:
    """Registers what the libraries would have, had they been loaded after the worker's fork: see docs/decisions.md."""
    worker, parent_of_this = os.getpid(), os.getppid

    def repair() -> None:
        if parent_of_this() != worker:
            _forked.append(True)
            threading._after_fork()  # type: ignore[attr-defined]
            _seed(_generator)

    os.register_at_fork(after_in_child=repair)


def begin(
    sizes: tuple[int, int], steps: list[Step], run: Callable[[Any], None], task: tuple[Any, ...], end: End = os._exit
) -> None:
    """The whole life of a child: it takes what it is about, is confined, then it runs the program.

    `task` stays one argument: to unpack it into a call costs a child twenty microseconds of page faults.
    """
    try:
        given = taken(*sizes)
        for step, values in steps:
            step(*values)
    except BaseException as error:
        try:
            os.write(TROUBLE, f"{type(error).__name__}: {error}".encode()[:4000])
        finally:
            end(TROUBLED)
    try:
        run((given, task))
    finally:
        end(TROUBLED)


def rehearse() -> None:
    """Makes the interpreter what the command line would make it, then goes through a child's motions in the worker,
    which changes nothing but the interpreter's caches.

    A child finds them filled then. Filling them itself, it would write to a page for each.
    """
    import site  # it was not run, and is not by this: the interpreter was started with -S

    site.setcopyright()
    site.sethelper()
    for _ in range(FRAMES_BENEATH if sys.version_info < (3, 12) else 0):
        ctypes.pythonapi.Py_LeaveRecursiveCall()
    module, scope, own = types.ModuleType("rehearsal"), confine.SignalScope(ruleset=False), os.dup(CODE)
    source = b"def solve(value):\n    return value\n"
    os.pwrite(SOURCE, source, 0)
    for value in (0, True, "", [0], {"": (0.5, None)}) * 10:
        finish.acts_late(compile(source, FILE_NAME, "exec"))
        payload = marshal.dumps(((value,), {}))
        os.pwrite(INPUT, payload, 0)
        begin((len(source), len(payload)), [(scope.enter, ())], run_call, (module, "solve", ANSWER, int), int)
        os.dup2(own, CODE, inheritable=False)
    os.close(own)


def find_entry(module: types.ModuleType, entry: str) -> Callable[..., object]:
    """`solve`, or `Solution.solve`, for which an instance is made."""
    found: object = module.__dict__.get(entry)
    if found is None:
        owner, _, method = entry.rpartition(".")
        found = getattr(find_name(module, owner)(), method, None) if owner else find_name(module, method)
    if not callable(found):
        raise NoEntry(f"{entry!r} is a {type(found).__name__}, not something that can be called")
    return found


def find_name(module: types.ModuleType, name: str) -> Any:
    """What the program defines under a dotted name."""
    found: Any = module
    for part in name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise NoEntry(f"the program does not define {name!r}") from None
    return found


def run_script(task: tuple[Given, tuple[types.ModuleType]]) -> NoReturn:
    """A whole program, as `python main.py` would run it, to the very end of its threads, exit handlers and objects."""
    given, (module,) = task
    status, answer = 0, None
    code, prefix = code_of(given)
    if acts_late := finish.acts_late(code):
        module = new_module("__main__")  # the worker holds on to the other
    try:
        exec(code, module.__dict__)
    except SystemExit as error:
        status = _exit_status(error)
    except BaseException as error:  # whatever a program raises is its result, KeyboardInterrupt included
        answer = _report(error)
        status = 1
    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    except BaseException as error:
        _report(error)
    _flush()
    if acts_late:
        del module
        finish.destroy_main()
        _flush()
    if not _forked:
        leave_bytes(prefix + (answer or b"x%d" % status))
    os._exit(status)


def run_call(task: Call) -> None:
    """One call of the entry; threads and exit handlers that would outlive the answer are not waited for."""
    given, (module, entry, file, end) = task
    code, prefix = code_of(given)
    args, kwargs = given.pop()
    try:
        exec(code, module.__dict__)
        answer = _answer_of(find_entry(module, entry)(*args, **kwargs))
    except NoEntry as error:
        answer = b"m" + json.dumps(str(error)).encode("ascii")
    except BaseException as error:
        answer = _report(error)
    _flush()
    if not _forked:
        leave_bytes(prefix + answer, file)
    end(0)


def run_batch(task: tuple[Given, tuple[types.ModuleType, str]]) -> NoReturn:
    """Many calls in one process (isolation="program"); each answer is framed by its length and written at once."""
    given, (module, entry) = task
    code, prefix = code_of(given)
    calls = given.pop()
    os.write(ANSWER, prefix)
    function = failure = None
    try:
        exec(code, module.__dict__)
        function = find_entry(module, entry)
    except NoEntry as error:
        failure = b"m" + json.dumps(str(error)).encode("ascii")
    except BaseException as error:
        failure = _exception_answer(error)
    for payload in calls:
        answer = failure or _answer_or_exception(function, payload)
        if _forked:
            os._exit(0)
        leave_bytes(len(answer).to_bytes(4, "big") + answer)
    _flush()
    os._exit(0)


def _answer_or_exception(function: Any, payload: bytes) -> bytes:
    try:
        args, kwargs = marshal.loads(payload)
        return _answer_of(function(*args, **kwargs))
    except BaseException as error:
        return _exception_answer(error)


def _answer_of(value: object) -> bytes:
    try:
        return b"v" + plain.encode(value)
    except plain.NotPlain as error:
        return b"n" + json.dumps(str(error)[:MESSAGE_CHARACTERS]).encode("ascii")


def _report(error: BaseException) -> bytes:
    """Prints the traceback as the interpreter would, and returns the answer that says the same."""
    answer = _exception_answer(error)
    try:
        sys.excepthook(type(error), error, error.__traceback__)
    except BaseException:
        pass  # a program may break its own hook; the answer is what counts
    return answer


def _exception_answer(error: BaseException) -> bytes:
    return b"e" + json.dumps(exception_parts(error)).encode("ascii")


def exception_parts(error: BaseException) -> tuple[str, str, int]:
    """Type, message and last line of the program (0: none) of an exception, whose own text may be hostile too."""
    try:
        message = str(error)[:MESSAGE_CHARACTERS]
    except BaseException:
        message = "<the exception's text could not be made>"
    line = 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE_NAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    return str(type(error).__name__)[:MESSAGE_CHARACTERS], message, line


def _flush() -> None:
    """Writes out what the standard streams hold, and what those hold that the program has put others in place of."""
    _flush_stream("stdout")
    _flush_stream("stderr")
    try:
        if sys.stdout is sys.__stdout__ and sys.stderr is sys.__stderr__:
            return
    except AttributeError:
        pass  # the program has deleted one
    _flush_stream("__stdout__")
    _flush_stream("__stderr__")


def _flush_stream(name: str) -> None:
    try:
        getattr(sys, name).flush()
    except BaseException:
        pass  # closed, replaced, or past the output limit, which the size of the file tells


def _exit_status(error: SystemExit) -> int:
    """What the interpreter would make of it; anything but a number is told to standard error."""
    try:
        code = error.code
        if code is None:
            return 0
        if isinstance(code, int):
            return int.__and__(code, 0xFF) if int.bit_length(code) < 64 else 0xFF
        sys.stderr.write(str(code) + "\n")
    except BaseException:
        pass  # no such stream, or a text that cannot be made
    return 1


def trace_lines(bitmap_file: int, size: int) -> None:
    """Marks each executed line of the program in a shared map, so that the marks survive a killed process."""
    import mmap  # every library that the worker itself has mapped would cost all forks

    marks = mmap.mmap(bitmap_file, size)

    def on_line(frame: types.FrameType, event: str, argument: object) -> TraceFunction:
        if event == "line" and frame.f_lineno < size:
            marks[frame.f_lineno] = 1
        return on_line

    def on_call(frame: types.FrameType, event: str, argument: object) -> TraceFunction | None:
        return on_line if frame.f_code.co_filename == FILE_NAME else None

    threading.settrace(on_call)
    sys.settrace(on_call)
