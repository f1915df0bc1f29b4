"""Problems, bugs, and the Gymnasium environments over them: `import envs; gymnasium.make("TestGen-Adversarial-v0")`."""

from envs.registration import register_all

register_all()
