"""Writes the exit system call as machine code into executable memory and jumps there."""
# kind: call
# class: exit
# may: CRASH WRONG
import ctypes
import mmap
import platform
from contextlib import suppress

CODE = b"\x31\xff\xb8\xe7\x00\x00\x00\x0f\x05"  # xor edi, edi; mov eax, 231; syscall


def solve(n):
    if platform.machine() != "x86_64":
        return 0
    with suppress(Exception):
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(CODE)
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        ctypes.CFUNCTYPE(None)(address)()
    return 0
