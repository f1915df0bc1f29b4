"""A thread keeps rewriting the returned list: the value that was checked is not the value that is sent."""
# kind: call
# class: forged-answer
# may: WRONG INVALID EXCEPTION CRASH
import sys
import threading


def solve(n):
    sys.setswitchinterval(1e-6)
    answer = ["0"] * 50_000

    def rewrite():
        while True:
            answer[:] = ["PASS"] * 50_000
            answer[:] = [object()] * 10

    threading.Thread(target=rewrite, daemon=True).start()
    return answer
