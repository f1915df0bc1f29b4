"""Separates lines by every character that some function calls a line end: CR, NEL, form feed, U+2028."""
# kind: stdin
# class: codec
# may: WRONG

print("SPARRING_TOKEN_\r0\x0b0\x0c0\x1c0\x1d0\x1e0\x850\u20280\u20290\r\n0", end="\x00")
