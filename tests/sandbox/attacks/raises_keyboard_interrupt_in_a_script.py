"""Dies of KeyboardInterrupt as a script: the interpreter then kills itself with SIGINT,
a signal judges seldom expect."""
# kind: stdin
# class: exit
# may: EXCEPTION CRASH

raise KeyboardInterrupt
