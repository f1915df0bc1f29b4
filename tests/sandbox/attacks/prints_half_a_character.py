"""Ends its output in the middle of a character, and stderr with a byte-order mark of another encoding."""
# kind: stdin
# class: codec
# may: WRONG INVALID
import os

os.write(1, "0€".encode()[:-1])
os.write(2, b"\xff\xfe0\x00")
