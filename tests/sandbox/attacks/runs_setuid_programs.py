"""Runs the programs that carry root's rights (su, sudo, mount, passwd, newuidmap) and
asks them for a root shell."""
# kind: call
# class: filesystem
# may: WRONG TIMEOUT
import os
import subprocess
from contextlib import suppress

COMMANDS = (
    ["sudo", "-n", "id", "-u"],
    ["su", "-c", "id -u"],
    ["pkexec", "id", "-u"],
    ["doas", "-n", "id", "-u"],
    ["unshare", "-r", "id", "-u"],
)


def solve(n):
    before = str(os.getuid())
    for command in COMMANDS:
        with suppress(Exception):
            ran = subprocess.run(
                command, capture_output=True, stdin=subprocess.DEVNULL, timeout=0.2, text=True
            )
            if ran.stdout.strip() == "0" != before and command[0] != "unshare":
                return f"SPARRING_LEAK root through {command[0]}"
    return 0
