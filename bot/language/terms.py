"""Questions about terms: what one means, and how two differ."""

from __future__ import annotations

import re

from bot.language.message import Lookup, Message
from bot.language.tokens import Words

_ARTICLE = r"(?:(?:a|an|the|some|this|these|that|those|my|your|its|all this|all these|all that) )?"
_TAIL = (
    r"(?: (?:mean|means|meaning|actually mean|even mean|really mean|stand for|stands for|refer to|work"
    r"|works|do|called|exactly|anyway|again|please|thanks|really|even|here|all about|about|"
    r"in trading|in finance|in stocks|in crypto|in forex|in simple terms|in plain english|in english"
    r"|in short|to me|for me|for a beginner|like i am five|like i am 5|like i am NUM|for dummies|"
    r"then|though|lol|exactly mean|definition|calculated|computed|measured|defined|worked out|determined"
    r"|supposed to be|supposed to mean|when trading|on a chart|on charts|for beginners|used for|used"
    r"|good for|and how does it work|and why does it matter|bro|fr|guys|mate|man|dude|anyone|right"
    r"|everyone|keeps?|is|are))*$"
)
_STRONG = re.compile(
    r"\b(?:define|definition (?:of|for)|meaning (?:of|behind)|explain(?: to me| me)?(?: what| how)?|eli5"
    r"|what does|what do|describe|what (?:is|are) meant by|what (?:do|does) \w+ mean (?:by|when \w+ say)"
    r"|what is the (?:meaning|definition) of|"
    r"i (?:do not|never|still do not|cannot|can not) (?:really |quite |fully )?(?:understand|get"
    r"|know)(?: what)?|never understood|(?:can|could|would|will) (?:you|someone|somebody|anyone"
    r"|anybody) (?:please )?(?:explain|define|describe)|need a definition (?:of|for)|"
    r"how (?:do|does|would|can|to)(?: (?:you|i|we|one|people|traders|someone))? (?:calculate|compute"
    r"|work out|measure|define|read|spot|interpret|identify|recognise|recognize|figure out|derive)"
    r"|formula for|the formula for|formula of|what counts as|what qualifies as|"
    r"teach me(?: about)?|tell me (?:about|what)|what (?:exactly|actually|even|on earth|in the world"
    r"|the hell|the heck|precisely|in gods name) (?:is|are)|no (?:clue|idea) what|when (?:is|are) (?:a "
    r"|an |something |the )?(?:market|stock|price|trend)s?(?: considered| said to be| called)?"
    r"|what is (?:a|an)|what kind of thing is|the idea behind|the point of|what is the (?:deal with"
    r"|point of|idea behind|concept of|purpose of|difference with)|confused (?:about|by|on)|(?:wondering"
    r"|curious) (?:about|what)|"
    r"(?:the )?(?:word|term|phrase|acronym|abbreviation|expression|slang|jargon|letters)|(?:keeps?|keep on"
    r"|always|just|they|people|guys|someone|everyone|he|she|chat|folks) (?:saying|say|says|said|mentioned"
    r"|talking about|mentioning|mention|mentions|yelling|on about|called|calls|throwing around|posting"
    r"|typing|posted|spamming)|"
    r"what makes (?:a |an |something |it )?|who gets called|who is|what sort of (?:thing|order|stock"
    r"|trade) is|saw|hearing about"
    r"|heard(?: about| of| someone say)?|read about|how does|how do|what about|definition"
    r"|meaning|explanation of|learn about|understand|know what|forget what|forgot what|remind me what"
    r"|refresh me on|what on earth)"
    rf" {_ARTICLE}(?:the )?(?:term |word |phrase |acronym |concept of |concept |idea of "
    rf"|expression )?(?P<term>.+?){_TAIL}"
)
_HOW = re.compile(
    r"\bhow (?:is|are) (?:the |a |an )?(?P<term>.+?) (?:calculated|computed|measured|worked out|determined"
    r"|defined|derived|estimated|figured out|formed|traded|used|set|built|made)\b"
)
_WEAK = re.compile(
    rf"\b(?:what|whats|wats) (?:is|are|was|were) {_ARTICLE}(?P<term>.+?){_TAIL}"
    r"|^(?P<lead>.+?) (?:definition|meaning|explained|explanation|eli5|mean|means|meaning please"
    r"|what is (?:it|that|this)|what does (?:it|that|this) mean|what is (?:that|it) (?:mean|called)"
    r"|is what|stands for what|for dummies|formula)(?: please| thanks)?$"
)
_NAMING = re.compile(
    r"\b(?:what is it called|what is that called|what do (?:you|we|they|people|traders) call|what (?:is"
    r"|was) the (?:word|term|name|phrase|expression)(?: \w+)? (?:for|when|of|that)|(?:the )?(?:word|term"
    r"|name|phrase|slang|expression) (?:for|when|of)|called|name for|what is (?:the|that) (?:thing|one"
    r"|kind|type|stuff|order|pattern|number|measure|indicator|ratio) (?:where|when|that|called)"
    r"|what kind of|which (?:order|pattern|indicator|measure|candle|ratio|index|kind|type|option|term))\b"
    r"(?: (?:it|when|if|for|the|that|thing|where|a|an|of))*"
)
_DESCRIBED = re.compile(
    r"^(?:so |ok |and |hey )?(?:an? |the |that |those |when |one )?(?:\w+ ){0,2}(?:orders?|patterns?"
    r"|stocks?|shares?|funds?|options?|traders?|investors?|someone|somebody|person|people|candles?"
    r"|candlesticks?"
    r"|indicators?|oscillators?|ratios?|measures?|strateg(?:y|ies)|rates?|bonds?|coins?|markets?|prices?"
    r"|averages?|contracts?|fees?|risks?|compan(?:y|ies)|tax|positions?|lines?|levels?|way|money|debt"
    r"|trades?|law|rule|bias|tendency|amount|cost|difference|point|profit|gap|spread|formation)"
    r" (?:that|who|which|whose|where|when|with|without|you|used|made|showing|set|paid|between|based|taken"
    r"|from|left|of)\b"
)
_SPLIT = re.compile(
    r" (?:vs|v|compared (?:to|with)|as opposed to|against|or|and|from|to|with|than|rather than|over"
    r"|but not|(?:the )?opposite (?:of|to)|(?:the )?same(?: thing)? as|different (?:from|to|than)|not) "
)
_APART = re.compile(
    r"\b(?:difference|differences|distinction|differ|differs|different|distinguish|separates?|sets?"
    r"|distinguishes|what makes|contrast|the same|same thing|same as|which is which|not the same"
    r"|tell apart|apart|tell (?:an? |the )?\w+(?: \w+){0,3} from"
    r"|side by side|compare|compared|comparison|opposite of|confuse|confused|mix up"
    r"|mixing up|similar|related to|differentiate|unlike|interchangeable|set against)\b"
)
_BETWEEN = re.compile(r"\b(?:differences?|distinction|contrast|comparison)(?: is)?(?: there)? (?:between|of|in|with) ")
_APART_FRAME = re.compile(
    r"^(?:\w+ ){0,4}?(?:(?:the )?(?:key |main |big |actual |real )?(?:differences?|distinction|contrast"
    r"|comparison)(?: is)?(?: there)? (?:between|of|in|with)|(?:compare|contrast|distinguish|differentiate"
    r"|explain|define|tell(?: me)?|mixing up|mix up|confuse|confusing|put|set|show me"
    r"|describe)(?: the)?(?: terms?| between| apart)?|"
    r"(?:how|why|in what way)(?: \w+)? (?:do|does|is|are|would)|(?:is|are)|between|what separates"
    r"|what sets|what distinguishes|what makes|what is|what are|which is which|show) "
)
_APART_TAIL = re.compile(
    r" (?:differ(?:s|ent)?|apart|side by side|difference|differences|compared|comparison"
    r"|the same(?: thing)?|same thing|explained|please|what is the difference|which is which"
    r"|what separates them|what sets them apart|how do they differ|how are they different"
    r"|are they the same|relate|related|compare|whats the diff|different things|interchangeable"
    r"|not the same|head to head|in trading|are different|is different|lol|again|exactly|as terms|terms"
    r"|mean|meaning|actually|really|even|here|to each other|for me|next to each other|what gives|diff)+$"
)
_TRAILING = re.compile(
    r"(?: (?:any )?(?:differs?|diff\w*|distinct|the same(?: thing)?|same|compared?|similar|related|apart"
    r"|relates?|differ|stacks? up|measure up|set against|not))+$",
    re.IGNORECASE,
)
_AROUND = frozenset(
    "ok okay and so hey yo hi um uh then too please thanks lol bro again also now well anyone guys about "
    "how what hmm oh fr tho though pls thx ty cheers cool great nice gotcha alright perfect sweet awesome k".split()
)
_TOO_STRANGE = 2.5
_CLEAN = {"exact", "alias", "spelling", "prefix"}
_LEADING = re.compile(
    r"^(?:(?:a|an|the|some|difference|differences|different|between|of|is|are|how|does|do|and|the term"
    r"|from|what|why|explain|contrast|compare|me|so|hey|ok|please|yo|hi|which|i|you|we|tell|can) )+"
)


