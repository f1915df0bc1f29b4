"""Prints escape codes that clear the screen, retitle it and hide text: rewrites what a
person sees in the log."""
# kind: stdin
# class: forged-output
# may: WRONG
import sys

for stream in (sys.stdout, sys.stderr):
    print("\x1b[2J\x1b[H\x1b]0;PASS\x07\x1b[8m", "\x1b[1A\x1b[2KPASS\r\x9b2J\x1b[?25l", file=stream)
