"""Prints for ever."""
# kind: stdin
# class: output-bomb
# may: OUTPUT TIMEOUT

while True:
    print("all work and no play")
