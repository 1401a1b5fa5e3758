"""Ordinary English words that look like a name of the glossary mistyped: they are meant as they stand.

The shortest forms of the words of SCOWL (sizes 35 and 60) that lie within the edits allowed for some name or a word of
one. A new term needs no new words here: a missing word can only let a guess through that is shown as a guess.

SCOWL is copyright 2000-2019 by Kevin Atkinson. Permission to use, copy, modify, distribute and sell these word lists
for any purpose is hereby granted without fee, provided that the above copyright notice appears in all copies.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from bot.glossary.word_forms import irregular_forms, stem

_SHORTEST: Final = 3
_ENDINGS: Final = (
    *(
        "s",
        "d",
        "es",
        "ed",
        "ing",
        "r",
        "er",
        "st",
        "est",
        "ers",
        "rs",
        "or",
        "ors",
        "ly",
        "y",
        "ly",
        "ment",
        "ments",
        "ness",
    ),
    *("ies", "ied", "ier", "ion", "ions", "ation", "ations", "able", "al", "ally", "ity"),
)


def is_everyday(word: str) -> bool:
    """Whether a word is ordinary English close to some name, as it stands or with an ending. A misspelt one is not."""
    word = irregular_forms().get(word, word)
    base = _by_stem().get(stem(word, _SHORTEST))
    if base is None or word == base:
        return base is not None
    cut = base[:-1]
    return any(word.startswith(root) and word[len(root) :] in _ENDINGS for root in (base, cut, base + base[-1]))


@cache
def _by_stem() -> dict[str, str]:
    return {stem(word, _SHORTEST): word for word in _WORDS.split()}


_WORDS: Final = """
    aback abate abet abide ability able aboard abode abort abound abroad abscond absent absolve abuse
    accede accent accessed acclaim accompany accost accountant accredit accustom ace aced achieve acid
    acing acquire acquisitive acre acreage across activist actuary acutest adapt addition adeline
    adjective adjure ado adopt adorable adore adorn adulate adv adverse advisory aeolus aeon aerie aery
    afar affect affinity affirm affix affront afloat african again age aged aggravate aggressor agile
    aging ago agree aground ahead aid ail aim air airline airport ajar ala alarm ale alga alias aliased
    alice alien alight align aline alit alive all allay allege allow alloy alms aloha along alongside
    aloud also altered alternatively alto altogether alyce amass amassed amaze amble ambulance amend
    amid amino amiss ammonia amp ampoule ampul analyze ancestor anchor anew angle angular ani ankara
    annex annul anoint anon another ant any apex append appetizer apple appoint apposite appreciate apt
    arbitrary arbitrate arc arcade arch archangel archive arcked arena argo argue aria arid arise
    aristocracy aristocratic ark arline arm around arouse arrange arrant arrive art arterial artwork
    ascent ash ashamed aside askance askew aspect aspersion aspire ass assail assent assert assess
    assist assistance assistant assoc assort assume assurance assure astaire aster astir astride ate
    atom atone attack attend attest auctioned audit aunt austere author automatic avail avenge avenue
    avert avis avoidable avow await awake awe awed awful awing awning awry axe axed axes axing aye
    babble babe backrest backward bacterial badge baggier bail bait bake balance bald bale baleen balk
    ball ballet balloon ballot ban bandage bandier bandit bang bani baotou bar barb bard barge bark barn
    barren barrett barrie bash basil basin bask bast bat batch bath battery battle baud bawl bay beach
    bead beak beam bean beard beast beauty beaver beavered became bed bedspread bee beef beeline been
    beer beet beetle befall befit beg beggar behave behavioral behind behold beirut belabor belief
    believe bell bellow belly belt bend benighted bent beret berg berry berta berth bertrand beset
    besought bestow bestrid bests bet bettered bettie beverage beware bewilder bewitch beyond biased
    biassed bib bicker bicycle bidden bike bile bill billow bin bind birch bird biscuit bit bitch
    bitterer bitterest blacken blackest blade blame bland blanket blare blase blast blaze bleak bleat
    bleed bleeder blent bless blessed blest blew blight blind blink blip blister blob bloc blog blond
    blood bloom blot blouse blowout blunder blunt blur blush bluster boa boar boast boat bob bodice
    boeotia bog boil bold boleyn bolt bomb bombard bone bonus boo book bookend booklet boolean boon boor
    boorish boost boot bootie bop border bore borough bosom bossy botch both bottle bough bouillon
    boulder bound bounty bouquet bout bow bowel bowlder boy boyish bra brace bracelet brag braid brain
    brake brand brant brash brass brat brave brawl bread break breast breath breed breeder brest bret
    brew bribe bridge bridle brighten bring brinier brink brisk broaden brocade broil brokered bronte
    bronze brood brook broom broth brought brow brown browse bruise brunt brush brusk bryant bubblier
    buber buck bucket buckle buckwheat bud budge buff buffered bug buggier bugle bulb bulge bulk bulldog
    bullet bully bum bump bun bundle bungle bunk buoy bur burble burg burlier burn burnish burp burrow
    burst bus bush busiest but buttery buzz bye byline cab cache cackle cad cafe cage cajole cake calf
    calk call callous callus calm calve cam cameo camp can cancer candy canine canker cankered cannery
    cannier cant cantered capable capek capered capet caprice capt captain captive caramel card caressed
    cargo carol carolled carouse carp carpet carrie cart carve case cashew cashier cask casket cast
    castle castrate cataclysm catcall catchier catchup catered cattail cause caution cave caw cease cede
    cell cellar cellist cent centralize century certainty cervical chafe chagrin chair chalet chalice
    chalk championed channelled chant chap chapel char chariot charm chartered chasm chassis chaste
    chasten chat chattier che cheapen cheat checkup cheek cheep cheery cheese chew chi chic chicano
    chick chid chidden chile chill chilli chime chimp chin chink chirp chock choice choke choppiest
    chore chortle chose chow chowder christen christian christmases chrome chuck chug churn cia cinch
    cindered cindy circuitry clack clam clamber clan clang clank clap clare clarification clash clasp
    classic classy clatter clattered clause claw clay clean cleanse cleave cleft clerk cleverer click
    climb clime clink clip cloak clobber clock clod clog cloister clone closest closet closure clot
    cloth clout clove clown club cluck clue clump clumsier clustered clutch clutter coach coal coalition
    coast coat coax cob cobble cock coerce coffee coffin cog coherence coincide coincidence coke col
    collage collate collect collective collie colored colt com coma comb comedian comic comma command
    commend commissioned commonest commotion commune compact comparatively compass compassed competent
    competitor complied compose composite compost composure con conceal concealed concede conceit
    concern concert concerti concerto concession conclude concoct concourse condense condom condone
    confection conference confessed confidence confident confine confiscate conform confound congruence
    congruent connect conquer consensuses consent consider console consonant consort constance
    constituency constitute constitutional constraint constrict construct consular consultant contact
    contagious contain contempt content contest contestant context contort contour contraception
    contradict contraption contrary contrast contrive convection convene convenience convent converge
    convert conveyed convict convulse coo cook cool coop coopered copeck copious cord cork corn cornered
    cornier coroner corporal correctional corrective corrode corrugate corrupt costlier cosy couch could
    counsel counteract countered countess coup couple courier course court cousin coverage covert covet
    cow coward cowered cowpox cox coy cpa crab crack crackle cradle craft crag crane crank crap crass
    crasser crassest crate crave crawl craze creak creakier cream crease creature cree creek cremate
    crescent crest crevice crew cricket cried cringe cripple crises crisp criteria critic croak crook
    croon crop crown crud crudest cruise crusade crust crustier cry crypt cryptic cryptozoic cub cuddle
    cue cuff cull cult culture cum cunning cur curable curb curdle curl currant curse curt curtest
    cushioned custard custody cutback cyclone cymbal cynic cyst czar dab dabble dad daffy dagger dairy
    daisy dale dallied dam damage damp dance dandy danger dangle dank dare darken darkest darling darn
    dart dash daub daunt davao dave dawdle dawn daze ddt deaden deadlier deadline deaf dealt dean dearth
    deb debase debug decease deceit deceive decide decisive deck declare decommission decoy decrease
    decry dedicate deduct deed deejay deem deepen deer deface defame defecate defective defend defense
    defensible deference deferred deficiency deficient defile deflect defoe defoliate deform deft
    deftest defy degrade deify deign deity deject delay delete deleverage deli delia delight delimit
    delint della delude deluge delusion delve dem demean demon demount demur den denote dent dentist
    depend depict deport depose deposit depressed depute derail derange deride derision descendant
    descendent descent desert deserve desist desolate destine destitute destruct detail detect deter
    detest devalue device devil devote dew dial dialect diaper diapered dice dictate did die diet
    dietary differed different dig digest digressed dike diligent dill dilly dim dimple din dingier
    dioxide directive direst dirt disability disable disciple discourse dish disjoint disk dismount
    dispute dissect disservice dissociate distance distend distinct distributive disuse ditch ditto
    ditty dive divergent diverse divert divest divide divine divisible divisor dna dock doctor dodge
    dodo doe dog dogie doily dole doll dollar dolt dominant dominate don donut doodle doom door dope dos
    doubly dour douse dowdier downtown doz drab draft drank drape draw drawl drawn dread dream dredge
    dressy dried drift drill drink drivel droll drone drool droop dross drought drover drown drowse
    drudge drug drum drunk dryden dub duck dud duel duelist duelled duellist duet duff dug duke dull
    dullest duly dumb dumfound dummy dun dung dunk duo dupe dust dustier dustiest dwarves dwell dye
    dying dynamite dynamo eagerer earl earmark earnest earth easel east eastern eat eave ebb eclair
    ecological ecology economist eddy edge edit educate eel egg eight eighth either eject eking elapse
    elate elbow elect elective electron eleven elf elias elise ellie elope eloy elude email emanate
    embark embed embody emergent emit emote employ employee empower empty emulate enable encase encircle
    enclose encode encore encounter encumber encyclical endive endless endow endurance endure enemy
    enforce engross enhance enlarge enlist enmity enquire enroll ensue entail entangle enter enthral
    entice entrails entrap entropy entrust entwine eon epic equaled equalled equine era erase erect
    ergonomic erode erotic erupt escape escort especial est esther etch eternal ethel ethereal eula
    evacuee evade evaluate evasion eve evenest evict evident eviller evoke ewe exact exalt excavate
    exceed exceeded excel except excerpt exclaim exclusive excrement excrete excuse executioner
    executive exempt exert exhale exhort exile exist expand expanse expect expectant expedite expelled
    expend expensive expiate explode exploit explore expo expose exposition expound express expressive
    extensive external extort extremest extrude exude eying fable face facet facial factual faculty
    faint fairest fake fallout falsest falter fame fan far farce fashion fasten fat fatality father
    fatten fault fawn fax faze fbi feast feat feather feature fecal feed feel feet feint feline fellow
    fells felt fen fence fend fer fermented ferocity fervent fest festered fetch fete fetuses feud fever
    few fez fiance fickle fiction fictional fiddle field fifth fig filch file fillet film filmier
    filtered filthier finale find fingered fir firefly firmest fish fission fissure fist fittest fixture
    fizz fizzle flail flair flak flame flank flannel flap flare flask flattery flaw fleck fled fledged
    flee fleet flesh flew flick fling flip flirt flit flock flog flood floored flop floss flossed
    flounce flour flout flowery flown flu flunk fluster flute fluttery foal foam fodder foe foetal fog
    foil foist fold foley folk fond fondle font fool foot footage footsies footstep for fora forage
    forbore forborne force forceps ford forearm forebode forego foreleg foreman foremen foresee forewarn
    foreword forgave forge forgive forgo format formulate fort forth fortune forum forwardest fought
    foul found foundling foundry fount fowl fox fragile frail franc fray freak freeway freight frequent
    fresh fret friction friend frigate fright frighten frill fringe frisk fritter fro frog frond frost
    fruit fry fuddle fudge fuel fuelled full fullback fum fun function functional fund fundamentalism
    fundamentalist funeral funnier fur furl furrow fuse fussier fussy futile fuze gab gable gag gaily
    gait gal gall gallery gamay game gamow gangling gap garage garb garble gargle garish garland garnet
    garret gary gash gasket gasp gassy gaunt gauze gave gawk gay gaze gazette gee geed geek gel gelatin
    geld gelt gem gemini gender generality genie genital gent gentile gentle gentry germ gesture ghost
    gift gig gild gill gilt gin ginger gird gist glad gladden glare glass glassy glaze gleam glean glide
    glint glisten glitter gloat gloated globule gloom gloss glossy glove glow glowered glue glum glut
    gnarl gnash gnat gnaw gnp goa goad goat gob gobble goblet god godless godlier golda golf gong goo
    goof goon goose gop gore gorge gosling gouge gould gout governmental gown grace graft grain gram
    grammar grand grant grape graphic grapple grasp grass grassy grate grave gray graze grease great
    greatest greedy green greet grenade grew greyest grieve grill grim grin grind grip grit grocer grope
    grossed ground grouse growl grub grudge grunt guard guayama guest guide guideline guild gull gullet
    gully gulp gum gummier gun gush gust gut gyrate hack hackish had hag haggle hah hail hair hal hall
    halo halt haltered hamlet hammered hamper hampered hamster hand handier hank happen happier harden
    hardest hardline hardtop hare hark harm harmon harmonica harp harrow harsh hart harvest has hassle
    haste hasten hat hatch haul haunt have hay headland headlong heal heap hear heard heat heath heaven
    heavier hector heed heel height heighten held hell hellish help hem hen her herald herb heretic hero
    heroin hesitant hesitate hew hey hick hid hideaway hill hillier hilt him hind hindered hing hint hip
    hire his hissed historian history hitch hither hiv hoagie hoagy hoard hoax hobble hock hodge hoe
    hoed hog hoist holdup hole holier holler hollow holst home homeward homie hon honk honored hood hoof
    hook hoop hoot hop hopeful hopi horde hormone horse hos host hound house housework hov hovered
    however howl huddle hue huff hug huh hulk hull hum humble humored hump hunch hung hungered hunk hurl
    hurry hurt hurtle hush husk huskier hustle hut hypotheses hysteric ibsen iced icon icy ide idealist
    idealize ids ifs ikon ill illus image immaculately immaterial immature immediately immerse imp
    impair impale impart impartial impassive impede impel impelled impend impersonal impertinent implore
    impose imposition impound imprint improbability impulse inability inaction inactive inane incense
    inch inchon incisor incite incline inclose include incorporate incremental ind indebted indecisive
    indent indifference indignity indirect indistinct indorse induce induct ineffective inefficient
    inertial infect infer inference inferred infest infidel infinite infirm inflame inflationary inflect
    inflict influence info infraction ingest inhale inherent inherit initialed inject ink inquire
    inquisitor ins insane insecure insensitive insert inset insigne insist insolence insolvent inspire
    instability instalment instance instant instigate instill instruct instrumental insulate insult
    insure int integral intend intense intensest intentional interact intercept interject intermediary
    internationally internet interred intersect interstate intestine intimate intolerance intrust invade
    invasion invent inventory invisible invite inward ion iou irate ire iris irk irregular isaac isolate
    issac itch iterate its ivy izaak jab jack jacket jackpot jade jaguar jail jam jangle jape jar jaunt
    jaw jay jeer jell jelly jerk jersey jest jet jew jig jilt jinx jitters jock jog join joint jollied
    jolt jot jounce journalism journalist journeyed joy judge jug juggle jugular juice jump jun junction
    just jut keel keen keep keg keillor keller ken kick kickoff kid kidnap kill kiln kilo kilobyte kilt
    kin kind kindest kindle kindred kink kiss kissed kit knack knead knee kneel knew knight knit knock
    knot know kopeck kopek label labored lace laciest lack laddered ladle lagos laid lain lair lake lam
    lamb lament lance lantern lap lapse lard large lark las lash lat latch lateral lath lathered laud
    laugh launder lavish law lax layout laze laziest lea lead leaf leaflet league leak lean leap leapt
    learn lease leash least leather lectern lecture led ledge lee leek leer leftest lefts legality
    legend leggin len lept les lessen lest letdown lettered letup levelled levy lewd lewdest lice lick
    lid lie lifelike lifeline lift lighten lightning like lilt limb lime limp lin linen linger link lint
    lip liquify lisp listen listless lit live liven lix load loadable loaf loam loath lob lobster local
    locket lodge loft logo loin loiter loitered loll lon longest loon loop loose loosen loosest loot lop
    lord lore loth lottery lotuses loud loudest lounge louse lousier love lowdown lowlier lowliest lsd
    luck luckier lug lumber lump lunch lung lurk lush lust lustier mable mac macho macro macron mad
    madcap magnate magnet magnificence maid mail maim main maj majored makeup male mall mallet malt mama
    mamma man manacle mange mangle maniac manic mankind mantel mantle manure map marble march margie
    maria marin marital market marlin maroon mart martial martin marvel marvin mas mash mask massage
    massed massive mast mat match materialism materialist maternal math mathematician matrices maul
    mawkish maxim maze meager meal mealier mean meander meant meat mechanic med media medial medic meek
    megaton mellow melt memo men menace mend menial menthol mentored meow mercy mere meridian merit
    merrier mes mesh messy metered mew mice microbe microchip midway might migrate mike mil mild mildest
    milk mill mime min mince mind mineral mingle minibus minim mink minnow minored mint minuet minus
    minuses minutest mir miracle misdeal mishap mislead misled mismanage misprint misread missile
    missive mist mistaken mistype misuse moan mob mod moderate modicum modifier modish molasses mold
    moldier mole mollify molt moment momentary momentous mon monastic monk monster monument moo moor
    moot mop morass moreover morn moron mortality mortify mos most mote motel moth mothered motioned
    motlier motored mound mount mourn mouse mousse mouth movie mow mown mrs muck mud muddle mug mulch
    mule mulish mull multiply mum munch mundane murder muse mush musket mussel mussy must mustard mute
    nab nag nail nair nanobot nap narrow nationality native nauru nay neat neatest neck neckline nee
    need negatived negotiate nehru neigh neither neon nerve nest nestle nether nettle neural neuter
    neutron newsy newt nicaea nice nick nifty nigh night nightshirt nikki nil nimble nine nip nit
    nitrate noblest nod noe noisier nokia nonintervention noodle nook noon nor nos notable notch notice
    notify nought noun now nuance nude nudge nuisance null numbered numbest nun nurture nut nuttier oaf
    oak oar oasis oath obey object oboe obscene observe obsessed ode offend offensive office offset
    offspring ohm ohs okay oking oks olden olfactory olive omega omen ominous omission omit oncoming
    onto onward operatic opine opium opponent opportunist opposite optimistic optimum optional oral
    orange orate orbit ordered ordinarily ore organizer orient other otter ouch ought ounce our oust
    outdo outgo outlaid outlast outlaw outline outlive outpost outside outstandingly outward ovation
    oven over overbear overbite overdid overdraw overeat overeaten overflow overhand overhear overheard
    overheat overheated overlie overload overprice overprint overreact override overseas oversee
    overshadow overshoot overshot oversight overstate overt overtake overtax overthought overuse
    overweight overwrought owe owing owl oxen oyster ozone pac pack packet pact pad paddle page pail
    paint pal palatial pall palm pamper pampered pan panel panelled pang panicky pansy pant pantry
    paperhanger papery parable parade paralysis paralytic parcel parcelled parch parent parentage pareto
    park parole parse parsley parson part participate particle partisan partizan pas passage passe
    passover pasta pastime pat patch patent paternal path patient patio patrol pattered paucity pauper
    pave paw pawn pea peal pear pearl peasant pease peat peck pedaled peek peel peep peer peeve pellet
    pelt penalize penance penchant pencil pend pendant penknives penniless pension pensive peon pep
    perfect perhaps peril periodic perk perl perm permanent persona personable personnel pert pertest
    perverse pervert pessimism pessimistic pest pestered pet petered petite petitioned petrolatum
    pettier pew pewter phase phial phone photo physician pickax picket pickier pickle piddle pie piece
    pier pig pike pile pill pillow pilot pimp pimple pimplier pinch pindar ping pinioned pinpoint pint
    pipeline pique pirate pis pit pitch pixie place plague plaid plain plank plant plaster plate plead
    please pleated pledge plight plo plod plop plow pluck plug plum plumage plumb plump plunder pluses
    plush ply pod poet poignant poise poke pol polar poll polo pomp pond poodle poop poorest pore pork
    porpoise portability portent portico portioned portlier portray possess possessed postmark postpone
    pot potency pottery pounce pour pout poverty powdery powered powerhouse practise prance prank prate
    pray precedence preciser predict preempt prefab prefect prefer pregnancy premier premise premiss
    prep presence preserve president press pressed pretend pretext prevent prick prickle pride priest
    prim primp prince princess print privacy privater privatest privier prize process processed
    processional prod productive prof profane profess professed proffered profuse progressed projectile
    prom properer propose proposition propriety prosecute prospect prospective prospered prostrate
    protest protract protrude proud prove prow prowl proxy prude prudent prune pry pub publish puck
    pudding puddle pullover pulp puma pumice pun punitive punk punt pup pure purge purple purport pus
    push pyre qua quack quadruped quadruplet quail quaint quake qualify qualitative quantify quantum
    quarrel quarry quart quash queen queered quell quest quibble quicken quicksilver quiet quilt quirk
    quit quota rabid race rack racket radiance radio raft rail rain raindrop raisin rake rakish raleigh
    rally ram ramble ranch rankle ransom rant rap rapid rapport rare rash rasp rat rational rationale
    rattiest rattle ravage rave raven ravish ray rayleigh raze reach react reactive readability readable
    readier readjust real realest realism realist realm ream reap reappoint rear rebate rebelled rebuild
    rebuilt rebut recall recapitulate recede receive receptor recess recessional recharge recipe recite
    reckless reckon reclaim recline recondite recount recover rectal recur recurrent recursion recycle
    red reddest redesign redirect redistribute redo reed reef reek reel referee referenda refill
    refinance refit reflect reflective reform refract refund refute regain regale regard regenerate
    regent regressed rehash rehearse reilly rein reis relapse relatively relax relay relegate relent
    relieve religion relish relive reload relocate rely remake remark remember remission remit
    remittance remnant remodel remorse remote remotest removable rename rend rendition reno rent reopen
    reorganize rep repair repent rephrase replied repose repository represent repressed reprint
    reproduction reprogram republic repute request requiem requisite reread rescind rescission resent
    reset reside resign resist resistant resolve resort resound respect respire rest restart restitution
    restive restless restrictive restructure resultant resume resumption retain retake retaliate retard
    retch retention retire retook retort retract retreat retry reuse rev revalue revealed revel revelled
    revenge revere reverence reverie revile revision revive revolt revulsion rewrite rewritten rib rice
    rid ridden riddle ridge rife rifle rift rig right rightest rightist rile rim ring rink rinse riot
    rip ripen riskiest rite rivet road roam roar roast rob rock rod role roll romp roof rook room roost
    rope rotund rotunda rouge rough roundest rouse rout row rowboat rowdier roy rub rubble rude rue ruff
    ruffle ruggeder ruing rumble rumored rump rumple rung runnier runt rupture ruse ruskin rust rustle
    rye sable sac sack sad sadden saddle sag said sail sake sal salable salient sallow salt saltest
    salute salve sample san sanction sand sang sank sap sapling sari sash saturate saucier saunter
    savage save sawn say scab scald scale scalene scalier scallion scallop scalpel scaly scamp scant
    scantier scar scarcest scarf scarier scarlet scarves scat scathing scent scholar school science
    scoff scold scoop scoot scope score scorn scour scout scowl scram scrap scratch scrawl scream
    screech screw screwier scroll scull scum scuttle seal seam seaport sear seat seaweed secede
    secession seclude secondarily secrecy sect secular secure securest seder sedge sediment seduce
    seduction see seedling seem seen seep seer seethe segregate seize selective semen sen send senior
    sense sensibility sentient sentimental sentry separate sera serenade serene serpent serve servile
    settable seventh seventy sever severe sew sex sexual shack shackle shad shaft shake shaken shale
    shall shallow sham shamble shape sharepoint shark sharp sharpen sharpest shat shawl she shear sheath
    sheave shed sheen sheep sheered shelf shell shelter shelve sheol sherbet shield shift shillong shim
    shin shingle shinier ship shire shirk shirt shoaled shock shod shodden shoe shook shore shorn
    shortage shorten shortest shot shouldered shout shove show showdown showery shrank shredded shriek
    shrill shrug shuck shudder shuffle shun shunt shut sibling sic sick sicken sidelong sidewalk sidle
    sieve sift sigh sight signaled silence sill sillier silt silvery simile simper simplest simplex sin
    sincere sincerest sing sink sip sir sissier sister sit six sizable sizzle skate skid skill skillet
    skim skin skip skirt skunk skylight skyline slacken slag slake slam slander slant slap slash slat
    slav slay sled sleek sleep sleet slender slew slice slick slid slight slim sling slink slit sliver
    slivered slob slog slop slosh slot slowest slug slum slumber slunk slush sly smack small smash smear
    smell smellier smelt smirk smit smitten smock smokier smolder smooth smother smoulder snack snag
    snail snake snap snare snarl snatch sneak sneered sneeze snicker snide snigger snip snitch snoop
    snooze snore snort snot snow snowfall snub snug soak soap soar sob sobered sock socket sod sodden
    sofa softest soil sol solder soldiered soli solid solo soluble solution solve solvency some son song
    soon soot sooth sop sore sorrow sort sos sought sound soup sour source sovereignty sow sown sox spa
    space spacial spade spake span spangle spank spar sparest spark spat spatial spawn speak spear spec
    specialty specify speck specter sped speed speedy spell spew sphere spice spigot spike spill spilt
    spin spiraled spirit spit splat splice splint split splurge spock spoil spoke sponge spook spool
    spoon spoored sport spout spray spreeing springy sprint spruce spry spud spunk spur spurn spurt spy
    squad squall squarest squeak squealed squire stab stable stablest stack staff stag stain stair stale
    stalest stalk stall stamina stammer stamp stanch stand stank star starch stark startle starve stat
    statesmen statistician statue stature staunch stave stay stead stealing steam steel steep steeple
    steered stellar stem step sterile stew steward stick stickier stickler stifle stigma still stilt
    stimulate stimuli sting stink stint stipulate stir stitch stock stockade stockpile stoke stol
    stomach stomp stone stoop stop stoppage store stork storm stow straggle straightforward strain
    strand strange strangle strap stratify straw stray streak stream strengthen strew stricken stride
    strife string stringy strip strive striven stroke stroll stronghold struggle strung stub stubble
    stucco stuck stumble stump stun stunk stunt sturdy subcontract subjective subnormal subside success
    succor such suckered suckle suction sue sued suffer suffered sufficient suing suit suitability
    suitable sulk sulkier summarily summery sun sung sunkist sunni sunrise superb supple suppose sure
    surge surgery surlier surmise surveyed suspend swab swag swam swamp swarm swat swath sway swear
    sweat sweating sweeten swell swept swerve swig swill swim swine swipe swirl switch swoon swoop sword
    symbolic symbolism symmetry tab table tablet tabu tack tackier tackiest tackle tact tag tailored
    taint take takeoff takeout tale talk tall tallest tam tamp tampered tan tang tangent tangible tangle
    tango tank tankard tap tar tardier tarrier tart tartest tasered task tassel taste tattle taunt
    taxable taxi tea teach teak team tear tease teat technician tedium tee teed teem teen teeter teeth
    tell tempered temporal temporarily tempt tenable tend tendered tendon tendril tense tent tenure
    termini terminus testable testify tether text than thank thatch thaw thea them then theorem there
    thick thicken thicket thigh thing think thirty this thorough though thought thousandth thrash thread
    threw thrift thrill thrive thriven throb throng through thud thunder thundered thwart thy ticket
    tickle tide tie tier tight till tin tinder ting tinker tinkle tinnier tint tipi tipsy tirade tire
    tireder tissue tit title tnt toast toddle toe toil toke told tolerable tolerant tolerate toll tomb
    ton tong tongue tool toot topple tor torch torpedo torrent toss tossed tost totaled toucan tough
    tour tousle tout tow toward towel towered town toy trace tracery track tract tragedy train trait
    tramp trample trance transit translate trash travel travelog traverse trawl tray tread treason
    treasure treble tree trek trellised trench trend trendier trendiest trent trial trialed trick
    trickery trickier trickle trifle triggered trill trim trina trinity trio trip triplet trite tritest
    trivial troll troop trot trouble trounce troupe truce truck trudge truest trunk try tsar tub tuck
    tuft tug tuition tumble tums turin turn tvs twang tweak tweet twig twinge twirl twist twitch tycoon
    udder ufo ultimate ulysses unaccepted unassigned unavailable unblock uncertain uncommon
    unconditional uncover underflow undergo underlain underlies underline undertake undo uneconomic
    unequal unexpected unfilled unfit unfold uniform uninformed unlock unmarked unmarried unmodified
    unnatural unprotected unsigned unsound unstable untie untied unto unwillingly unwritten update upend
    uphill uphold uplift upped upright uprising ups upset upstanding upstart upturn urgency urine urn
    use useable used usual uttered vacate vacillate vagrant vague vain valet valium valve van vape
    variable variant variate variety varsity vase vast vat vault vcr veal vector veer vega vegan veil
    vein vellum vend vent venture veracity verge verification verse versification versify vest vet veto
    vex via viability vibrate vic victor victory vie vii vine viola vip visa vise visibly visit vivid
    vocal vogue voice void volition volley volt volubility vote vow vulture wad waddle waft wagered wail
    wait waive wake wale walkout wallet wallop wallow walnut waltz wan wand want war warble ward wariest
    warm warmest warn warp warren was washbasin wasp waste watery wavered waviest wax way wayside weaken
    weakling wean wear wearier weather weave wed wedge wedgie wee weed weekday weep weer weest weigh
    weightier weird weld well welt wept wet wettest whack wharves what wheedle wheeze where whet whether
    whew while whim whine whir whirl whisk whistle whiten whitest whittle whiz who whole wholesome whoop
    whopper wicket widen widespread widow width wield wife wig wildest wile wilier wilt wince winch wind
    windier wing wink winsome winter winteriest wintery wipe wire wis wish wist wit without wive wiz
    wobble woe wok woken wolf wonder wont woo wood woof wool wordier wore worm worn worsts wot would
    wound wove wow wrangle wreak wreck wren wrest wright wring writhe wrong wrote wrought wry xci xiv
    xix yack yak yam yank yap yard yearling yearn yeastier yell yellow yelp yemeni yes yessed yet yew
    yip yock yodel yoke yokel yolk young yowl zane zeal zest zeta zillion zinc zincked zip zoo zoom
"""
