"""Reconfigures its streams to UTF-16 and UTF-7: the text looks right to it and wrong to a reader."""
# kind: stdin
# class: codec
# may: WRONG INVALID
import sys

sys.stdout.reconfigure(encoding="utf-16", newline="\r", errors="surrogatepass")
sys.stderr.reconfigure(encoding="utf-7")
print("0 \ud800 é")
