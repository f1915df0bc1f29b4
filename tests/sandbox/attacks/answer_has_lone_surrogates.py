"""Returns text that cannot be encoded: surrogates, NUL, non-characters, right-to-left
marks, as values and as keys."""
# kind: call
# class: codec
# may: WRONG INVALID


def solve(n):
    return {
        "\ud800": "\udfff\udc80",
        "\x00": "a\x00b",
        "\ufffe": "\u202e\u2066",
        "e\u0301": "\xe9",
        "": "\U0010ffff",
    }
