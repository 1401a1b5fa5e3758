"""`ask QUESTION`: a question in plain words. ParseContext it turns it into the command that it means."""

from typing import Annotated

from bot.commands.converters import TextConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.render.reply import Reply

NAME = "ask"


@command(
    NAME,
    "Ask in plain words: is the russell in a rally? what is contango?",
    examples=["!ask is the russell in a rally?", "!ask how much has iwm moved in two weeks"],
    order=190,
    role="plain_questions",
)
async def ask(
    desk: Desk,
    caller: Caller,
    *,
    question: Annotated[str, TextConverter("QUESTION", "A question in plain words: is the russell in a rally?")],
) -> Reply:
    """Reached only by a question that asks for itself: every other has become another command when it was read."""
    raise UserError("Ask me a question: is the russell in a rally? what is contango?")
