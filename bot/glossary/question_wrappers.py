"""The question around a name: "what's the …", "… meaning", "explain … to me like I'm five", and "a vs b"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_BEFORE: Final = tuple(
    re.compile(rf"(?:{pattern}) ")
    for pattern in (
        r"what(?: (?:exactly|even|actually|the (?:hell|heck|fuck)))* (?:is|are|was|were|does|do)",
        r"what(?:s| is) (?:the )?(?:deal with|point of|use of|idea of|purpose of|difference with)",
        r"what counts as|what qualifies as|what makes|when is something",
        r"whats|whatre|what",
        r"wtf(?: is| are| does)?|wth(?: is| are)?|wdym by|whos|who is|who are|hows|how is|how are",
        r"(?:the )?(?:definitions?|meanings?|explanations?|concept|basics) (?:of|for|behind)|meant by|to mean by",
        r"(?:tell|teach|show) (?:me|us)(?: (?:more|something|everything|all))*(?: about| of| what)?",
        r"(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody|u|we|one)(?: (?:please|pls|plz|just))*",
        r"(?:i|we) (?:dont|do not|didnt|cant|still dont|never) (?:really |quite |fully )?"
        r"(?:understand|get|know|understood)",
        r"(?:im |i am )?(?:confused|curious|wondering|asking|unsure) (?:about|by|regarding|on)",
        r"i (?:want|need|would like|d like|wanna) to (?:know|learn|understand)(?: more)?(?: about)?",
        r"(?:need|want|give me|give us|looking for|got|any)(?: (?:a|the|an))? (?:quick |simple |short )?"
        r"(?:definition|explanation|meaning|info|summary)(?: (?:of|for|on|about))?",
        r"(?:please |pls |plz )?(?:define|explain|describe|eli5|lookup|look up|search|clarify)",
        r"definition|meaning|explanation",
        r"(?:how|why|when|where|what) (?:do|does|did|can|should|would|to)(?: (?:i|you|we|people|traders|one|they))?"
        r"(?: (?:use|calculate|compute|trade|read|interpret|measure|find|spot|identify|define|explain|call))?",
        r"how (?:to )?(?:use|calculate|read|trade|interpret)",
        r"(?:hey|hi|hello|yo|ok|okay|so|um|uh|well|guys|please|pls|plz|sorry|quick question|noob question|"
        r"dumb question|stupid question|question|basically|exactly|really|again|bot|rangefinder)",
        r"about|on|of|is|are|does|do",
        r"the|a|an|this|that|these|those|some|my|your|our",
        # The same questions in the languages of the larger servers.
        r"que (?:es|son|significa|quiere decir)|que|cual es|como funciona|explicame|define|el|la|los|las|un|una",
        r"was (?:ist|sind|bedeutet|heisst)|erklare?|der|die|das|ein|eine|den",
        r"quest ce que?|c est quoi|cest quoi|que veut dire|que signifie|le|les|une",
        r"cos ?e|che cos ?e|cosa (?:e|significa)|il|lo|o que (?:e|sao|significa)|oque e",
        r"wat (?:is|zijn|betekent)|het|een|vad (?:ar|betyder)|hvad er|hva er|co to jest|nedir",
    )
)
# Tried last: "ticker symbol" is a term, too.
_KIND: Final = re.compile("(?:the )?(?:term|word|phrase|acronym|abbreviation|expression|ticker) ")
_AFTER: Final = tuple(
    re.compile(rf" (?:{pattern})$")
    for pattern in (
        r"(?:to me |for me )?(?:like|as if) (?:im|i am|i m|i were|a|an) ?(?:a |an )?"
        r"(?:five|5|idiot|noob|child|kid|beginner)?(?: year old| years old| yo)?",
        r"(?:to|for) (?:me|us|a noob|a beginner|noobs|beginners|dummies|newbies|a dummy)",
        r"meaning|meanings|definition|define|defined|explained|explanation|explain|eli5|stands for",
        r"(?:actually |even |really |exactly |usually )?(?:means?|works?|do|does|stand for|refer to|happen|called"
        r"|calculated|computed|worked out|measured|determined|defined|figured out)",
        r"please|pls|plz|thanks|thx|ty|thank you|again|anyway|exactly|bro|guys|mate|lol|idk|tho|though|here|really",
        r"in (?:trading|finance|stocks|investing|the market|crypto|forex|options|simple terms|plain english|english)",
        r"(?:is|are|was|were|does|do|about)|bedeutet|significa|nedir|betekent|bedeutung|significado",
        r"(?:what|whats|who|how) (?:is|are|does|do) (?:that|it|this|they)(?: mean| work)?",
    )
)

_FILLER: Final = (
    r"(?:(?:what|whats) (?:is |are )?(?:the )?|explain (?:me )?(?:the )?|tell me (?:the )?|the |is there (?:a |any )?)?"
)
_CONTRASTS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_FILLER}(?:differences?|diff|distinction|comparison) (?:between|of|with|in|btw) (?P<a>.+?) "
        r"(?:and|vs|versus|or|to|from|from an?) (?P<b>.+)",
        r"(?:how|why) (?:is|are|does|do|would) (?P<a>.+?) (?:different|differ|compared?|distinct|any different)s? "
        r"(?:from|to|with|than) (?P<b>.+)",
        r"(?:compare|contrast|distinguish) (?P<a>.+?) (?:and|to|with|vs|versus|from|against) (?P<b>.+)",
        r"(?:is|are) (?P<a>.+?) (?:the same (?:thing )?as|different (?:from|to|than)|same as) (?P<b>.+)",
        r"(?P<a>.+?) (?:vs|versus|v|compared (?:to|with)|as opposed to|or rather|against) (?P<b>.+)",
        r"(?P<a>.+?) (?:and|or) (?P<b>.+?) (?:difference|differences|compared|comparison|which is which)",
    )
)


def stripped(normal: str) -> Iterator[str]:
    """Yield a query with one layer after another of the question around it taken off; never "" for one with words."""
    inner = _strip(normal)
    while inner != normal:
        yield inner
        normal, inner = inner, _strip(inner)


def question_layers(normal: str) -> list[str]:
    """Return a query, and what is left of it with one layer after another of the question around it taken off.

    Each is followed by itself without what stands after it: "on-chain analysis mean" is asked for as "on-chain
    analysis" before "on" is taken for a small word.
    """
    layers: list[str] = []
    for layer in (normal, *stripped(normal)):
        layers.append(layer)
        while (shorter := _without_end(layers[-1])) != layers[-1]:
            layers.append(shorter)
    return [*dict.fromkeys(layers)]


def bare_question(normal: str) -> str:
    """Return what is asked about: the query without the question around it."""
    return next(reversed([normal, *stripped(normal)]))


def comparison_operands(normal: str) -> tuple[str, str] | None:
    """Return the two things that a query wants told apart, None when it is no such question."""
    for pattern in _CONTRASTS:
        if found := pattern.fullmatch(normal):
            return bare_question(found["a"]), bare_question(found["b"])
    return None


def _strip(normal: str) -> str:
    for pattern in _BEFORE:
        if (found := pattern.match(normal)) and found.end() < len(normal):
            return normal[found.end() :]
    if (shorter := _without_end(normal)) != normal:
        return shorter
    found = _KIND.match(normal)
    return normal[found.end() :] if found and found.end() < len(normal) else normal


def _without_end(normal: str) -> str:
    for pattern in _AFTER:
        if (found := pattern.search(normal)) and found.start() > 0:
            return normal[: found.start()]
    return normal
