"""Sends itself a deadly signal while it is blocked, and lets it in from an exit
handler: a success that ends in death."""
# kind: stdin
# class: signals
# may: WRONG CRASH
import atexit
import os
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGUSR1})
os.kill(os.getpid(), signal.SIGTERM)
os.kill(os.getpid(), signal.SIGUSR1)
atexit.register(signal.pthread_sigmask, signal.SIG_SETMASK, set())
print(0, flush=True)
