"""Ordinary words, mostly ones spelt nearly like a word of ours: never corrected into it, never taken for a symbol."""

from __future__ import annotations

EVERYDAY = frozenset(
    """
    abort accommodate accompanies accompany accordingly account actor actress acts advanced advances
    afraid airport album algebra algo alien alike alley alter altogether anchor android angel anger
    angle angry ant apart appended appending appends approved arise arises arising army arrange art
    aside asleep assist assistance aunt author awake awry baby backing bag balance balanced balancing
    ball bands bank banks bare baseball basket basketball batch bathroom battery beach bear bears bed
    bee beer behaving bells belly bet beta bible bike bind biology bird birthday bits bitter black
    blackjack blade blank blanket blending bless blocking blow blowing blows blue boat bold book books
    border bother bottle bounded bounding bowl box boxes boyfriend bracelet bracket brain branches brand
    brave bread breakfast bright bringing brings broom brown browsing brush bucket buff buffers bug bull
    bulls bump bumped bumps bundled bundles busy butterfly cable caching cake calc california caller
    came camera cancels candy car career carried carries cars cart carts casino cast casting castle
    casts catch catching cats causing cautious cell cells central certain chain chained chaining chair
    chance chances channels chant char chard charge charged charger charging charm charms chars chats
    cheat cheating checks cheese chemistry chicken child children china chocolate chooses choosing
    chopped chose church city claimed clash clashes clashing class classes clean cleaning cleans clear
    clearing clicked clicking clipped clipping clone cloned clones cloning closer closest clothes cloud
    clouds coach coat code codes coding coffee coin coins cold collar college color coloring comb
    comment comments commons compact companion comparisons competent competition compile compiled
    compiles complies complying compose composed composing compress compute computed computer computes
    computing concept concern concerned concerning concert congress connect connected connecting consent
    consented consolidated constitute cont contact contacted content contest context contract contracted
    contracts contrary convention conversions converter converters converts conveyed cook cooking cope
    copying core cores correct corrected correction correctly correlate cotton counted counting country
    county court cousin cover covered covering cow crafted crank crashes crashing crate creating
    creative cricket crime cull culture cup cure cutting cycling dance dancing dangling dare dark data
    dated dates dating deal dealing decent decided decides deciding declare declared declaring deem
    deems deep definite definitions definitive dentist derived derives deriving descent described
    describes designed desired dest destination destined destructive detached detailed devices devised
    dies differently differing digging dims dinner director dirty distinctions divorce doctest doctor
    dogs doll dolls dont door dots download downwards dragging dragon drain drained draining drank drawn
    draws dream dress drill drink drive driver driving dropdown drove dry dubious duck dump dumps dunder
    dying eagle earlier early earring earth ease easiest east eats edit edits elbow election elephant
    elevator elit email emit emits emitting enclosing engine england english episode equally eraser
    escape escaped essay event exam exceeded exercise exist exists exploit exploited exploits extends
    faces facets fact factors fade fail failing fails fake faking family farm farmer fashion fat father
    fear federal feed feeding feeds feel fetched fetches fever file fill filling fills film find finds
    finer fire fired fires firm fish fits fitting fixture fixtures flag flags flattening flight flip
    float flood flower flowing flows fold folding food football forcing forest fork forks form forming
    forms forth fortnite forwards found fractions france frank freezing french fresh fully function
    functional funny futures galaxy game games gaps garbage garden gas gate gather gave gender generally
    generate generic geography geometry german germany getter ghost girlfriend glass gloves glue goat
    god gold golf google goose governing government grace grade grain grained granting grape graphic
    grass grate green greeting grocery grouped grouping growing guided guides guild guitar gun guts gym
    hack hair haircut halt hammer handing handle handled handler handlers handles hands handy hang
    hanging happy hard hardened hardening hardest haste hat hatch hatching hate headache header headers
    heading headings headphones heads health heap heavy height heights held helping helps hero heroes
    hide highest hike hiking hinting hints hire history hitting hockey hold holding hole holiday home
    homework honored hood hook horizontally horse horses hospital host hosting hosts hot hotel hound
    hounds hour hours house hover hovers hug hundreds husband hyphens ideal ideas imply impossible inbox
    indenting indexes indicates indie inference info inherent injecting insect inserting insist install
    instruction interact intercept interested internet interview intro inversion invert inverted
    inverting invites ipad iphone italian italy jacket jail japan java jelly job joining joint joke
    jokes judge junk keen kettle key keyboard keys kids kill killing kinds king kiss kitchen knew knife
    knight knob knows lack lacking ladder laid lake lamp land landing landlord language laptop largely
    larger late latent latter laugh laws lawyer layer lazy lead league leak leaked leaking leaks
    learning leaving lecture lengths lengthy lets letter letters letting life light likes line linking
    links linting linux lion listing lists lite lives loader loaders loading loads lock locked locking
    locks logging login logs london lone longest loop looped looping loops looser loot losses lots
    lottery loud lunch lust mach mage mages magically mailing main makeup making mako mall managing
    manually manuals mapping maps mark marked marker markers marking marks married marry masking match
    matching math meanings measure measures meat medicine meeting menus mere merging mess messages
    microphone mileage milk mind minecraft mips mirror mixture mocking mode modes modification modified
    monitor monkey moon mop mope mortgage mother mountain mounted mouse mover movers movie movies muck
    muscle museum music mutually nail nails naturally nearest nearly neat necklace needing negative
    neither nerf nest nesting netflix nett newer newline nick nits node note noticed noticing notifies
    noting novel nowhere null numbered ocean offered office older omitting onward oops opens orange
    ordering orders ounce ounces ours oven owl pack packets packing paid pain paint painter painting
    pair pairing pan panic pants paper parade parents paris parking parrot parses parsing parts party
    pass passed passport paste pasting patch patching paying pays peace peaks pear pearl peek pen pencil
    pending penny percentages percentile percents perches perfect performances performant performs
    perfume periodic perm persons pesos philosophy phone phones photo physics piano picker picnic pie
    piece pieces pig pill pillow pilot pings pink pinning pivot pixel pizza plane planet plank plate
    player players plots plug plumbing poem poet poker police politics polling pooling popping pops port
    portability ported porting possibles possibly post posting posts pot pounce praise prayer predicate
    present presently president pressed presses pressing prevent pricey pricing pride prime primes
    prince princess print prints prison prize product production program props prose protest proud
    pruning psychology public publish pull pulling puppies puppy pure purple purse pushing putting
    python queen quest questions quicker quiet quietly quilt quirk quit quitting quot quota quoted
    quoting race races racing racket radio raid rain raise raises raising ranch rang ranged ranger
    rangers rant rants rare rat ratios rats razor reaching react reader readers readily readline reads
    ready realm reap rebasing rebinding recipe recipes recommended recommends recording recover recycle
    red redefined redefinition reduction refine reformed regarding relating relation relatively relay
    religion reloading relying remember remembers renaming rendering renders rent reordered replies
    reply report rerunning resetting resist rest restarted restarting restricting restriction resume
    retained retains retire retired retried reusing rewind riding rights ring risk risks river road
    robot rocket rodeo role rolling roof rope rotten rough rounded rounding rounds router routing rover
    rows rugby ruler runs sad safe sake salad salary sale salt salty sample samsung sane save saving
    scaling scanning scare scarf scholar scissors screen screw search searched searches season seconds
    section sections seed seek seeking seeks sees selectors self selling senate sending sends sensing
    sent serving sets setter setters settings severed shade shades shank shape shapes shard shared
    sharing shark sharp sheep shell shifting shipping ships shirt shock shocks shoes shop shopping shore
    shorten shorter shortest shot shower shown shuffle shutting shy sibling sick sides signing similarly
    simpler sine sing singing sister site sits sized sizes skill skin skipping skips sky sleep sleepy
    slice slip sliver slot slow slows smart smarter snake snare snow soap soccer sock socks soft soldier
    sole solid solving song songs sonic sorting sorts sound sounds soup sour sourced space spacing spain
    spam spanish spanning spare spawn speak speaker speaking spell spelling spice spicy spider spine
    spit splitting spoon sport sports spurious square stack stacked stacking stacks staff staging stairs
    standin stare stars starter startup stashed state stated states stating stay stays steady stem stems
    step stick sticker stickers sticks stimulate stocky stopped stopping stops store storing stork storm
    story strain strange stray street string stringent strings stripped stripping strongly stud student
    study style sugar suggest suite summing sun supper supported suppose surprises swapped swim swimming
    symbolic table tack tagging tags tainting talks tall tally tanks tape targets task taste tattoo
    teach teacher teams tends tennis test testing texas text texture theme thin thinking thinks thorough
    thought thousands threading thresholds threw throughput thunk ticket tickets ties tiger timed timer
    timers tips tire tired toilet token toll tonic tons took tooling tooth topic torn tort toss totals
    touched towel town trace traced traces tracing track tracked traffic trailing train training trains
    trapping trash treating tree trend trick tricks truck trunk tune turkey turning tv tweaking tying
    tyre unbalanced unbounded unchanged uncle undefined understands understood unordered unsetting
    update upload upwards usages users uses util vacation vacuum vague valley valued vampire various
    vary varying vast vector vectors venture verb version versions video village visa visually vote wait
    waited waiting waits wake walk walking wall wallet wanting war warm warnings warns wash waste wasted
    wasting watches watching water ways weak weather website wedding weighted weighting wet whatsoever
    wheel wheels wherever whine white whoever wide width wife wifi willing wind window windows wine wire
    wise wish wizard wolf wont wool wording working workout world worst wound wounds wrapped wrapper
    wrapping yanked yellow yoga york zeros zombie zooming
    """.split()
)
