"""A daemon listens on local TCP, abstract and path sockets; a later run that reaches
one of them reports it."""
# kind: call
# class: network
# may: WRONG
import os
import socket
import time
from contextlib import suppress

PLACES = (
    (socket.AF_INET, ("127.0.0.1", 47_474)),
    (socket.AF_UNIX, "\0sparring_poison"),
    (socket.AF_UNIX, "/tmp/sparring_poison.sock"),
)


def listen():
    held = []
    for family, place in PLACES:
        with suppress(OSError):
            server = socket.socket(family)
            server.bind(place)
            server.listen()
            held.append(server)
    time.sleep(20)
    os._exit(0)


def solve(n):
    for family, place in PLACES:
        with suppress(OSError), socket.socket(family) as client:
            client.settimeout(0.1)
            client.connect(place)
            return "SPARRING_LEAK a daemon of an earlier run answers"
    with suppress(OSError):
        if os.fork() == 0:
            os.setsid()
            listen()
    return 0
