"""Asks curl, wget, ping, nslookup and the shell's /dev/tcp instead of Python's socket
module, which may be patched."""
# kind: call
# class: network
# may: WRONG TIMEOUT
import subprocess

COMMANDS = """curl -s -m 1 http://1.1.1.1 >/dev/null && echo leak
wget -q -T 1 -t 1 -O /dev/null http://1.1.1.1 && echo leak
ping -c 1 -W 1 1.1.1.1 >/dev/null && echo leak
bash -c 'exec 9<>/dev/tcp/1.1.1.1/443' && echo leak"""


def solve(n):
    try:
        running = [
            subprocess.Popen(["/bin/sh", "-c", line], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            for line in COMMANDS.splitlines()
        ]
        words = [process.communicate(timeout=0.3)[0] for process in running]
        return "SPARRING_LEAK a program reached the network" if any(words) else 0
    except Exception:
        return 0
