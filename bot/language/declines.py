"""What is not answered: secrets, mass pings, harm and abuse; advice; forecasts. Each is a table of ways to ask for it.

Phrases are regular expressions over the marked message, see `intents`. To decline a new way of asking, add a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

Reason = Literal["advice", "forecast", "out_of_scope", "unsafe"]


def _any(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})(?= |$|s |s$)")


_EVERYONE = (
    r"(?:everyone|everybody|every one|all (?:the )?(?:members|users|people|mods|roles)|here|the mods"
    r"|the (?:whole|entire) (?:server|channel|chat|guild|discord)|every (?:member|user|single person|role"
    r"|channel)|@\w+)"
)
_OTHERS = r"(?:other|another|someone|somebody|everyone|everybody|anyone|every|all|his|her|their|\w+ bob|people)"
_SECRETS = (
    r"(?:api ?keys?|keys? and (?:tokens?|secrets?)|tokens? (?:and|or) (?:keys?|secrets?)|secret(?:s"
    r"| keys?)?|passwords?|passwd"
    r"|credentials?|logins?|env(?:ironment)?(?: file| vars?| variables?)?|dotenv|config(?:uration)?(?: file)?s?"
    r"|(?:bot|discord|auth|access|your|bots|login|user|session) tokens?|source code|(?:private|ssh"
    r"|encryption|aws|license) keys?"
    r"|(?:system|hidden|secret|initial|original|internal|your|developer) (?:prompts?|instructions?)|connection string"
    r"|webhooks?|ip address(?:es)?|ip|home address(?:es)?|phone numbers?|e ?mails?(?: address(?:es)?)?"
    r"|credit cards?(?: numbers?)?"
    r"|bank details|seed phrases?|ssn|social security|dms|private messages|server logs?|logs|your memory|database)"
)
_REVEAL = (
    r"(?:show|send|give|tell|reveal|print|leak|dump|share|post|paste|display|list|read|get|hand|expose"
    r"|drop|output|cat|email"
    r"|what (?:is|are) (?:your|the|in|his|her|their|this|my|\w+ s)|where is|find|steal|spill|fetch|echo"
    r"|upload|access|log|see|extract|repeat|export"
    r"|download|dm|which)"
)
_INSULT = (
    r"(?:idiot|stupid|moron|trash|garbage|useless|dumb|sucks?|worthless|retarded|loser|bitch|asshole"
    r"|dumbass|pathetic|scum"
    r"|piece of (?:shit|trash|junk|garbage|crap)|moronic|shitty|crappy|fucking)"
)
_RAW = re.compile(
    r"@(?:everyone|here)\b|<@&\d+>|\.env\b|__\w+__|\$\{|\{\{.*\}\}|\$\(|\.\./|/etc/|c:\\|file://|/bin/"
    r"|<script|javascript:"
    r"|\b(?:eval|exec|system|subprocess|compile|globals|getattr|require|fetch|open|unlink)\s?\(|\b(?:os"
    r"|sys)\.\w+|import os\b"
    r"|rm -r|\bsudo\b|\bchmod |\bprintenv\b|powershell|cmd\.exe|bash -|curl\s+http|wget\s|system32|process\.env"
    r"|drop\s+(?:table|database)|delete\s+from|insert\s+into|select\s+\*|union\s+select|\bor\s+'?1'?\s?=\s?'?1|--\s*$"
    r"|discord\.gg|discord\.com/invite|\$\w+_(?:token|secret|password|key)\b|\$(?:token|secret|password)\b"
    r"|\btoken\s?=|discord_token",
    re.IGNORECASE,
)
_UNSAFE_PHRASES = (
    # secrets
    rf"{_REVEAL}(?: \S+){{0,6}}? {_SECRETS}",
    r"(?:api|secret) ?keys?|(?:bot|discord) ?tokens?|system prompt|admin (?:password|access|rights"
    r"|privileges|mode|role|panel)",
    r"^(?:the |your |bot |my )?(?:token|password|config|credentials|secrets|env)(?: please| now)?$",
    rf"(?:your|the bot|the server) (?:\w+ )?(?:passwords?|tokens?|keys?|secrets?|credentials|prompt|env|{_SECRETS})",
    rf"{_OTHERS}(?: (?:else|users?|members?|people|persons?|peoples|the|server|of|else is))* "
    r"(?:alerts?|dms?|private messages|messages|positions|portfolios?|accounts?|balances?|private"
    r"|passwords?|watchlists?|emails?|ips?|logs)",
    r"list (?:all )?(?:the )?users|who (?:set|made|has) (?:which |what |the |an )?alerts",
    # mass pings and spam
    r"(?:ping|tag|mention|mass ping|spam|dm|message|notify|alert|poke|wake|at|@|blast|annoy|bombard|flood"
    rf"|harass|call) {_EVERYONE}",
    r"(?:mass|spam) (?:ping|mention|dm|message|tag)s?|spam (?:the|this|him|her|them|it|chat|my|every"
    r"|\w+ channel|\w+ \w+ channel)",
    r"spam\b.*\b(?:server|channel|chat|times|messages?|pings?)|(?:1000|a hundred|a thousand|a million|100|NUM) times",
    r"(?:repeat after me|say after me)|(?:say|repeat|echo)\b.*\b(?:everyone|slur|n word|@\w+|times)",
    # taking over the bot
    r"(?:ignore|disregard|forget|override|bypass|skip|drop) (?:(?:all|any|every|your|the|my|these|previous"
    r"|prior|safety|above|of) )*"
    r"(?:instructions?|rules?|prompts?|guidelines?|restrictions?|filters?|limits?|previous|above"
    r"|programming|training|safety|orders|permissions)",
    r"jailbreak|jailbroken|dan mode|(?:developer|dev|god|debug|sudo|maintenance) mode|root access"
    r"|unrestricted|do anything now|from now on",
    r"pretend (?:you are|to be|that you|you have|you can)|act as|act like (?:a|an|you)|you are now"
    r"|role ?play|no (?:restrictions|filters|rules)",
    r"(?:make|give|grant|promote|set) (?:me|yourself|him|my account|user) (?:(?:an?|the|to"
    r"|as) )*(?:\w+ )?(?:admin|owner|moderator|mod|administrator|root)",
    r"(?:run|execute|eval|evaluate|exec) (?:(?:this|the|my|some|a|following|any|arbitrary|these|shell) )*"
    r"(?:code|commands?|script|python|shell|sql|bash|javascript|program|os|import|print)",
    r"(?:shut ?down|restart|reboot|kill|crash|terminate|brick|uninstall|stop) (?:the bot|yourself"
    r"|the server|this bot|this server|the process)",
    r"^(?:shutdown|restart|reboot|sudo|self destruct)$",
    # harm to the server, its people, or markets
    r"(?:delete|drop|wipe|erase|remove|clear|reset|destroy|nuke|purge|cancel|disable|turn off|mute|trash"
    r"|kill|truncate|hijack|edit|steal|overwrite|corrupt) "
    r"(?:(?:all|every|the|other|somebody|someone|everyone|everybody|people|their|his|her|this|whole|entire"
    r"|of|else|users?|members?|bot|your|\w+) ){0,5}?"
    r"(?:alerts?|database|db|server|channels?|messages?|settings|rules|tables?|users?|members?|accounts?"
    r"|files?|history|logs?|roles?|backups?|glossary|yourself)",
    r"(?:ban|kick|mute|dox+|ddos|hack|swat|harass|bully|threaten|stalk|timeout|unban|impersonate|scam"
    r"|phish|raid|crash|brick) (?:\w+ ){0,3}?"
    r"(?:users?|him|her|them|everyone|someone|somebody|@\w+|server|members?|mods?|admins?|guy|bot|account"
    r"|person|people|channel|discord|wifi"
    r"|database|website|exchange|broker|wallet|this|that)",
    r"(?:ban|dox+|ddos) \S+$|malware|ransomware|keylogger|sql injection|phishing|botnet|backdoor"
    r"|reverse shell|hack into",
    r"(?:help|let us|lets|how (?:do|can) (?:i|we)|organi[sz]e|coordinate|group)\b.*\b(?:pump and dump|pump"
    r"|manipulate|rig)\b.*\b(?:coin|stock|price|market|SYM|it|this)",
    r"insider (?:tips?|info|information|scoop)|launder|counterfeit|evade tax(?:es)?|tax evasion|nudes?"
    r"|porn|free (?:nitro|robux)|click (?:this|my) link",
    # abuse
    r"(?:kill|hang|hurt|shoot|unalive) (?:your ?self|him|her|them|someone|everyone|you)|kys|kill ur ?self"
    r"|go die|drop dead|go to hell|make a bomb|a bomb",
    r"(?:fuck|screw|eat shit|suck) (?:you|off|yourself|my|this bot|the bot|bot)|stfu|shut (?:the \w+ )?up"
    r"|i hate you|i will (?:kill|hurt|find) you",
    rf"you(?: are)?(?: (?:a|an|such|so|just|really|absolute|total|complete|fucking))* {_INSULT}|{_INSULT} (?:\w+ )?bot",
    r"bitch|asshole|dickhead|wanker|nigg\w+|faggot|cunt|motherfucker|retard",
)

_DO = (
    r"(?:buy|buying|sell|selling|hold|holding|short|shorting|trade|invest|investing|get in|get out|go long"
    r"|go short|long|dump|load up"
    r"|enter|entering|exit|own|owning|add|adding|dca|average down|take profits?|ape|yolo|hedge|cash out"
    r"|bail|keep|accumulate|cut|jump in"
    r"|pile in|pull the trigger|scoop|close|get into|stay in|trim)"
)
_WHO = r"(?:i|we|one|you|people|my|someone|anyone|me|he|she|a beginner|an investor|a newbie|it)"
_ADVICE_PHRASES = (
    rf"(?:should|shall|shoud|shuold|must|ought) (?:\w+ )?{_WHO}|(?:i|we) should",
    # is it a good moment, a good thing
    r"(?:good|bad|right|best|great|perfect|smart|wise|decent|worst|terrible|ideal) (?:time|moment|day|idea"
    r"|point|spot|level|move) (?:to|for|on)\b"
    rf"(?=.* (?:{_DO}|get|exchange|convert|change|start|be|put|sell|swap|bet|go|jump))",
    r"(?:is|was|would) (?:it|now|today|this|that|SYM|PAIR|buying \w+|\w+ trading|trading|investing"
    r"|a \w+ \w+|\w+)(?: \w+)? (?:a |an |the )?(?:really |pretty |actually |such a )?"
    r"(?:good|bad|smart|wise|safe|great|stupid|dumb|sensible|risky|sound|decent|terrible|solid|suitable|right|wrong) "
    r"(?:idea|move|time|buy|investment|bet|hold|entry|trade|pick|short|strategy|play|choice|option|to \w+"
    r"|for (?:me|a|my|beginners|someone|us|retirement|long))",
    r"(?:too late|too early|time|okay|safe|smart|wise|better|crazy|dumb|stupid|sane|risky|worth it"
    rf"|sensible) (?:for me |of me )?(?:to|for) (?:{_DO}|start|get|jump|hop|panic|back up|rotate|go)",
    rf"worth (?:it|buying|owning|a (?:buy|punt|shot|look|gamble)|the risk|getting|investing|holding|{_DO})"
    r"|(?:am|was) i (?:dumb|stupid|crazy|wrong|right|an idiot|nuts|smart)",
    r"(?:is|are) (?:SYM|PAIR|it|this|that|stocks|the market|gold|crypto|tech"
    r"|bonds) (?:\w+ )?(?:still )?(?:a |an )?(?:\w+ ){0,3}(?:buy|sell|hold|overvalued|undervalued|cheap|expensive"
    r"|overpriced|underpriced|investable|a steal|a bargain)",
    r"(?:SYM|PAIR) (?:a |an |still a |worth a )(?:\w+ )?(?:buy|sell|hold|short|keeper|steal|bargain)"
    r"|overvalued or|undervalued or",
    r"(?:is|are) \w+ (?:\w+ )?(?:smart|wise|safe|sensible|a better (?:investment|buy|bet|hold)"
    r"|better than (?:bonds|stocks|cash))(?: than| idea| right now| now|$)",
    r"what would (?:\w+ ){1,3}(?:buy|sell|hold|invest in)|(?:can|could) (?:i|we) (?:put|invest|stick|throw"
    r"|risk)|tips (?:for|on) (?:\w+ ){1,3}(?:investors?|traders?|investing|trading|beginners?)",
    r"too (?:late|early|risky|expensive|high|cheap) to(?: the)? (?:\w+ )?(?:SYM|buy|sell|party|get|trade"
    r"|enter|jump|invest|start)|help me (?:allocate|invest|save|rebalance|diversify)",
    # which one, what, how much
    rf"(?:which|what) (?:\w+ ){{0,5}}(?:to|should|would you|could i|do you think i should) (?:\w+ )?"
    rf"(?:{_DO}|pick|choose)",
    r"(?:which|what) (?:one|stock|fund|etf|coin|option|share)s? (?:is|are|s) (?:the |a )?(?:best|better"
    r"|good|safest|safer|smartest|right)",
    r"(?:which|what) (?:one |\w+ )?is (?:the |a )?(?:better|best|smarter|safer|good) (?:buy|investment|bet"
    r"|hold|pick|stock|trade|choice|long term)",
    r"what (?:do i|can i|would you|do you|could i) (?:buy|sell|invest|recommend|suggest|pick|hold|trade"
    r"|own|short)|what would (?:you|u) do|what to (?:buy|sell|short|hold|trade)",
    r"(?:best|safest|smartest|top|hottest|good|great) (?:\w+ )?(?:stocks?|etfs?|funds?|coins?|cryptos?"
    r"|investments?|trades?|options?|plays?|bets?|place|penny stocks?|shares?)"
    r" (?:to|for|right now|now|under|this (?:week|month|year)|i can|today)",
    r"(?:best|hottest|top) (?:stock|coin|etf|fund|investment|trade|crypto|pick)s?$|(?:your|any|some|top"
    r"|stock|hot|good) (?:\w+ )?(?:picks?|tips?|recs|recommendations?|suggestions)",
    r"how (?:much|many)\b.* (?:my (?:\w+ )?(?:savings|money|salary|portfolio|account|paycheck|income"
    r"|pension|capital|net worth|cash|401k|ira)"
    r"|(?:should|can|could|do|would) (?:i|we|you) (?:put|invest|buy|allocate|risk|bet|sell|save|hold|keep"
    rf"|spend|throw|need)|to (?:invest|risk|put|buy|allocate|bet|{_DO}))",
    r"(?:my|our) (?:\w+ )?(?:savings|life savings|portfolio|retirement|pension|NUM|ira|roth|inheritance"
    r"|paycheck|nest egg|house deposit|rent money|student loan|emergency fund|mortgage|college fund)",
    r"(?:a|the best|an ideal|good|balanced|safe) (?:\w+ )?(?:portfolio|allocation|asset mix)(?: for| with"
    r"| to|$)|(?:build|design|set me up with|review|rate|fix|check) (?:me )?(?:a|my"
    r"|our) (?:\w+ )?portfolio",
    # entries, exits, stops, strategies
    r"(?:good|best|right|ideal|decent|safe|better|perfect|nice|my|smart) (?:entry|exit|stop|stop loss"
    r"|position size|target|strike)(?: point| price| level)?s?(?= (?:for|on|in|into|here|point|price|be"
    r"|at)|$)",
    r"(?:where|how|when) (?:should|do|can|would|to|could) (?:i |we |you |one )?(?:put|place|set|invest"
    r"|park|exit|enter|take|buy|sell|get in|get out|stash|cut|add|short|hedge)\b"
    r"(?=.* (?:stops?|money|cash|savings|profits?|entry|SYM|it|losses|position|market|out|in|AMT|some|gains)\b)",
    r"how (?:do|can|would|could|to)(?: i| you| we| one| u)? (?:get rich|make (?:\w+ )?(?:money|profit|cash"
    r"|AMT|gains|bank)|double|beat the market|turn AMT|invest|become rich"
    r"|play (?:this|SYM|it|the)|trade (?:SYM|this|it|earnings)|allocate|start investing|protect my"
    r"|hedge my|recover my)",
    r"what (?:is|are|s)(?: \w+)? (?:my|a good|the best|the right|a safe|a reasonable|your|a decent"
    r"|the safest|a smart) (?:\w+ )?"
    r"(?:stop|size|entry|exit|allocation|strategy|portfolio|stocks?|investment|trade|play|move|stop loss"
    r"|target|etf|fund|coin|option|way to (?:invest|trade|make|buy|play)|time to)",
    # buy or sell
    r"(?:buy|hold|sell|long|short|in|keep|fold|stay in|calls|puts|call|put|buy the dip|wait"
    r"|bullish bet)(?: it| SYM)? or (?:not|buy|sell|hold|short|long|out|wait|dump|fold|pass|skip|bail|trim"
    r"|avoid|cash out|puts|calls|go|stay|put|call|keep|run)"
    r"(?! (?:option|market|order|position|term|run))(?!.*\b(?:difference|mean|differ)\b)",
    rf"(?:do|did|can|could|am|would|may|should) i (?:still |just |even |be )*(?:{_DO}|wait|panic|fold"
    r"|retire|afford|make money|get rich|trust|roll|need to (?:buy|sell)|sell|buy)",
    rf"(?:would|do|did|could|will|are|r) (?:you|u|yall|we|you guys) (?:\w+ )?(?:{_DO}|recommend|suggest"
    r"|advise|touch|bet on|rather|put|personally)",
    r"(?:do|would) (?:you|u) (?:think|reckon|say|feel|believe|like)\b.* (?:buy|sell|hold|invest|worth|safe"
    r"|short|wise|risky|overvalued|undervalued|good)",
    r"(?:thoughts|opinions?|views?|feelings|take|thinking|considering|tempted) (?:on|of|about"
    r"|to) (?:\w+ )?(?:buy|buying|selling|shorting|holding|investing|owning|going|getting|a position|sell"
    r"|short|invest)",
    r"(?:tell|advise|help|show) me (?:what|which|when|where|whether|if|how much|decide|choose"
    r"|pick)(?: \w+){0,3}? (?:to|i should|should i) (?:buy|sell|hold|invest|short|get|do|trade|pick|exit"
    r"|enter|own)",
    r"help me (?:decide|choose|pick|invest|build|plan|get rich|make money|trade)|pick (?:me )?(?:a|one"
    r"|some|my|me) (?:\w+ )?(?:stock|stocks|winner|etf|coin|fund)|pick for me|convince me"
    r"|pick (?:one|something|any)\b(?=.*\b(?:invest|buy|hold|trade|put)\b)",
    r"(?:gimme|give me|give us|drop|share|name|send me|find me|suggest|recommend)(?: me| us)? (?:a|an|some"
    r"|any|your|one|the|NUM|two|three|five)? ?(?:\w+ )?"
    r"(?:stocks?|tips?|picks?|plays?|trade ideas?|trades?|winners?|buys?|signals?|coins?|etfs?"
    r"|investments?|advice|multibagger)(?: to| for| please| now| that| i|$)",
    r"(?:recommend|advise|recommendations?|financial advice|investment advice|advice"
    r"|trade ideas?)(?= (?:me|for|on|a|any|some|please|to|stock|SYM|buying|selling|about|going|it|QQQ"
    r"|that)|$)",
    r"any (?:good |hot |solid )?(?:tips|picks|recommendations|recs|suggestions|advice|ideas|plays|stocks?"
    r"|trades|buys|gems)(?: to| for| today| now| right| worth| i|$)",
    r"(?:all in|yolo|go all in|going all in)(?: on| into)? (?:SYM|it|this|calls|puts|now|my|AMT)"
    r"|put (?:my |all |everything |AMT |it all |some |more |money )+(?:\w+ )?(?:in|into|on) (?!a chart"
    r"|the chart)",
    r"(?:suitable|right|appropriate|best|good|better|safe|smart|wise) (?:\w+ ){0,3}for (?:me|my|a beginner"
    r"|beginners|someone|retirement|my age|us|a small account|a newbie|long term|a teenager|newbies)",
    r"^(?:so |and |ok |time to )?(?:buy|sell|short|hold|dump|selling|buying) (?:SYM|it|this|the dip"
    r"|everything|now|all|some SYM|more SYM|my SYM|here)(?: now| here| today| tomorrow| yet| please"
    r"| for me| or what| right now| or)*$",
    r"(?:buy|sell|purchase|order)(?: me)? (?:NUM|some|AMT|a few|more)(?: shares?"
    r"| worth)?(?: of)? (?:the )?(?:SYM|shares)|place an? (?:\w+ )?order|(?:jump|hop|pile|dive|ape|buy|get"
    r"|fomo|go) (?:in|into|back in|out)(?: of| on)? (?:SYM|now|here|it|yet|before|today)",
    r"(?:who|who else|anyone|anybody|everyone|everybody|you|we all|yall) (?:is |still |else )*(?:buying"
    r"|selling|loading|shorting|holding|dumping)(?: the)? (?:SYM|PAIR|dip|here|today|now|this)",
)

_FUTURE = (
    r"(?:tomorrow|next (?:day|week|weeks|month|months|quarter|year|years|few|session|monday|tuesday"
    r"|wednesday|thursday|friday|couple|decade|PER|NUM|summer|winter|earnings|leg)"
    r"|by (?:the )?(?:end of|DATE|friday|monday|tuesday|wednesday|thursday|next|year end|christmas"
    r"|new year|eoy|eom|eow|tomorrow|summer|spring|close|winter|then|NUM|january|february|march|april"
    r"|june|july|august|september|october|november|december)|in NUM years?|later this (?:week|month|year)"
    r"|over the (?:next|coming)|in the (?:coming|future|near future|long run)|PER from now"
    r"|coming (?:week|month|year|days|months|PER)|going forward|years from now|eoy|after (?:earnings"
    r"|the fed|fomc|the election)|(?:this|the) coming (?:\w+))"
)
_THING = (
    r"(?:SYM|PAIR|CUR|RSTAR|market|markets|stocks?|shares?|price|prices|rally|rallies|range|rates?|fed"
    r"|dollar|gold|oil|crypto|bonds?|index|economy|recession|crash|bottom|top|correction|inflation|dip"
    r"|support|resistance|yields?|powell|bubble|stonks|momentum|roc|breakout|bulls?|bears?|small caps"
    r"|semis|tech|banks|pullback|bounce|reversal|squeeze|altseason|halving|silver|volatility|policy"
    r"|stance)"
)
_IT = rf"(?:{_THING}|it|this|that|they|these|things|we)"
_MOVE = (
    r"(?:go|goes|going|rise|rises|fall|falls|drop|drops|hit|hits|reach|reaches|crash|crashes|moon|pump"
    r"|pumps|dump|dumps|rip|rips|dip|dips|bounce|bounces|rally|rallies|rallying|recover|recovers|break"
    r"|breaks"
    r"|keep|continue|hold|be|end|ends|start|climb|tank|outperform|beat|top|bottom|close|open|do|get|stay"
    r"|double|triple|make|collapse|explode|pop|squeeze|survive|turn|reverse|move|last|happen|trade|see|cut"
    r"|raise|hike|pull|come|surpass|lose|gain|return|run|rebound|rocket|correct|stop|fail|sink|jump|finish"
    r"|cross|pass|flip|leave|retest|melt|soar|fly|grow|increase|decrease|weaken|strengthen|perform|tumble"
    r"|plunge|underperform|catch|overtake|still|trend|head|stall|fade|resume|land|trigger|strengthening)"
)
_WILL = (
    r"(?:will|going to|gon|gunna|could|might|bound to|about to|set to|due to|likely to|ready to|poised to"
    r"|expected to|destined to|supposed to|due for|overdue for|headed|heading|on track to|on course to)"
)
_FORECAST_PHRASES = (
    rf"(?:will|would|could|might|going to)(?: not)?(?: \w+){{0,4}}? {_IT}(?: \w+){{0,5}}? {_MOVE}",
    rf"{_IT}(?: \w+){{0,3}}? {_WILL}(?: not| ever| even| still| just| really| keep)?(?: {_MOVE}| a \w+| to"
    r"|$| higher| lower| up| down| for)",
    rf"^(?:(?:so|and|but|ok|well|do you think|you think|think) )*(?:will|going to) (?:{_IT}|there be)",
    rf"(?:does|do) (?:the )?{_IT} \w+ (?:PER|this \w+) or next",
    rf"where (?:will|would|could|do (?:you|we|they) (?:see|think)|you (?:see|think))(?: \w+){{0,4}}? {_IT}",
    rf"where (?:is|are)(?: \w+){{0,3}}? {_IT}(?: \w+)? (?:headed|heading|going|off to|end up)|where (?:next"
    r"|to next)|which (?:way|direction)\b.*(?:next|go|going|from here|break|tomorrow|will|headed)",
    r"predictions?|predict|predicting|prophecy|crystal ball|forecasts?|forecasting|outlook|odds"
    r"|chances? (?:of|that|SYM|for|we|it|the|are)|probability|likelihood|how likely|likely is it"
    r"|projections?|prognosis|foresee",
    r"(?:price|year end|eoy|end of year) targets?(?: for| on| of|$)|target (?:for|on|price (?:for|of|on))"
    r"|SYM (?:price )?target|expectations? for|expect(?:ed|ing)? (?:SYM|the|it|a|from|of|in|for)"
    r"|do you expect|your guess|best guess",
    r"(?:bull|bear) case|upside (?:for|in|left|from)|future (?:of|price|for) (?:the )?SYM|next (?:move"
    r"|stop|target|leg|direction)|(?:what|whats) (?:is )?(?:next|coming|ahead|in store) for"
    r"|direction (?:for|of) SYM",
    rf"{_FUTURE}",
    r"(?:is|was) (?:the|a|that the|this the) (?:bottom|top|low|peak)(?: in| near| close| yet)?$"
    r"|where is the (?:top|bottom|peak)(?: for| on| in|$)|(?:bottom|top) is in",
    r"(?:ever|still) (?:recover|come back|hit|reach|go back|get back|see)\b.*(?:SYM|it|NUM|AMT)",
    r"how (?:high|low|far|much higher|much lower|much further|much more|long) (?:can|will|could|might"
    r"|would|before|until)(?: \w+){0,4}? (?:go|get|climb|fall|drop|run|last|rise|sink|reach\w*|hits?|hold"
    r"|be|keep|recovers?|rally|crash)",
    r"(?:to the|moon|when|wen|see) (?:moon|lambo)(?: soon)?|(?:SYM|it) to the moon|moon soon|next (?:tesla"
    r"|nvidia|bitcoin|SYM|crash|bull run|recession|bear market|big (?:thing|mover|stock))|(?:SYM|it"
    r"|this) (?:100x|10x)",
    rf"when (?:will|is|does|do|are|would|can|could)(?: \w+){{0,3}}? {_IT}(?: \w+){{0,3}}? (?:going|recover"
    r"|happen|hit|reach|go|crash|moon|bottom|cut|hike|raise|pop|end|break|start|stop|turn|top|coming|come"
    r"|rally|be|due|pump|bounce|rip|back|over)",
    rf"(?:is|are|any|see)(?: \w+){{0,4}}? {_IT}(?: \w+){{0,2}}? (?:coming|incoming|imminent"
    r"|around the corner|on the horizon|on the way|inbound|due|overdue|near)(?! (?:on|off|from|back|out"
    r"|down|along|up))",
    r"(?:is|are) (?:\w+ ){0,4}(?:going to|gunna|about to|due for|bound to|likely to|set to|headed|heading"
    r"|poised|destined|overdue)\b.*(?:from here|next|tomorrow|again|soon|higher|lower|up|down|south|north)",
    r"(?:is|are) (?:\w+ ){0,4}going (?:up|down|higher|lower|to zero|to the moon)(?! (?:or down"
    r"|or up) (?:today|over|PER))(?! (?:today|over|PER))",
    r"can (?:the )?(?:SYM|it|this|that|rally|small caps|stocks|bulls|bears|market|PAIR|dollar"
    r"|fed)(?: rally)? (?:\w+ )?(?:keep|go|hit|reach|hold|get|continue|break|recover|double|survive|beat"
    r"|last|sustain|rally|make|climb|rise|fall"
    r"|drop|bounce|move|top|outperform|push|surpass|run|rip|stay|see)|(?:SYM|price|stocks?) (?:in"
    r"|by) (?:20[3-9]\d|NUM)$|be (?:worth|at|trading) (?:in|by|next|at|a year)",
)
_UNSAFE = _any(_UNSAFE_PHRASES)
_ADVICE = _any(_ADVICE_PHRASES)
_FORECAST = _any(_FORECAST_PHRASES)
_OURS = re.compile(rf"\b{_THING}\b")
_PRONOUN = re.compile(r"\b(?:it|this|that|they|we)\b")
_SO_FAR = re.compile(
    r"\b(?:still|done|stopped|finished|been|was|were) (?:going|heading|headed) (?:up|down|higher|lower)\b"
)
DECLINE_PATTERNS = (_UNSAFE.pattern, _ADVICE.pattern, _FORECAST.pattern)


def unsafe(text: str, line: str) -> bool:
    """Whether a message asks for secrets, for a mass ping or for harm, or is abuse."""
    return bool(_RAW.search(text) or _UNSAFE.search(line))


def advice(line: str) -> bool:
    """Whether a message asks what to do with money."""
    return bool(_ADVICE.search(line))


def forecast(line: str, strangers: float) -> bool:
    """Whether a message asks what a market will do; "it" is a market unless words of another topic stand beside it."""
    found = _FORECAST.search(_SO_FAR.sub(" ", line))
    return bool(found) and bool(_OURS.search(line) or (strangers < 1 and _PRONOUN.search(line)))
