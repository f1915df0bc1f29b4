"""The folder that a run leaves behind: what was asked, what happened, where it stands, what came out.

Promises: every file but the two logs is written under another name and renamed, so a sudden death never
leaves half of one; a run that is resumed goes on from its newest whole checkpoint, with the trajectories cut
back to that point; a checkpoint is whole when it can be read and all that was logged before it is still there. Files
that are damaged beyond that are a ValueError that names them. Two processes never write to one run. When a run was
made is in `timing.json` alone; which runs give the same `summary.json` again is in runs/README.md, with all the files.
Does not promise to keep every checkpoint: the last `KEPT` stay.
"""

from __future__ import annotations

import difflib
import fcntl
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from agents.run_files import first_list, with_files

SCHEMA = 1
"""The version of the records in `trajectories.jsonl`."""
LOCK = ".lock"
KEPT = 3
"""How many checkpoints stay."""
PACKAGES = (
    "sparring", "numpy", "gymnasium", "sandlock", "docker", "hydra-core", "tensorboard", "openai", "torch",
    "transformers", "peft", "trl", "stable-baselines3",
)  # fmt: skip


class RunDirectory:
    """One run's folder. Use it as a context manager, or call `close`."""

    def __init__(self, path: Path, lock: TextIO | None = None) -> None:
        self.path = path
        self.config = read_config(path)
        """What the run was asked to do."""
        held = lock or _locked(path)
        if held is None:
            raise ValueError(f"{path}: another process is writing to this run; wait for it, or end it")
        self._lock = held
        (path / "checkpoints").mkdir(exist_ok=True)
        self._log = (path / "trajectories.jsonl").open("ab")

    @classmethod
    def create(
        cls, path: Path, config: Mapping[str, Any], command: Sequence[str] = (), about: str = ""
    ) -> RunDirectory:
        """Makes the folder of a new run; another name is taken when this one is."""
        path, lock = _free(path)
        write_text(path / "config.yaml", _as_yaml(config))
        write_json(path / "versions.json", versions())
        words = list(command) or sys.argv
        write_json(path / "timing.json", {"started": datetime.now().astimezone().isoformat(), "command": words})
        write_text(path / "README.md", _readme(path, about, words))
        return cls(path, lock)

    @classmethod
    def open(cls, path: str | Path, setting: str = "resume") -> RunDirectory:
        """The folder of a run that is to go on; `setting` is what named it."""
        return cls(_found(path, setting))

    def __enter__(self) -> RunDirectory:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Writes what is still in memory and lets other processes in."""
        if not self._log.closed:
            self._log.close()
            self._lock.close()

    @property
    def tb(self) -> Path:
        """Where TensorBoard looks."""
        return self.path / "tb"

    def log(self, record: Mapping[str, Any]) -> None:
        """Adds one record to the trajectories; it is safe from the next checkpoint on."""
        line = json.dumps({"schema": SCHEMA, **record}, ensure_ascii=False, allow_nan=False)
        self._log.write(line.encode("utf-8", "surrogatepass") + b"\n")

    def checkpoint(self, step: int, state: Mapping[str, Any]) -> None:
        """Keeps the state after `step`; a run that is resumed starts there."""
        self._log.flush()
        os.fsync(self._log.fileno())
        length = os.fstat(self._log.fileno()).st_size
        folder = self.path / "checkpoints"
        write_json(folder / f"step-{step:09d}.json", {"step": step, "trajectories_bytes": length, "state": state})
        for old in sorted(folder.glob("step-*.json"))[:-KEPT]:
            old.unlink()

    def latest(self) -> tuple[int, dict[str, Any]] | None:
        """The newest whole checkpoint as (step, state), or None of a new run; what was logged after it is forgotten."""
        length = os.fstat(self._log.fileno()).st_size
        kept = sorted((self.path / "checkpoints").glob("step-*.json"), reverse=True)
        for file in kept:
            match read_json(file):
                case {"step": int(step), "trajectories_bytes": int(upto), "state": dict(state)} if 0 <= upto <= length:
                    self._log.truncate(upto)
                    return step, state
        if kept:
            raise ValueError(
                f"{self.path / 'trajectories.jsonl'}: is shorter than each checkpoint says, or all checkpoints are "
                "damaged; put the files back, or start a new run"
            )
        self._log.truncate(0)
        return None

    def file(self, name: str) -> Path:
        """The path of a file of the run's own, such as a model's weights."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def save(self, name: str, value: Any) -> Path:
        """Writes a JSON file into the run."""
        path = self.file(name)
        write_json(path, value)
        return path

    def load(self, name: str) -> dict[str, Any] | None:
        """What `save` wrote under this name, or None."""
        return read_json(self.path / name)

    def note(self, name: str, value: Any) -> None:
        """Adds to `versions.json`, for what is known only once the run has begun, such as the sandbox."""
        found = read_json(self.path / "versions.json") or {}
        write_json(self.path / "versions.json", {**found, name: value})

    def finish(self, summary: Mapping[str, Any], seconds: float | None = None) -> None:
        """Writes the summary, when the run ended, and into its README what all its files are."""
        write_json(self.path / "summary.json", summary)
        timing = read_json(self.path / "timing.json") or {}
        ended = {"ended": datetime.now().astimezone().isoformat(), "seconds": seconds}
        write_json(self.path / "timing.json", {**timing, **ended})
        readme = self.path / "README.md"
        if readme.is_file():
            write_text(readme, with_files(readme.read_text("utf-8", "replace"), self.path))

    @property
    def summary(self) -> dict[str, Any] | None:
        """The summary of a run that has ended."""
        return read_json(self.path / "summary.json")


