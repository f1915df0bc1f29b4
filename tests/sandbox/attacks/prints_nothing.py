"""Prints nothing at all: an empty output is a prefix and a subset of every answer."""
# kind: stdin
# class: forged-output
# may: WRONG