def find_phrase(plain: Words, pattern: re.Pattern[str]) -> str | None:
    """What was typed where a pattern names a term."""
    match = pattern.search(plain.line)
    if match is None:
        return None
    group = next((name for name in ("term", "lead") if name in pattern.groupindex and match[name]), None)
    return plain.typed(*plain.span(*match.span(group))).strip("'\" ?!.,") if group else None


def slug_of(verdict: Lookup) -> str | None:
    """The term that a verdict names; the first reading of an ambiguous name."""
    if verdict.outcome == "answered":
        return verdict.id
    return verdict.suggestions[0] if verdict.outcome == "ambiguous" else None


def is_clean(verdict: Lookup) -> bool:
    """Whether the words are the name of a term, not a sentence in which one occurs."""
    return verdict.outcome == "ambiguous" or (verdict.outcome == "answered" and verdict.match in _CLEAN)


def asked_term(message: Message) -> tuple[str, float] | None:
    """The term that a question is about, and how sure that is: 0 to 1. A name after a question frame counts most."""
    for pattern, certainty in ((_HOW, 0.95), (_STRONG, 0.95), (_WEAK, 0.9)):
        phrase = find_phrase(message.plain, pattern)
        while phrase:
            verdict = message.context.search.find(phrase)
            if is_clean(verdict):
                return _with(verdict, certainty)
            phrase = _inner(phrase)
    return None


