"""The first lines that run inside: they receive the other sources over the channel and start the worker.

Promises: nothing has to be installed, mounted or copied into the isolation, so the trusted side and the worker are
always of one version, whatever the age of a container image. The host never imports this file; it sends its text
as the argument of `python -c`.
"""

import gc
import json
import marshal
import os
import sys

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType


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

    def __init__(self, sources: dict[str, str]):
        self.sources = sources
        self.compiled: dict[str, bytes] = {}

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


if len(sys.argv) > 1:  # a container gets its channel as two named pipes, whose names are gone once both are open
    os.dup2(os.open(sys.argv[2], os.O_WRONLY), 1)
    os.dup2(os.open(sys.argv[1], os.O_RDONLY), 0)
_first = json.loads(_exactly(int.from_bytes(_exactly(4), "big")))
if _first["options"]["detached"]:
    # This process dies with the caller, at the shell's will; the worker must live a moment longer, to end its programs.
    _worker = os.fork()
    if _worker:
        os.waitpid(_worker, 0)
        os._exit(0)
sys.meta_path.insert(0, _Sources(_first["sources"]))
sys.path.extend(_first["options"]["paths"])
_reader, _writer = 200, 201
os.dup2(0, _reader)
os.dup2(1, _writer)
# Modules that are loaded from here on get no hooks into fork: the worker forks with one thread and no lock held, so
# there is nothing to repair in a child, and the hook of `threading` alone costs 0.3 ms a fork (docs/decisions.md).
_first["options"]["register_at_fork"] = os.register_at_fork
os.register_at_fork = lambda **hooks: None
from sandbox.inside.dense import fill_holes  # noqa: E402

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
sys.modules["sandbox.inside.worker"].main(_reader, _writer, _first["options"])
