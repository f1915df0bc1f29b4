"""Makes system calls that only an administrator may make, with arguments that change
nothing even if they are allowed."""
# kind: call
# class: other
# may: WRONG CRASH
import ctypes
import errno
import platform
from contextlib import suppress

# reboot with an unknown command, init_module, kexec_load and bpf with nonsense, swapoff and acct of no file
CALLS = {
    "reboot": (169, (0xFEE1DEAD, 672274793, 1, 0)),
    "init_module": (175, (0, 0, 0)),
    "kexec_load": (246, (0, 17, 0, 0)),
    "swapoff": (168, (b"/nonexistent",)),
    "acct": (163, (b"/nonexistent",)),
}


def solve(n):
    allowed = []
    with suppress(Exception):
        libc = ctypes.CDLL(None, use_errno=True)
        for name, (number, arguments) in CALLS.items() if platform.machine() == "x86_64" else ():
            ctypes.set_errno(0)
            libc.syscall(number, *arguments)
            if ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS, errno.EACCES):
                allowed.append(name)
    return f"SPARRING_LEAK allowed: {allowed}" if allowed else 0
