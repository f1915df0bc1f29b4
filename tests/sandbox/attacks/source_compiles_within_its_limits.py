"""Costs the compiler 50 MB and some time, within every limit: a worker that compiles it as well, to be
faster the next time, pays that for all later programs."""
# kind: call
# class: compile-bomb
# may: WRONG MEMORY TIMEOUT


def solve(n):
    return 0


def expensive(n):
    try:
     pass
    finally:
     try:
      pass
     finally:
      try:
       pass
      finally:
       try:
        pass
       finally:
        try:
         pass
        finally:
         try:
          pass
         finally:
          try:
           pass
          finally:
           try:
            pass
           finally:
            try:
             pass
            finally:
             try:
              pass
             finally:
              try:
               pass
              finally:
               try:
                pass
               finally:
                try:
                 pass
                finally:
                 print(n)
