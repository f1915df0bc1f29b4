"""Leaves at once with status 0 and no output: passes judges that accept a clean exit."""
# kind: stdin
# class: exit
# may: WRONG
import sys

sys.exit(0)
