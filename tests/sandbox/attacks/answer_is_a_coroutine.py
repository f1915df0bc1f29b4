"""Makes the entry point a coroutine function, so that the call returns before any of its code has run."""
# kind: call
# class: forged-answer
# may: INVALID


async def solve(n):
    return 0
