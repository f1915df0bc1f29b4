"""The first lines that run inside: they receive the other modules over the channel and start the worker.

Promises: nothing has to be installed, mounted or copied into the isolation, so the trusted side and the worker are
always of one version, whatever the age of a container image. The host never imports this file; it sends its text
as the argument of `python -c`.
"""

import _signal
import gc
import marshal
import os
import sys
from _frozen_importlib_external import MAGIC_NUMBER

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any


def _exactly(count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = os.read(0, count - len(data))
        if not part:
            os._exit(0)
        data += part
    return data


class _Sources:
    """Finds and loads the modules that were sent, without `importlib.abc`: the libraries it maps slow every fork."""

    def __init__(self, sources: dict[str, str], compiled: dict[str, bytes]):
        self.sources, self.compiled = sources, compiled

    def find_spec(self, name: str, path: object = None, target: object = None) -> "ModuleSpec | None":
        if name not in self.sources:
            return None
        is_package = name in ("sandbox", "sandbox.inside")
        return type(sys.__spec__)(name, self, is_package=is_package)  # type: ignore[arg-type]

    def create_module(self, spec: "ModuleSpec") -> None:
        return None

    def exec_module(self, module: "ModuleType") -> None:
        name = module.__name__
        if name not in self.compiled:
            self.compiled[name] = marshal.dumps(compile(self.sources[name], name, "exec"))
        exec(marshal.loads(self.compiled[name]), module.__dict__)


class _Numpy:
    """Finds numpy by the path of its one file: the folder around it may be one that must not be listed.

    Its random generators begin as the run's others do, also where a program is the first to import it.
    """

    def __init__(self, folder: str):
        self.folder = f"{folder}/numpy"
        self.loader: Any = None

    def find_spec(self, name: str, path: object = None, target: object = None) -> "ModuleSpec | None":
        if name not in ("numpy", "numpy.random"):
            return None
        from importlib.util import spec_from_file_location

        spec = spec_from_file_location(name, f"{self.folder}{name.removeprefix('numpy').replace('.', '/')}/__init__.py")
        if spec is not None and name == "numpy.random":
            self.loader, spec.loader = spec.loader, self  # type: ignore[assignment]
        return spec

    def create_module(self, spec: "ModuleSpec") -> None:
        return None

    def exec_module(self, module: "ModuleType") -> None:
        self.loader.exec_module(module)
        child = sys.modules.get("sandbox.inside.child")
        module.seed(child.begun_with[0] if child else 0)


if len(sys.argv) > 1:  # a container gets its channel as two named pipes, whose names are gone once both are open
    _signal.signal(_signal.SIGALRM, lambda *_: os._exit(1))  # as process 1 it would not die of an alarm otherwise
    _signal.alarm(30)  # nobody opens the other ends any more if the caller was killed meanwhile
    os.dup2(os.open(sys.argv[2], os.O_WRONLY), 1)
    os.dup2(os.open(sys.argv[1], os.O_RDONLY), 0)
    _signal.alarm(0)
    _signal.signal(_signal.SIGALRM, _signal.SIG_DFL)
_first = marshal.loads(_exactly(int.from_bytes(_exactly(4), "big")))
if _first["options"]["detached"]:
    # This process dies with the caller, at the shell's will; the worker must live a moment longer, to end its programs.
    _worker = os.fork()
    if _worker:
        os.waitpid(_worker, 0)
        os._exit(0)
# Compiling takes a third of a start. Code of another version of the language, as in an old image, is of no use.
sys.meta_path.insert(0, _Sources(_first["sources"], _first["compiled"] if _first["magic"] == MAGIC_NUMBER else {}))
if _first["options"]["numpy_path"]:
    sys.meta_path.insert(0, _Numpy(_first["options"]["numpy_path"]))
_reader, _writer = 200, 201
os.dup2(0, _reader)
os.dup2(1, _writer)
# Modules that are loaded from here on get no hooks into fork: the worker forks with one thread and no lock held, so
# there is nothing to repair in a child, and the hook of `threading` alone costs 0.3 ms a fork (docs/decisions.md).
_first["options"]["register_at_fork"] = os.register_at_fork
os.register_at_fork = lambda **hooks: None
try:
    from sandbox.inside.dense import fill_holes

    _names = [*_first["options"]["preload"], "sandbox.inside.worker"]
    for _name in _names:
        __import__(_name)
    # All that our modules import is there now. They are loaded a second time, to lie together: sandbox.inside.dense
    for _name in _first["sources"]:
        sys.modules.pop(_name, None)
    gc.collect()
    fill_holes()
    for _name in _names:
        __import__(_name)
except BaseException as _error:  # in a frame that says so: not every shell keeps what is written to standard error
    _told = f"0{type(_error).__name__}: {_error}".encode()
    os.write(_writer, b"!" + len(_told).to_bytes(4, "big") + _told)
    os._exit(1)
sys.modules["sandbox.inside.worker"].main(_reader, _writer, _first["options"])
