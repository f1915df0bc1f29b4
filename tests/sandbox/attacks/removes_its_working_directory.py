"""Deletes everything in its working directory, and then the directory itself."""
# kind: call
# class: filesystem
# may: WRONG
# danger: deletes the contents of the working directory (it spares a git checkout)
import shutil
from contextlib import suppress
from pathlib import Path


def solve(n):
    with suppress(OSError):
        here = Path.cwd()
        if here == Path("/") or any((folder / ".git").exists() for folder in (here, *here.parents)):
            return 0
        for path in here.iterdir():
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        here.rmdir()
    return 0
