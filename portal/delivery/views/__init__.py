"""The pages of this room."""

from portal.delivery.blueprint import bp
from portal.delivery.views import connections, hand_off, sendings

__all__ = ["bp", "connections", "hand_off", "sendings"]
