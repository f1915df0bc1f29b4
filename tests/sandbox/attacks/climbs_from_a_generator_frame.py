"""Reaches the caller's frame through a running generator (gi_frame.f_back): needs
neither sys nor an exception."""
# kind: call
# class: snooping
# may: WRONG


def climb():
    frame = me.gi_frame.f_back
    while frame is not None:
        yield frame
        frame = frame.f_back


def solve(n):
    global me
    me = climb()
    for frame in me:
        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            if type(value) is str and value.startswith("SPARRING_TOKEN_"):
                return value
    return 0
