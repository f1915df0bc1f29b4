"""Starts the debugger, which reads its commands from the standard input and may be left in many ways."""
# kind: stdin
# class: other
# may: WRONG EXCEPTION CRASH TIMEOUT

breakpoint()
print(0)
