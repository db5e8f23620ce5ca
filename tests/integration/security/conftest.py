"""What attackers find: the desk's world and whole site, on either engine."""

from tests.integration.desk.conftest import desk, world

__all__ = ["desk", "world"]
