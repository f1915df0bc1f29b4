"""Prints bytes that are no UTF-8, with NULs among them: breaks a judge that decodes
strictly or speaks C strings."""
# kind: stdin
# class: codec
# may: WRONG INVALID
import os

os.write(1, bytes(range(256)) + b"\xed\xa0\x80\xc0\x80\xf8\x88\x80\x80\x80\xef\xbf\xbe")
os.write(2, bytes(range(255, -1, -1)))
