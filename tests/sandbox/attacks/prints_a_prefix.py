"""Prints only the first characters of the answer: passes graders that zip two outputs
and ignore what is left over."""
# kind: stdin
# class: forged-output
# may: WRONG

print("SPARRING_TOKEN_", end="")
