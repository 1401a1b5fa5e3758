from tests.discord_face.conftest import known, running

__all__ = ["known", "running"]
