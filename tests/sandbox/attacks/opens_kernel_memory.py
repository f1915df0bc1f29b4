"""Opens the files that show or change the kernel: kcore, mem, kmsg, sysrq,
core_pattern; writes nothing to any."""
# kind: stdin
# class: proc
# may: WRONG
import os
from contextlib import suppress

READ = ("/proc/kcore", "/dev/mem", "/dev/port", "/dev/kmem", "/dev/sda", "/dev/vda", "/dev/nvme0n1")
WRITE = (
    "/proc/sysrq-trigger",
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/modprobe",
    "/sys/kernel/uevent_helper",
)
print(0)
for path in READ:
    with suppress(OSError):
        if os.read(os.open(path, os.O_RDONLY | os.O_NONBLOCK), 16):
            print("SPARRING_LEAK can read", path)
for path in WRITE:
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY))
        print("SPARRING_LEAK can open for writing", path)
