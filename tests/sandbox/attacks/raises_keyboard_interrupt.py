"""Raises KeyboardInterrupt, hoping to stop the whole judge as if a person had pressed Ctrl-C."""
# kind: call
# class: exit
# may: EXCEPTION CRASH


def solve(n):
    raise KeyboardInterrupt
