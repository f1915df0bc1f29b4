"""Ends the main thread with _thread.exit(): a SystemExit that many graders take for a clean end."""
# kind: call
# class: exit
# may: EXCEPTION CRASH
import _thread


def solve(n):
    _thread.exit()
