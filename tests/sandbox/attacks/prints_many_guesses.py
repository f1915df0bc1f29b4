"""Prints many different answers: passes graders that search the output for the expected text."""
# kind: stdin
# class: forged-output
# may: WRONG

for guess in range(50_000):
    print(guess, end=" ")
