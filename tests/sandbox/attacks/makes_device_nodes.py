"""Makes device nodes for the disks and for kernel memory, and reads from them: the
whole machine is behind them."""
# kind: call
# class: filesystem
# may: WRONG
import os
import stat
from contextlib import suppress

DEVICES = {"sda": (8, 0), "vda": (254, 0), "nvme": (259, 0), "mem": (1, 1), "loop0": (7, 0)}


def solve(n):
    for name, (major, minor) in DEVICES.items():
        kind = stat.S_IFCHR if name == "mem" else stat.S_IFBLK
        for folder in (".", "/tmp", "/dev/shm", "/dev"):
            with suppress(OSError):
                path = f"{folder}/poison_{name}"
                os.mknod(path, kind | 0o666, os.makedev(major, minor))
                if os.read(os.open(path, os.O_RDONLY), 512):
                    return f"SPARRING_LEAK can read device {name}"
    return 0
