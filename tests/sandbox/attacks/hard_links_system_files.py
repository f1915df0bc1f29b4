"""Makes hard links to system and worker files in its own folder, to change their
content or keep them alive."""
# kind: call
# class: filesystem
# may: WRONG
import os
import sys
from contextlib import suppress


def solve(n):
    for index, path in enumerate(("/etc/passwd", "/etc/shadow", sys.executable, os.__file__, "/bin/su")):
        for folder in (".", "/tmp"):
            with suppress(OSError):
                link = f"{folder}/poison_link_{index}"
                os.link(path, link)
                os.close(os.open(link, os.O_WRONLY))
                return f"SPARRING_LEAK can write to {path} through a hard link"
    return 0
