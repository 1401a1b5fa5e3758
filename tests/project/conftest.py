from tests.discord_face.conftest import running

__all__ = ["running"]
