"""Raises the errors a broken machine would cause, hoping that the case is retried, masked or dropped."""
# kind: call
# class: denominators
# may: EXCEPTION


class SandboxFault(Exception):
    """Named like the judge's own fault."""


def solve(n):
    try:
        raise BrokenPipeError(32, "Broken pipe")
    except OSError as error:
        raise SandboxFault("worker 0 died; retry in a fresh worker") from error
