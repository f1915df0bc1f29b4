"""Nests `finally` eighteen deep: the compiler doubles the code at each level, to
gigabytes (`ast.parse` is harmless)."""
# kind: call
# class: compile-bomb
# may: TIMEOUT MEMORY CRASH SYNTAX
# danger: compiling it takes seconds and about 1 GB


def solve(n):
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
