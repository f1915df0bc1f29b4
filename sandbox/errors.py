"""Whose fault it is.

    Exception
    x  ValueError            the caller's fault: says where, what and what to do next
    +  SandboxError
       -  NoSandbox          nothing on this machine isolates; says the one command that would help
       -  SandboxFault       the machine's fault: never a score, retried once in a fresh worker

A program's fault is not an exception at all: it is a `Verdict`.
"""


class SandboxError(Exception):
    """Anything that keeps the sandbox from giving a verdict."""


class NoSandbox(SandboxError):
    """The isolation that was asked for is not to be had on this machine."""


class SandboxFault(SandboxError):
    """The machine failed while a program was being judged: a worker died, a daemon went away, a disk was full."""

    before_start = False
    """The program's first line had not run yet, so this cannot have been its doing."""
    by_age = False
    """The worker's lifetime was over, which is nobody's doing."""
