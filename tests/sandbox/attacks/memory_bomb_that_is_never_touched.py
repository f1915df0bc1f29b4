"""Reserves a gigabyte of zero pages without touching them, then gives a wrong answer:
cheap, but is it a fault?"""
# kind: call
# class: memory-bomb
# may: MEMORY WRONG CRASH


def solve(n):
    reserved = bytearray(1_000_000_000)
    return reserved[0]
