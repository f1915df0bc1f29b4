"""Watches the temporary folder and its neighbours' with inotify: names that other programs give files tell their inputs."""
# kind: call
# class: snooping
# may: WRONG
import ctypes
import os


def solve(n):
    libc = ctypes.CDLL(None)
    watch = libc.inotify_init1(os.O_NONBLOCK)
    here = os.getcwd()
    for folder in (os.path.dirname(here), "/tmp", "/usr/lib", "/usr/bin", "/dev"):
        if folder != here and libc.inotify_add_watch(watch, folder.encode(), 0xFFF) >= 0:
            return f"SPARRING_LEAK {folder} is watched"
    return 0
