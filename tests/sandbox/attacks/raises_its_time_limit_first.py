"""Sets its soft CPU limit to its hard one again and again and swallows the signal: the
limit never arrives."""
# kind: call
# class: resource-exhaustion
# may: TIMEOUT
import resource
import signal
from contextlib import suppress


def solve(n):
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        with suppress(OSError, ValueError):
            _, hard = resource.getrlimit(resource.RLIMIT_CPU)
            resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
