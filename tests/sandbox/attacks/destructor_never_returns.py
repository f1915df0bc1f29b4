"""Prints, and spins for ever in the destructor of a global: holds the worker while it takes the program apart."""
# kind: stdin
# class: outlive
# may: TIMEOUT
class Late:
    def __del__(self):
        while True:
            pass


late = Late()
print(0)
