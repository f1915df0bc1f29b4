"""Sends UDP datagrams to a name server, a broadcast and a multicast address; each that
leaves is data that leaked."""
# kind: call
# class: network
# may: WRONG
import socket
from contextlib import suppress


def solve(n):
    for host in ("8.8.8.8", "255.255.255.255", "224.0.0.251", "10.0.0.1", "172.17.0.1", "192.168.0.1"):
        with suppress(OSError):
            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sender.sendto(b"sparring", (host, 53))
            return f"SPARRING_LEAK a datagram left for {host}"
    return 0
