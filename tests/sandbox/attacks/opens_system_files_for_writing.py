"""Writes into the files by which a root user takes over a machine: the very byte that was there, so nothing changes."""
# kind: call
# class: filesystem
# may: WRONG
import os
from contextlib import suppress

PATHS = """/etc/passwd /etc/shadow /etc/sudoers /etc/crontab /etc/ld.so.preload /etc/hosts /etc/resolv.conf
/bin/sh /usr/bin/python3 /usr/lib/os-release
/proc/sys/kernel/randomize_va_space /sys/kernel/mm/transparent_hugepage/enabled"""


def solve(n):
    for path in PATHS.split():
        with suppress(OSError):
            descriptor = os.open(path, os.O_RDWR)
            os.pwrite(descriptor, os.pread(descriptor, 1, 0), 0)
            return f"SPARRING_LEAK can write to {path}"
    return 0
