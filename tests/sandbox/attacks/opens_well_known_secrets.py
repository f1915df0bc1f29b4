"""Tries the paths where keys and tokens usually lie, and says which it could open (it
prints no foreign content)."""
# kind: stdin
# class: filesystem
# may: WRONG
from contextlib import suppress
from pathlib import Path

PATHS = """/etc/shadow ~/.ssh/id_rsa ~/.ssh/id_ed25519 ~/.netrc ~/.aws/credentials ~/.kube/config
~/.config/gcloud/credentials.db ~/.docker/config.json ~/.git-credentials ~/.pypirc ~/.npmrc ~/.bash_history
~/.cache/huggingface/token /root/.ssh/id_rsa /run/secrets /run/secrets/kubernetes.io/serviceaccount/token
/.env .env ../.env .git/config"""
print(0)
for path in PATHS.split():
    with suppress(OSError, RuntimeError):
        text = Path(path).expanduser().read_bytes()
        planted = text.startswith(b"SPARRING_CANARY_FILE")
        print("opened", path, len(text), "bytes", text.decode(errors="replace") if planted else "")