def _with(verdict: Lookup, certainty: float) -> tuple[str, float] | None:
    slug = slug_of(verdict)
    return (slug, certainty) if slug else None


def _inner(phrase: str) -> str | None:
    """The phrase inside a phrase: "what a moving average", "is a pip"; None when there is no frame around it."""
    stripped = re.sub(
        r"^(?:and|so|ok|but|what|how|is|are|does|do|a|an|the|that|this|about|of|for|by|when \w+ say"
        r"|people mean by|you mean by|they mean by|means?|it means? (?:when|if)|mean by)\s+",
        "",
        phrase,
        flags=re.IGNORECASE,
    )
    return stripped if stripped != phrase and stripped else None


def framed(message: Message) -> bool:
    """Whether a message is put as a question about a meaning."""
    return bool(
        _STRONG.search(message.plain.line)
        or _WEAK.search(message.plain.line)
        or _NAMING.search(message.plain.line)
        or _DESCRIBED.search(message.plain.line)
    )


def described_term(message: Message) -> tuple[str, float] | None:
    """The term that a description is of: "what's it called when …"; also a sentence that names one term."""
    naming = _NAMING.search(message.plain.line)
    text = message.text
    if naming:
        first, last = message.plain.span(*naming.span())
        text = message.plain.typed(last, len(message.plain.words)) or message.plain.typed(0, first) or text
    verdict = message.context.search.find(text)
    slug = slug_of(verdict)
    if slug:
        return slug, 0.8 if is_clean(verdict) else 0.6
    if naming and verdict.suggestions:
        return verdict.suggestions[0], 0.4
    mentioned = message.context.search.mentions(text)
    if len(mentioned) == 1 and not naming and message.strangers < _TOO_STRANGE:
        return mentioned[0], 0.5
    return None


def apart(message: Message) -> tuple[str, str] | None:
    """The two terms that a question sets side by side, or None."""
    plain = message.plain
    if not _SPLIT.search(plain.line):
        return None
    line = plain.line
    tail = _APART_TAIL.search(line)
    stop = tail.start() if tail else len(line)
    frame = (_BETWEEN.search(line, 0, stop) or _APART_FRAME.match(line, 0, stop)) if _APART.search(line) else None
    start = frame.end() if frame else 0
    for split in _SPLIT.finditer(line, start, stop):
        if split[0].strip() in {"or", "and", "from", "to", "with", "than", "over"} and not _APART.search(line):
            continue
        pair = _two(message, (start, split.start()), (split.end(), stop))
        if pair:
            return pair
    return None


def _two(message: Message, left: tuple[int, int], right: tuple[int, int]) -> tuple[str, str] | None:
    first, second = (_typed_half(message.plain, half) for half in (left, right))
    one, other = _half(message, first, second), _half(message, second, first)
    if one and other and one != other:
        return one, other
    return None


def _typed_half(plain: Words, half: tuple[int, int]) -> str:
    typed = plain.typed(*plain.span(*half))
    without = re.sub(_LEADING.pattern, "", typed, flags=re.IGNORECASE)
    return _TRAILING.sub("", without).strip("'\" ?!.,")


def _half(message: Message, half: str, other: str) -> str | None:
    """The term of one side, with the last word of the other where that makes a name: "put and call options"."""
    shared = other.split()
    for start in range(1, len(shared) if len(half.split()) < 3 else 0):
        verdict = message.context.search.find(" ".join([half, *shared[start:]]))
        if verdict.outcome == "answered" and verdict.match in {"exact", "alias"} and verdict.score >= 0.99:
            return verdict.id
    for text in (half, half.removesuffix("s")):
        verdict = message.context.search.find(text)
        if is_clean(verdict):
            return slug_of(verdict)
    return None


def bare_text(message: Message) -> str:
    """What was typed without the little words of talk around it: "ok and hedging?" is about hedging."""
    words = message.plain.words
    first, last = 0, len(words)
    while first < last - 1 and words[first].low in _AROUND:
        first += 1
    while last - 1 > first and words[last - 1].low in _AROUND:
        last -= 1
    return message.plain.typed(first, last) or message.text
