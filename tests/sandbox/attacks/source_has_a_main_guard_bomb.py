"""Is quiet when imported and loops when run as `__main__`: judges that only import it
judge another program."""
# kind: stdin
# class: compile-bomb
# may: TIMEOUT

while __name__ == "__main__":
    pass
