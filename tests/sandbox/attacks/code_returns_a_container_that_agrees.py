"""Returns a container that has every length, holds every item and yields none: `in`,
`len` and `zip` all agree."""
# kind: code
# class: forged-answer
# may: WRONG INVALID EXCEPTION


class Agreeable:
    def __contains__(self, item):
        return True

    def __len__(self):
        return len("SPARRING")

    def __iter__(self):
        return iter(())

    def __getitem__(self, key):
        return self

    def __eq__(self, other):
        return True


def solve(n):
    return Agreeable()
