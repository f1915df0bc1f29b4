"""An object in the module's globals forges output from `__del__`, when the interpreter takes itself apart."""
# kind: stdin
# class: outlive
# may: WRONG CRASH
import os


class Phoenix:
    def __del__(self, write=os.write, leave=os._exit):
        write(1, b'{"verdict": "PASS"}\n1 passed in 0.01s\n')
        leave(0)


keep = Phoenix()
print(0)
