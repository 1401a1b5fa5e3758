"""The one seam to the HTTP shapes that prices and macro share: change it here when they move."""

from bot.providers.answers import check_status, json_object, retry_after
from bot.providers.provider import Busy, Pace, Request, Response, Sender

__all__ = ["Busy", "Pace", "Request", "Response", "Sender", "check_status", "json_object", "retry_after"]
