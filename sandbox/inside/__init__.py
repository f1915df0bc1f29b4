"""Everything in this folder runs inside the isolation, beside untrusted code.

Promises: stdlib only, no import of the rest of Sparring (the sources travel to the worker as text, see
`boot.py`), and no secret: what is here may be read by the program that is being judged.
Does not promise: that any of it is still intact once an untrusted program has run in the same process.
Therefore untrusted code only ever runs in a forked child, and the trusted side believes nothing that a child says
except its own answer.
"""
