"""Most tests run on bubblewrap, where it is here: it starts in a fifth of the time of a container.

The tests of the sandbox try every shell, Docker included, and see `auto` as users do.
"""

import os

os.environ.setdefault("SPARRING_SANDBOX", "bubblewrap")
