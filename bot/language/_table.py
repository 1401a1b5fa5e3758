"""The table of ways of asking. To teach the router a new one, add a phrase to the row of its command.

A row is `(command, weight, phrases)`. Phrases are regular expressions over the message as marks and small letters:
SYM a symbol, PAIR a currency pair, CUR a currency, AMT an amount of one, PER a span, DATE a date, NUM a number, PCT a
percentage. Weight 4 settles the command, 3 is strong, 2 says something, 1 is a hint; the best row of a command counts.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_DO = r"(?:do|does|did|has|have|is|are)"


class Cue(NamedTuple):
    """One row: what its phrases say for a command."""

    command: str
    weight: float
    pattern: re.Pattern[str]


_ROWS: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    (
        "alert",
        9,
        (
            r"(?:alert|notify|ping|warn|wake|message|dm|buzz|text|poke|nudge|page|inform|remind|signal|@|shout at"
            r"|call|hit|yell at|tag|mention) (?:me|us|the channel|the room|this channel|the chat|the group"
            r"|my phone)\b(?: up)?",
            r"(?:tell|show) (?:me|us|the channel|the room|everyone here)(?: \w+)? (?:when|if|once|whenever"
            r"|as soon as|the moment|the minute|should|in case)\b",
            r"let (?:me|us|the channel) know\b|(?:shoot|drop|send|write|text|slide|throw|leave) me (?:an? )?(?:dm"
            r"|message|note|ping|text|line|email|nudge|alert|notification)",
            r"(?:set|set up|create|add|make|put|place|schedule|want|need|get|give me|start|have|i would like|new"
            r"|do)(?: me)?(?: up)?(?: an?| the| some)? (?:\w+ )?(?:alert|alarm|notification|reminder|watch|trigger"
            r"|notif)s?\b",
            r"(?:alert|alarm|notification|notify|reminder|warning|trigger)s? (?:when|if|once|for|on|at|as soon as"
            r"|me|:)",
            r"(?:alert|alarm|notification)s?$|^(?:alert|alarm)\b",
            r"(?:heads up|shout|holler|yell|buzz|nudge|ping|signal|poke|tap|ring|call|notice|warning|word"
            r"|bell)(?: please)? (?:when|if|once|as soon as|whenever|the moment)\b",
            r"(?:watch|monitor|track|keep an eye on|keep tabs on|look out for|watch out for"
            r"|eye on) (?:\w+ )*?(?:SYM|PAIR)\b(?=.*\b(?:when|if|for|until|and (?:tell|ping|let|alert|shout)"
            r"|breaks?|crosses|drops|below|above|under|over)\b)",
            r"(?:i |we )?(?:want|need|would like|like) to (?:know|hear|be told|be alerted|be notified|find out"
            r"|get told|be pinged|see it)(?: \w+)? (?:when|if|once|as soon as|the moment|the minute|whenever)\b",
            r"(?:say something|speak up|sing out|flag it|flag|remind me|report|post here|post|drop a message"
            r"|send (?:me )?(?:a |an )?(?:message|dm|note|ping|alert|notification|text)"
            r"|message)(?: \w+){0,2}? (?:when|if|once|as soon as|whenever|the moment)\b",
            r"(?:when|if|once|as soon as) .*\b(?:let (?:me|us) know|tell me|ping me|alert me|notify me"
            r"|give me (?:a )?(?:shout|ping|nudge|heads up|buzz)|dm me|wake me|warn me|message me|shout"
            r"|i want to know|remind me|holler)\b",
            r"i want (?:a |an )?(?:alert|ping|heads up|notification)",
        ),
    ),
    (
        "rally",
        5,
        (r"(?:rally|rallying|rallies|rallied)\b",),
    ),
    (
        "rally",
        7,
        (r"(?:SYM|PAIR|its|the|this|current) rally (?:\w+ ){0,3}(?:PER )?(?:old|young|begin|began|start|started)\b",),
    ),
    (
        "rally",
        4,
        (
            r"(?:in|into|seeing|having|on) (?:a|an|some kind of|some sort of|another)(?: \w+)? (?:rally|bounce"
            r"|recovery|rebound|upswing|up swing|up leg|run up|up move|upmove|uptrend|up trend|advance|bull run"
            r"|run|tear|surge|comeback|winning streak|roll|bull market|hot streak|heater)\b",
            r"(?:bounced|bouncing|rebounding|rebounded|recovering|ripping|mooning|soaring|surging|running up"
            r"|running hot|on a tear|on a run|on a roll|on fire|taking off|took off|rocketing|popping off|flying"
            r"|pumping|bouncing back|coming back|fading|recovered|on (?:the|its|their) way up)\b",
            r"(?:move|leg|run|push|swing|climb|advance|bounce|recovery|rebound|surge|upswing|uptrend|up trend"
            r"|run up|upmove|comeback)(?: up| higher)?(?: (?:in|off|of|for|by|from) (?:the )?(?:SYM|PAIR|low|lows"
            r"|bottom))? (?:SYM )?(?:\w+ )?(?:died|dead|over|ended|done|finished|faded|failed|stalled|still|intact"
            r"|alive|begin|began|start|started|run out|ran out|out of steam|lost steam|cooling|going|last|lasted"
            r"|holding|real)\b",
            rf"(?:{_DO}|when|how (?:big|long|old|far|strong|much)) (?:\w+ ){{0,3}}(?:SYM )?(?:current |latest "
            r"|recent )?(?:bounce|recovery|rebound|upswing|run up|up move|upmove|uptrend|advance|surge|bull run"
            r"|up leg|comeback|up swing|move up|leg up|climb)\b",
            r"(?:SYM|PAIR) (?:bounce|recovery|rebound|upswing|run up|upmove|uptrend|surge|comeback|move up|leg up"
            r"|bull run|run)\b",
            r"(?:bounce|recovery|rebound|upswing|run up|upmove|uptrend|surge|comeback|move up|leg up|bull run"
            r"|the run|advance) (?:in|on|of|for) (?:the )?(?:SYM|PAIR)\b",
        ),
    ),
    (
        "rally",
        5,
        (
            r"(?:far|much|high|percent|PCT|long|up|gained|risen|come|climbed) (?:\w+ ){0,5}(?:off|from|above"
            r"|since) (?:its |the |their )?(?:\w+ )?(?:low|lows|bottom|trough|bottoms)\b",
            r"(?:off|from|above|since) (?:its |the |their )(?:\w+ )?(?:low|lows|bottom|trough)\b",
        ),
    ),
    (
        "rally",
        4,
        (
            r"(?:found|hit|put in|made|set|seen|had) (?:a|its|the|their) (?:bottom|low|trough)\b"
            r"|bottomed(?: out)?\b|when did (?:the )?(?:SYM|PAIR) (?:bottom|turn)\b|(?:turned|trending|heading"
            r"|been heading|turning|swinging|perked) (?:up|higher|upward|upwards|the corner)\b|going up still"
            r"|(?:still|done|stopped|finished) (?:going up|rallying|running|climbing|rising|heading up|running"
            r"|moving up|pushing higher|bouncing|alive|ripping)|run out of steam|out of gas|losing steam"
            r"|lost steam|rolled over|rolling over|legs left|got legs|have legs",
        ),
    ),
    (
        "range",
        5,
        (r"(?:support|resistance|supports|resistances|trading range|range bound|rangebound|range (?:SYM|PAIR))\b",),
    ),
    (
        "range",
        4,
        (
            r"(?:trading range|range bound|rangebound|price range|in a range|in its range|in the range"
            r"|of its range|its range|out of range|a range|range for|what range|which range|range of|range on"
            r"|range in|the range|current range|range right now|inside (?:its|the|a) \w+|ranging)\b",
            r"range\b|levels (?:for|on|of|in) (?:the )?(?:SYM|PAIR)\b|(?:SYM|PAIR) (?:trading )?(?:range|ranging"
            r"|band|floor|ceiling|levels|breakout)\b",
            r"(?:floor|ceiling|ceilings|floors)\b|top and bottom|bottom and top|upper and lower|key levels"
            r"|high and low (?:end|side)|(?:upper|lower|top|bottom) (?:end|edge|bound|boundary|side|band|line"
            r"|limit|of) ?(?:of )?(?:the |its )?(?:range|band|box|channel|SYM)?",
            r"(?:sideways|flatlining|flatlined|flat lining|consolidating|consolidation|chopping|choppy|chop|boxed"
            r"|range bound|treading water|going nowhere|coiling|coiled|trapped|stuck|bouncing between|oscillating"
            r"|pinned|stalling|moving sideways|drifting|grinding sideways|hemmed|not moving|in a box|in a channel"
            r"|wedged)\b",
            r"(?:broken out|broke out|breaking out|break out|breakout|breakouts|broken down|breaking down"
            r"|broke down|break down|breakdown|left (?:its|the) (?:range|box|band|channel)|broken through"
            r"|broke through|burst|escaped|out of (?:its|the"
            r"|that) (?:band|box|channel|base|consolidation|congestion|zone))\b",
            r"(?:trading|bouncing|moving|stuck|sitting|sits|is) (?:in )?between (?:what|which)\b|between (?:what"
            r"|which) (?:levels|prices|numbers)",
            r"(?:where|what|which|any) (?:\w+ ){0,5}(?:buyers|sellers|levels|barrier|barriers|zone|zones|bounds"
            r"|boundaries|limits|edges)\b|buyers (?:step|come|show)|sellers (?:step|come|show|wait)|(?:band|box"
            r"|channel) (?:for|on|of|in)\b|in (?:a|its|the) (?:tight |narrow |wide )?(?:band|box|channel"
            r"|congestion|base)\b|(?:how )?(?:wide|tight|narrow) is\b",
            r"(?:is|are|has|was) (?:SYM|PAIR|it) (?:\w+ ){0,2}flat\b|(?:trending or|or trending|trending vs)|flat or",
        ),
    ),
    (
        "chart",
        6,
        (
            r"(?:chart|charts|charted|graph|graphs|graphed|plot|plots|plotted|draw|drawn"
            r"|drawing|sketch|candles|candlesticks|candlestick|visualise|visualize|picture|diagram|candle"
            r"|line graph|sparkline|render|illustrate|visual|visuals"
            r"|doodle|paint|pictures)\b",
            r"(?:show|see|look)(?: me| us)? (?:what|how) (?:\w+ )?(?:SYM|PAIR|it|the \w+) (?:has )?(?:looks|looked"
            r"|look)(?: like)?\b|what does (?:SYM|PAIR|the SYM) look like|eyeball|bar by bar|image of"
            r"|screenshot of|show me (?:the )?(?:last |past )?PER of SYM|show me SYM(?: PER)*$|(?:see|view) (?:SYM"
            r"|PAIR)(?: PER)*$|look at (?:SYM|PAIR)(?: PER| please)*$",
        ),
    ),
    (
        "compare",
        4,
        (
            r"(?:compare|compares|comparing|comparison|compared)\b",
            r"(?:SYM|PAIR)(?: \w+){0,3} (?:vs|against|relative to|compared (?:to|with)|next to|over"
            r"|stacked up against|alongside|beside) (?:the |an? )?(?:\w+ )?(?:SYM|PAIR)\b",
            r"(?:outperform\w*|underperform\w*|beat|beats|beating|beaten|better than|worse than|ahead of|behind"
            r"|lagging|lag|lags|lagged|leading|leads|led|stronger|weaker|faster than|slower than"
            r"|keep(?:ing)? (?:up|pace)|kept (?:up|pace)|neck and neck|head to head|side by side|outpac\w+"
            r"|outrun\w*|outdid|crushing|crushed|trounc\w+|dusting|smoking|trailing|trails|trailed|track|tracks"
            r"|tracking|in line with|more than|less than|as much as|as well as|relative strength"
            r"|relative performance|spread between|ratio|correlat\w+|difference between|gap between|versus"
            r"|stack up|stacks up|stacked|measure up|fared|match up|winning|winner|who won|which won|better|worse"
            r"|hotter|doing best|higher than|lower than|overtak\w+|over or under|together|in step|diverg\w+"
            r"|same (?:way|pace|move))\b",
            r"(?:which|who|whos|what) (?:\w+ ){0,4}(?:more|better|stronger|faster|hotter|most|best|ahead|higher"
            r"|further|weaker|worse|bigger)\b",
            r"SYM (?:or|vs|against|/) SYM\b|between SYM and SYM|(?:vs|against|next to) (?:the )?SYM\b",
        ),
    ),
    (
        "rank",
        4,
        (
            r"(?:rank|ranks|ranked|ranking|rankings|leaderboard|leader board|league table|sort|sorted|sorting"
            r"|order|ordered|pecking order|in order|line up|standings|scoreboard|score board|podium|tier list"
            r"|top to bottom|best to worst|worst to best|strongest to weakest|weakest to strongest"
            r"|hottest to coldest|high to low|strongest first|best first|weakest first|list by|hit parade)\b",
            r"(?:which|who|what|whos)(?: \w+){0,8} (?:most|best|strongest|hottest|leading|leads|leader|fastest|top"
            r"|highest|winning|weakest|worst|laggard|slowest|on top|ahead|lagging|better|stronger|more)\b",
            r"(?:strongest|weakest|hottest|best|worst|top|fastest|leader|leading|laggard|most|slowest"
            r"|biggest)(?: \w+){0,5} (?:of|among|out of|between|from|in|:)? ?SYM\b",
        ),
    ),
    (
        "roc",
        4.5,
        (
            r"(?:roc|rate of change|rates of change|momentum|velocity|speed|acceleration|percent change"
            r"|percentage change|price change|percentage move|percent move|net change|pct change|total return)\b",
            r"how (?:much|far|fast|many percent|many points|hard|bad|badly|strong|strongly|quickly|big"
            rf"|well)(?: \w+){{0,3}} (?:{_DO} )?(?:the )?(?:SYM|PAIR|it|its)?(?: \w+){{0,3}} (?:moved?|moves|moving"
            r"|gained?|gaining|gains|lost|lose|loses|losing|up|down|dropped|drop|fallen|fall|fell|risen|rise|rose"
            r"|change|changed|returned?|climbed|climb|slid|slide|slipped|jumped|shifted|swung|added?|made|grown"
            r"|grow|tanked|sunk|dipped|appreciated|declined|advanced|shed|gone|go|travelled|dumped|pumped|come"
            r"|came|plunged|dip|jump|off|return|performed|done|do|pulled|crashed|ran|run|crash|dump|pump|tank|rip)\b",
            r"(?:percent|percentage|PCT|pct) (?:is |has |did |was |does )?(?:the )?(?:SYM|PAIR|move|moved|change"
            r"|up|down|gain|loss|return|rise|fall|drop)\b|what (?:percent|percentage|pct|PCT)|in (?:percent"
            r"|percentage)(?: terms)?|PCT (?:move|change|gain|loss|up|down|return|over)\b",
            r"(?:compared (?:to|with)|versus|than|from) (?:PER|a year|where|what it was)\b",
        ),
    ),
    (
        "roc",
        3.5,
        (
            r"(?:moving|gain|gains|gained|return|returns|returned|performance|perform|performed|performing|move"
            r"|moved|moves|movement|change|changed|changes|lost|loss|losses|losing|gaining|climbed|climbing|fallen"
            r"|falling|fell|fall|dropped|dropping|drop|dropped|risen|rising|rose|rise|slid|sliding|slipped|slide"
            r"|jumped|jump|tanked|tanking|sunk|dipped|added|shed|declined|declining|plunged|plunge|crashed|dumped"
            r"|dumping|pumped|sold off|swing|swung|bleeding|bled|red|green|delta|shifted|picked up|climb"
            r"|fared|fare|grown|progress|gone up|gone down|went up|went down|cratered|slumped|nosedived)\b",
            r"(?:good|bad|rough|great|ugly|tough|green|red|nice|brutal|strong|weak) (?:day|week|month|quarter|year|PER)"
            r" (?:for|at|in) (?:the )?(?:SYM|PAIR)\b",
            r"(?:SYM|PAIR) (?:(?:is|now|still|much|was|gone|been|go|went|moved) )?(?:up|down|higher|lower"
            r"|off)\b(?! to)|(?:up|down|higher|lower) (?:or|and) (?:up|down"
            r"|higher|lower)|(?:up|down|higher|lower)(?: \w+){0,4} (?:PER|today|PCT)\b|how (?:much )?(?:up"
            r"|down) is",
            r"(?:SYM|PAIR)(?: \w+){0,2} (?:vs|against|compared (?:to|with)|than|relative to|from) (?:where|what"
            r"|how) (?:it|its|they)\b",
        ),
    ),
    (
        "quote",
        2.5,
        (
            r"(?:price|prices|priced|quote|quotes|quoted|trading at|trades at|trade at|traded at|going for"
            r"|goes for|changing hands|worth|cost|costs|last trade|last sale|last print|last price|last close"
            r"|close|closed|closing|opening|level|levels|valued|value|ticker tape|print|last|share price|spot"
            r"|spot price|going rate|sitting at|sat at|at right now|hovering|settle|settled|fetch|fetching"
            r"|per share|a share|one share|printing|bid|tape|number)\b",
            r"what is (?:happening|going on|up|new|the latest|the word|the situation)(?: \w+)? (?:with|on|in"
            r"|at) (?:the )?(?:SYM|PAIR)\b|how (?:does|do) (?:the )?(?:SYM|PAIR) look",
            r"(?:what|which) (?:is|did|was) (?:the )?(?:SYM|PAIR) (?:close|open|finish|end|do|settle)\w*",
            r"(?:doing|looking|paying|asking|at|things)(?: \w+){0,2} (?:on|with|for|at|in) (?:the )?(?:SYM|PAIR)\b"
            r"|how is (?:my|our) (?:\w+ )?(?:SYM|PAIR)\b",
            r"(?:how|what) (?:is|are|was|about)(?: the)? (?:SYM|PAIR)(?: \w+){0,2} (?:doing|going|getting on"
            r"|holding up|looking|at|today|trading|faring|holding|up to|right now|now|this morning|these days"
            r"|getting along|on|for|coming along|feeling|been|behaving|acting)\b",
            r"(?:how|where|what) (?:much )?(?:is|are|was|were)(?: the| a| one)?(?: share of)? (?:SYM|PAIR)\b",
            r"(?:where|whereabouts) (?:\w+ ){0,3}(?:SYM|PAIR)\b",
            r"(?:is|was|are|did)(?: it true that)? (?:\w+ )*?(?:SYM|PAIR) (?:is |still |even |trading "
            r"|now )*(?:under|over|above|below|at|past|north of|south of|more than|less than|back above|back below"
            r"|hit|near|around|close to|reached|touched|cross|crossed|break|broke) (?:NUM|AMT)\b|(?:SYM"
            r"|PAIR) (?:is |still |trading |hit |back |now )*(?:under|over|above|below|at|past|north of|south of"
            r"|hit|near|around|reached|touched|crossed) (?:NUM|AMT)\b",
            r"^(?:and |ok |so |now )*(?:how|what) about (?:the )?(?:SYM|PAIR)|(?:update|status|check|latest|word"
            r"|read|numbers?|look|info|data) (?:on|for|of|in|at) (?:the )?(?:SYM|PAIR)\b|(?:SYM|PAIR) (?:at|now"
            r"|right now|today|update|check|latest|please|status|live|currently|lately|number)\b|(?:give|show|get"
            r"|fetch|pull|bring|tell|look|check) (?:me |us |up )*(?:the |on )?(?:SYM|PAIR)(?: now| please"
            r"| right now| up)*$",
            r"^(?:the |and |so |ok )*(?:SYM|PAIR)(?: DATE)?$|^DATE (?:SYM|PAIR)$",
            r"(?:how|what|where) (?:are|is|were) (?:we|things) (?:\w+ )?(?:on|with|for|at|in) (?:the )?(?:SYM|PAIR)\b",
            r"(?:SYM|PAIR) (?:doing|looking|looks|holding up|trading)\b|what is (?:the )?(?:SYM"
            r"|PAIR)(?: \w+)? at\b|lookin",
            r"how (?:has|have|had) (?:the )?(?:SYM|PAIR) (?:done|been|performed|fared|held up|behaved|traded)\b"
            r"|(?:SYM|PAIR)(?: \w+){0,2} how is it (?:doing|looking|going|holding|trading)\b"
            r"|(?:pay|paying|paid) for (?:a|one) share(?: of)? (?:the )?(?:SYM|PAIR)\b",
        ),
    ),
    (
        "quote",
        4.2,
        (r"chang(?:e|es|ed|ing) hands\b",),
    ),
    (
        "rate",
        3,
        (
            r"(?:exchange|fx|currency|forex|conversion|cross|spot) rates?\b|(?:convert|conversion|exchange|change"
            r"|swap|turn|converted|exchanging|converting|translate)\b",
            r"(?:AMT|CUR|PAIR)(?: \w+){0,3} (?:in|to|into|for|vs|against|as|is|per|equals?|=|/|buys?|gets?|buy|get"
            r"|and|worth|between|from) (?:\w+ ){0,4}(?:CUR|AMT)\b",
            r"how (?:many|much)(?: \w+){0,3} (?:CUR|AMT)\b",
            r"(?:CUR|AMT|PAIR)(?: \w+){0,2} rate\b|rate(?: \w+){0,3} (?:CUR|PAIR)\b|CUR CUR|AMT CUR|(?:what"
            r"|how) (?:is|much is|are) (?:a |the |one )?(?:AMT|CUR|PAIR)\b",
        ),
    ),
    (
        "index",
        7,
        (r"(?:when|date|day|month)\b.*\b(?:reconstitut\w+|reshuffled?|rebalanced?|rebalancing)\b",),
    ),
    (
        "index",
        4.6,
        (
            r"(?:reconstitut\w+|recon|reshuffle|rebalanc\w+|rank day|reconstitution)\b",
            r"(?:members|member|membership|constituents?|components?|holdings|companies|firms|stocks|names"
            r"|sectors?|weights?|weightings?|heaviest|largest|biggest|smallest|composition|breakdown|made up|made of"
            r"|make up|makeup|how many|facts?|overview|added|deleted|deletions|additions|joins|joining|included"
            r"|in the (?:RUT)|inside|top ten|top NUM|list|constituency|who is in|what is in|whats in|stats|profile"
            r"|info|information|details|key data|about|summary|tell me about|cutoff|dates?|run down|rundown"
            r"|schedule|anything new)\b",
        ),
    ),
    (
        "index",
        3.2,
        (
            r"(?:how|hows|what)(?: \w+){0,4} RUT(?: \w+){0,4} (?:doing|going|getting on|holding up|looking|faring"
            r"|today|been|done|behaving|up to|performing|fared|trading|feeling|along)\b|how (?:is"
            r"|are) (?:the )?RUT\b|RUT (?:today|update|status|doing|check|looking|report|snapshot|dashboard)\b"
            r"|(?:update|status|word|news|read|report|snapshot|check) (?:on|of|for) (?:the )?RUT\b|(?:how )?(?:we "
            r"|are we |you |we are )?looking on (?:the )?RUT|^(?:the )?RUT index$|(?:what|whats) (?:is )?(?:up"
            r"|going on|happening|new) (?:with|in|at) (?:the )?RUT|(?:size|state|make up|makeup) of (?:the )?RUT"
            r"|how does (?:the )?RUT look|RUT (?:size|count)|things(?: \w+)? (?:with|on|in|for) (?:the )?RUT"
            r"|state of (?:the )?RUT|how did (?:the )?RUT (?:do"
            r"|close|finish|end|fare)",
        ),
    ),
    (
        "rstar",
        4,
        (
            r"(?:is|are|was|how|has|does|still|too|whether)(?: \w+){0,5} (?:policy|monetary policy|fed policy"
            r"|the fed|rates|money|the fed funds rate|fed funds|interest rates|financial conditions|the stance"
            r"|stance|powell)(?: \w+){0,4} (?:tight|loose|restrictive|accommodative|neutral|easy|dovish|hawkish"
            r"|stimulative|tighter|looser|stance|too high|too low|hot|cold|accommodating|contractionary"
            r"|expansionary|above neutral|below neutral)\b",
            r"stance of (?:the )?(?:\w+ )?(?:policy|fed)|(?:are|is) (?:we|it|things)(?: \w+)? (?:tight or loose"
            r"|loose or tight|restrictive)|(?:policy|monetary|fed|rates) (?:rate )?(?:stance|tightness|setting)\b"
            r"|how (?:tight|loose|restrictive|accommodative|easy|hawkish|dovish"
            r"|far from neutral)\b(?=.*\b(?:policy|fed|money|rates|conditions|stance|powell|neutral|monetary|we"
            r"|it)\b)|(?:tight|loose|restrictive|accommodative|above|below|easy)(?: \w+){0,3} (?:neutral|RSTAR)\b"
            r"|(?:tight|loose) or (?:tight|loose)|restrictive or|too (?:hot|cold|tight|loose|restrictive"
            r"|easy)\b(?=.*\b(?:policy|fed|money|rates|neutral|economy|conditions)\b)|(?:fed|policy|rates"
            r"|funds rate)(?: \w+){0,5} (?:above|below|vs|over|under|from|to|versus|against|relative to|near"
            r"|at) (?:the )?(?:neutral|RSTAR)\b|gap (?:to|between|from)(?: \w+){0,5} (?:neutral|RSTAR)"
            r"|real (?:policy )?rate(?: \w+){0,3} (?:neutral|RSTAR)|(?:fed|policy|rates|powell)\b.*\b(?:compared (?:to"
            r"|with)|relative to|versus|vs|against) (?:the )?(?:neutral|RSTAR)\b|is (?:policy|the fed"
            r"|money)(?: \w+){0,2} (?:tight|loose|restrictive)",
        ),
    ),
    (
        "help",
        5,
        (
            r"^(?:\w+ ){0,2}(?:help|commands|command list|menu|manual|instructions|usage|docs|documentation|guide"
            r"|tutorial|faq|features|command|halp|readme)(?: me| please| pls| menu| page| us| out| list| here"
            r"| lol)*$|(?:need|want|get|some|any|send|show|give)(?: \w+){0,3} (?:help|commands|manual|instructions"
            r"|docs|guide|tutorial|cheat ?sheet|features|menu|examples)\b(?! with my)|(?:list|see|show|what|which"
            r"|all)(?: \w+){0,4} (?:commands|features|functions|things you can do|capabilities|options do you have"
            r"|tricks)\b",
            r"(?:what|which)(?: \w+){0,4} (?:can|do|does|could|are) (?:you|this bot|the bot|it|this thing|u"
            r"|this)(?: \w+){0,3} (?:do|doing|for|good for|capable of|able|know|answer|offer|handle|help|tell"
            r"|understand|support|even do|about|cover|here for|have)\b|what(?: \w+)? (?:can|may|could|do"
            r"|should) (?:i|we|one|people) (?:ask|do with|type|say|use|get|try|query|learn)\b|(?:who|what) (?:are"
            r"|r) you\b|what is (?:this bot|this thing|the bot|your (?:purpose|job|deal|function|role|use))"
            r"|what (?:do|can|does) you do|your (?:commands|features|abilities|capabilities|skills|functions"
            r"|purpose)\b",
            r"(?:how|where) (?:do|does|can|to|would|should|can't|could)(?: (?:i|you|we|one|u|someone"
            r"|people))? (?:use|work|works|operate|compare|rank|chart|convert|ask|talk to|interact|call"
            r"|get started|start|begin|query|set|set up|make|create|add|get|run|type|invoke|read|see|view|draw|do"
            r"|cancel|remove|delete|change|check|write|enter|find|look up|request|put)\b(?=.*\b(?:you|bot|this|it"
            r"|commands?|alerts?|roc|define|rally command|range command|chart|charts|help|started|compare|rank"
            r"|quote|glossary|term|definition|bots|thing|manual|functions?|slash|prefix|instructions|docs)\b)",
            r"how (?:does|do) (?:this|this bot|the bot|it|you|this thing|bot|rangefinder)(?: \w+)? work"
            r"|teach me (?:how )?to use|(?:bot|this) (?:help|guide|manual|usage|commands)|^how to use(?: it| this"
            r"| you)?$|how (?:do|does) (?:the |an? )?(?:\w+ )?(?:alerts?|commands?|\w+ command|bot) work\b"
            r"|(?:is there|do you have|you have|have you got|got|where is) (?:a|an|any|some|the"
            r"|your) (?:\w+ )?(?:manual|guide|tutorial|docs?|documentation|help|list of commands|command list"
            r"|instructions|readme|help page|menu|faq|cheat ?sheet)\b|walk me through (?:this|the|how|what"
            r"|your|using)(?: bot| commands)?|(?:using|use) (?:the|your) \w+ command|what (?:this|the) bot (?:is"
            r"|does)|syntax"
            r"|getting started|(?:what|how) else (?:can|do) you|show me (?:around|what you can|the ropes|how)"
            r"|tell me (?:about yourself|what you (?:do|can)|your commands)"
            r"|introduce yourself|are you (?:a bot|there|alive|working|human|online|awake)|explain (?:yourself"
            r"|how (?:this|you) work)|how (?:is|are) (?:this|the) (?:bot|thing) used|example (?:questions"
            r"|commands)|give me (?:an |some )?examples?|can you help(?: me)?(?: out)?$|i (?:am|m) (?:lost|stuck"
            r"|new)(?: here)?$|how (?:do|does|can) (?:one|i|we)? ?(?:work|use) (?:this|you|it)",
        ),
    ),
)
CUES: tuple[Cue, ...] = tuple(
    Cue(command, weight, re.compile(rf"(?:(?<= )|^)(?:{'|'.join(phrases)})")) for command, weight, phrases in _ROWS
)


def heard(line: str) -> dict[str, float]:
    """What the table hears in a message: the weight of each command that it has a phrase of."""
    weights: dict[str, float] = {}
    for command, weight, pattern in CUES:
        if pattern.search(line):
            weights[command] = max(weights.get(command, 0), weight)
    return weights
