"""Most tests run on bubblewrap, where it is here: it starts faster than a container.

The tests of the sandbox try every shell, Docker included, and see `auto` as users do.
"""

import os

os.environ.setdefault("SPARRING_SANDBOX", "bubblewrap")