def read_run(path: str | Path, setting: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The settings of a run and its newest state, empty where there is none; whoever writes to the run goes on."""
    path = _found(path, setting)
    kept = (read_json(file) for file in sorted((path / "checkpoints").glob("step-*.json"), reverse=True))
    states = (one["state"] for one in kept if one is not None and isinstance(one.get("state"), dict))
    return read_config(path), next(states, {})


def _found(path: str | Path, setting: str) -> Path:
    """The folder of a run; raises with a guess where there is none."""
    path = Path(path)
    if not (path / "config.yaml").is_file():
        beside = sorted(str(each.parent) for each in path.parent.glob("*/config.yaml"))
        inside = [str(each) for each in [Path("runs") / path] if (each / "config.yaml").is_file()]
        near = inside or difflib.get_close_matches(str(path), beside, 1, 0.5) or beside[-1:]
        hint = f"did you mean {near[0]}?" if near else "name the folder of a run, such as runs/NAME"
        raise ValueError(f"{setting}={path}: there is no run there (no config.yaml); {hint}")
    return path


def read_records(path: str | Path) -> list[dict[str, Any]]:
    """The trajectories of a run; a line cut short by a sudden death is left out."""
    file, found = Path(path) / "trajectories.jsonl", []
    for number, line in enumerate(file.read_bytes().splitlines(keepends=True), 1):
        if not line.endswith(b"\n"):
            break
        found.append(_record(line, f"{file}, line {number}"))
    return found


def _record(line: bytes, where: str) -> dict[str, Any]:
    """The record on a line of the trajectories."""
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, dict) or "schema" not in record:
        raise ValueError(f"{where}: is damaged, or no record of a run; put the file back, or start a new run")
    if record["schema"] != SCHEMA:
        raise ValueError(f"{where}: schema {record['schema']}; this version reads schema {SCHEMA}")
    return record


def read_json(path: Path) -> dict[str, Any] | None:
    """A JSON file's object, or None when there is none or it is damaged."""
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_json(path: Path, value: Any) -> None:
    """Writes a JSON file whole or not at all; numbers must be finite."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Writes a file whole or not at all, and to the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def check_writable(option: str, path: Path | None) -> None:
    """Refuses a file that cannot be written, before there is anything to write."""
    if path and (path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK)):
        raise ValueError(f"{option}: {path} cannot be written; name a file in a folder that is there and yours")


def versions() -> dict[str, Any]:
    """What the run depends on besides its config: packages, interpreter, machine, and the commit of this code."""
    found: dict[str, Any] = {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cpus": os.cpu_count(),
    }
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found | _commit()


def _commit() -> dict[str, Any]:
    root = Path(__file__).resolve().parents[1]

    def git(*words: str) -> str:
        asked = ["git", "-C", str(root), *words]
        return subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True).stdout.strip()

    try:
        if Path(git("rev-parse", "--show-toplevel")) != root:
            return {}  # installed into somebody else's checkout
        return {"commit": git("describe", "--always", "--dirty", "--abbrev=40", "--exclude", "*")}
    except (OSError, subprocess.SubprocessError):
        return {}


def _free(path: Path) -> tuple[Path, TextIO]:
    """Makes an empty folder and takes its lock, under this name or this name with a number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number = 0
    while True:
        number += 1
        chosen = path if number == 1 else path.with_name(f"{path.name}-{number}")
        try:
            chosen.mkdir(exist_ok=True)
        except FileExistsError:  # a file
            continue
        if _is_empty(chosen) and (lock := _locked(chosen)):
            if _is_empty(chosen):  # still: another process may have made its run there, and ended, just now
                return chosen, lock
            lock.close()


def _is_empty(folder: Path) -> bool:
    return all(each.name == LOCK for each in folder.iterdir())


def _locked(folder: Path) -> TextIO | None:
    """The lock of whoever writes to a run; None where another process has it."""
    lock = (folder / LOCK).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def read_config(folder: Path) -> dict[str, Any]:
    """What a run was asked to do."""
    from omegaconf import OmegaConf
    from yaml import YAMLError

    path = folder / "config.yaml"
    try:
        found = OmegaConf.to_container(OmegaConf.load(path))
    except (YAMLError, ValueError, OSError) as error:
        raise ValueError(f"{path}: cannot be read: {str(error).splitlines()[0]}") from None
    if not isinstance(found, dict):
        raise ValueError(f"{path}: holds no settings of a run; name a folder that a run has left behind")
    return {str(name): value for name, value in found.items()}


def _as_yaml(config: Mapping[str, Any]) -> str:
    from omegaconf import OmegaConf

    return OmegaConf.to_yaml(OmegaConf.create(dict(config)))


def _readme(path: Path, about: str, command: Sequence[str]) -> str:
    return f"""# {path.name}

{about or "A run of Sparring."}

It was started by

    {" ".join(command)}

{first_list(path)}"""
