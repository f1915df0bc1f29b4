"""Leaves the sandbox's root through /proc/PID/root and /proc/PID/cwd of other
processes, and lists what is there."""
# kind: stdin
# class: proc
# may: WRONG
from contextlib import suppress
from pathlib import Path

here = Path("/").stat()
print(0)
with suppress(OSError):
    for process in Path("/proc").iterdir():
        for door in ("root", "cwd"):
            with suppress(OSError):
                there = (process / door).stat()
                inside = list((process / door).iterdir())[:200]
                if door == "root" and (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino):
                    print("SPARRING_LEAK another root:", process, inside[:20])
                for path in inside:
                    with suppress(OSError):
                        text = path.read_bytes()[:4096] if path.is_file() else b""
                        if text.startswith(b"SPARRING_CANARY_FILE"):
                            print(text.decode(errors="replace"))
