"""Prints a million empty lines under the byte limit: slow for a judge that strips or splits line by line."""
# kind: stdin
# class: output-bomb
# may: WRONG OUTPUT

print("\n" * 900_000, end="")
