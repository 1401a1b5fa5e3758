"""The words the router knows, by what they do in a question. A word in none of these is of another topic."""

from __future__ import annotations

# Little words: they say nothing about the topic, in any question.
PLAIN = frozenset(
    """
    a all about above according across actual actually after again against ago ahead alone along already also
    although always am among an and another any anybody anyone anything are around as ask asking at away back
    basically be because been before behind being below best better between big bigger biggest bit both bottom
    bring but by call called calling calls can check come comes coming could currently curious did different do
    does doing done down during each either else end ended ends even ever every everyone everybody everything
    exactly explain fair far few fine first for from further get gets getting give given gives go goes going
    gone good got had half hand happen happened happening happens has have having he help her here hey him his
    how i if in inside instead into is it its itself just keep keeps kind know known last latest least left less
    let like little long look looked looking looks lot made make makes many maybe me mean meant means might mine
    more most much must my name named names near need needed needs never new news next no nobody none nor not
    nothing now number numbers of off often oh ok okay old on once one ones only onto or order other others our
    out over own part past please point possible put question quick quickly quite rather read reading real
    really recent recently right roughly round said same saw say saying says second see seem seems seen set
    several shall she short should show shows side simple simply since single so some somebody someone something
    sort start started starting starts still stop stuff such sure take taken takes taking talk tell telling
    tells term terms than thank thanks that the their them then there these they thing things think this those
    though three through throughout thus till time times to today together told too top toward towards true try
    trying turn two under understand until up upon us use used user using usually very want wanted wants was way
    we well went were what whatever when whenever where whether which while who whole whose why will with within
    without wonder wondering word words work works would yes yet you your yours zero yesterday tomorrow tonight
    morning afternoon four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty
    hundred thousand million billion minus plus percent couple exact meaning stand stands standing definition
    define defined stuck soon sooner later moment minute bro versus vs onwards live full general idea anywhere
    somewhere minutes straight total quickest detail details shortly kindly spot per
    """.split()
)

# Talk between people: harmless fillers.
CHAT = frozenset(
    """
    yo oi hey hi hello hiya sup lol lmao haha hah rofl fr ngl tbh imo imho smh omg bruh bro dude man mate lads guys
    folks fam boss chief friend friends peeps gang chat noob newbie beginner dumb silly stupid quick sorry thx
    ty cheers thanks pal mods anyone anybody everybody everyone room channel server bot rangefinder hmm hm um uh
    umm er ah oh ooh wow damn heck hell dang yeah yep yup nah nope aye like literally honestly legit lowkey
    highkey actually kinda sorta idk btw fyi asap cool nice great awesome sweet alright alrighty gotcha eh huh
    meh whoa sir ladies gents team people good morning evening afternoon night day gm gn rip wild crazy insane
    nuts mad serious seriously wondering random question bored curious confused lost keeps keep saying said says
    talking heard hear read saw seen forgot remind again fast real super pretty bit holy moly shit fuck fucking
    freaking bloody flipping bc innit aight ok okay k kk pls sec brother sis hun everyone's dear kindly would
    love wanna cmon come on though boring lil little old school welp well
    """.split()
)

# The field's own words, which make a question one of ours; spelling is mended towards these.
FIELD = frozenset(
    """
    price prices quote quotes trade trades traded trading trader market markets stock stocks share shares index
    indices fund funds etf symbol symbols ticker tickers chart charts charting graph graphs plot draw drawing
    picture candle candles candlestick candlesticks sketch visual visualise visualize compare compares comparing
    compared comparison outperform outperforming outperformed underperform underperforming underperformed
    stronger strongest weaker weakest strength relative performance perform performed performing performer
    performers momentum rate rates change changes changed changing return returns returned percentage velocity
    rank ranks ranking ranked rankings leaderboard leader leaders leading laggard laggards sort sorted order
    ordered list hottest hotter roc rsi etfs chips tech banks rally rallies rallying rallied
    rallys bounce bounced bouncing rebound rebounded rebounding recovery recovering recovered run running
    uptrend upswing upmove advance advancing upward ripping mooning soaring surging climbing climb climbed
    rising rise risen rose bullish bearish trough peak peaked drawdown range ranges ranging rangebound support
    supports resistance resistances floor ceiling sideways consolidating consolidation consolidate breakout
    breakouts breaking breaks broke broken break breakdown bound bounds band level levels flat flatlining choppy
    chopping boxed horizontal barrier zone zones channel trapped coiling moved moves move moving movement gain
    gains gained gaining loss lost lose loses losing drop drops dropped dropping fall falls fell falling fallen
    slide slid jump jumped jumps rip ripped dip dipped dips crash crashed tank tanked tanking decline declined
    declining slump slumped spike spiked sell sold selloff pump pumped dumped alert alerts alarm notify
    notification notifications notified ping warn warning remind message watch threshold crosses cross crossed
    crossing exceeds exceed passes reaches reach reached hits touches trigger triggers triggered exits leaves
    leave exit escapes goes turns flips slips sinks tops surpasses climbs rises clears currency currencies
    exchange convert converted conversion converting worth dollar dollars euro euros pound pounds yen neutral
    natural star estimate estimates estimated restrictive accommodative policy stance tight loose monetary fed
    stimulative setting dovish hawkish interest goldilocks easy russell reconstitution recon rebalance
    rebalancing reshuffle constituents constituent members member membership holdings components component
    companies company sectors sector weights weight weightings heaviest largest facts composition overview
    reconstituted rebalanced firms command commands manual instructions guide usage tutorial documentation docs
    features feature functions capabilities session sessions period periods daily weekly monthly quarterly
    yearly annual annually week weeks month months quarter quarters year years days day fortnight bars bar ytd
    date january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday weekend difference differences distinguish distinction differ
    differs contrast contrasted similar definition define defines defining explain explained explains describe
    meaning glossary term acronym abbreviation jargon latest current currently today value values recent close
    closed closes closing open opening high highs low lows cost costs costing priced fetch fetching going versus
    points point better worse beat beats beating bigger ahead behind leads lagging lag lags correlated
    correlation together spread ratio lately since should invest investing investment portfolio savings
    recommend prediction predict forecast outlook probability tracking sitting hovering reconstitute breach
    breached breaches intact alive dead size length head neck against tracks small caps large
    """.split()
)
