"""Ordinary English words that are titles of films and games as well: "It", "Heat", "Carrie".

Such a title without its year needs evidence of being one, see `builder.linking.evidence`.
"""

from __future__ import annotations

FUNCTION_WORDS = frozenset(
    """
    a about absolutely again agree all alright also always am amazing an and any anything are
    arent as at awesome back bad be beautiful been being best better big book books both
    brilliant but by can cant classic come congratulations cool correct could couldnt dad day
    definitely did didnt do does doesnt done dont down each edit eight else end enjoy enough
    even ever every everyone everything exactly excellent family fantastic few film films first
    five for four friend friends from fun game games get go good goodbye got gotcha great guy
    had hadnt has hasnt hate have havent he hello her here hes hey hi him his hmm hope how
    husband i id if ill im in into is isnt it its ive just kid kids know last let lets like lol
    lot love lovely made make man many may maybe me merry might mine mom more most movie movies
    much mum must my need never new next nice night nine no nor not nothing now of off oh ok
    okay old on one only onto or other our ours out over own people perfect please pretty really
    recommend right said same saw say second see seen seven shall she shes should shouldnt show
    shows six so some someone something sorry start still stop story stuff such sure take ten
    than thank thanks that thats the their theirs them then there theres these they theyre
    theyve thing things think third this those three time to too try two under up update us very
    want was wasnt watch watched way we welcome well were werent weve what whats when where
    which who whom whose why wife will with woman wonderful wont would wouldnt wow yeah year yes
    yet you youd youll your youre yours youve
    """.split()
)
"""Words so frequent that a capital letter says nothing."""

COMMON_WORDS = frozenset(
    """
    abandoned abduction accepted accident accountant accused adaptation addiction admission
    adrift adventure after afterlife aftermath agency air airplane airport alarm albino alien
    aliens alive alligator alone alter ambulance amnesia anarchy angel angels anger anguish
    animal animals annoying anonymous anywhere apartment apocalypse apprentice arena arrival
    artist ash ashes assassin assassination assassins assignment asylum atonement attack attic
    autumn avatar awake awakening away awkward babies baby babysitter bachelor bait balance
    ballet bandit bandits basic bat bats battle bay beach beaches bean bear beast beasts beauty
    become bed beginners beginning behind believe belly beloved below bent betrayal betrayed
    bird birds birth birthday black blackout blade blank blind blindness blink bliss block blood
    blow blue board boat body bodyguard bolt bomb bond bone bones border born boss bottom bound
    bounty bowl box boxer boy boys brain brave break breakdown breakfast breath breathe
    breathless breed brick bride bridge brief bright bring broken brother brothers bubble buddy
    bug bugs bully bunny burden burglar buried burn burning burnt bus business butcher butterfly
    cake call calm camp campaign candidate candy captain captive car care career cargo carnage
    cars cart casino castle cat catch cats cave celeste cell center century chain chamber
    champion chance change chaos chapter charade charge charm chase cheap check cheer chef
    cherish cherry chess child childhood children chips chocolate choice choke chopper chosen
    christmas chronicle church circle circus citizen city civilization claim class clean clear
    click client climax clock close closer cloud clown club clue clueless coach cocktail code
    coffee cold collector college colonel color colors coma comedian comedy coming commando
    common company competition con confessions confidence connected consent conspiracy constant
    contact contagion contempt contender contract control conversation convict convoy cook cop
    core cornered corporation corpse council counselor countdown country courier court cousins
    cover cows crack cradle craft crash crawl crazy creation creature creed creep crew crime
    crown cruise crush cry cube cure curse cursed cut cyborg daddy dance dancer danger dangerous
    dark darkness darling date dawn daylight days dead deadline deal dear death debt deception
    deep deliver delivery demolition demon demons den descent desert design despair destination
    destiny destroyer detachment detective detention devil devils devotion diamond diamonds
    diary dig diner dinner dinosaur directions dirt dirty disclosure disco disconnect discovery
    disgrace dish distance district divide divorce doctor dog dogs doll dolls dolphin doom
    doomed door doors dope double doubt downfall dragon dragons drama dread dream dreamer dreams
    dress drift drifter drive driven driver drop drown dual duel dumb dune dust duty earth
    earthquake east easy echo eclipse edge editor education election electric elephant elevator
    elf elite elsewhere embassy embrace empire enchanted encounter endings endless enemies enemy
    engine entourage escape eternal eternity eulogy europe evening event everest evidence evil
    ex exam excess exile exit expand experience experiment explorers exposed express extract
    extraction extraordinary eye eyes face factory faculty failure fair faith faithful fall
    fallen falling fame fan fanatic fans fantasy far farewell fast fat fate father fathers
    faults favorite favourite fear fearless feast feed feedback female fever field fifth fight
    fighter fighting figures finding fire fireflies fires firm fish fisherman flame flash
    flashback fled flesh flight flirt flood floor flow flower flowers fly flying focus fog
    follow following food fool fools foot football forbidden force foreigner forest forever
    forget forgotten forsaken fort fortress fortune forward founder fountain fox foxes fracture
    fractured frame frantic freak free freedom freeze freezer frenzy fresh frog frontier frost
    frozen fugitive full funeral fury fuse future gallery gambler gambling gang garage garden
    gas gate general generation genesis genius gentleman getaway ghost ghosts giant gift gifted
    girl girlfriend girls glass glory goal goat god goddess godfather gods gold golden gone goon
    goose gossip gothic grace graduate graduation grand grandmother gravity grease greed greedy
    green grey grid grief grip groove ground grounded group grown grudge guard guardian
    guardians guest guide guilty gun gunman guns hair half halloween halo hamlet hammer hand
    hands hangover happening happiest happiness happy hard harmony harvest haunted haunting
    havoc head heart hearts heat heaven heavy heiress heist held hell help hereditary heritage
    hero heroes hidden hide high higher highway hill hills history hit hitman hits holes holiday
    hollow home homecoming homeland honey honeymoon honor hood hook horizon horn horns horror
    horse horses hospital host hostage hostel hot hotel hours house household howl human
    humanity humans hunger hungry hunt hunted hunter hunters hurt hush hustler ice icon idea
    ideal identity idiot idiots idle idol illusion image imagination imagine immortal imposter
    impulse incident incredible independence infamous infection inferno infinite infinity
    influence informant informer inheritance injection ink innocence innocent innocents insane
    insecure inside insider insidious insomnia inspector instinct intern internal international
    interpreter interrogation interview intimacy intimate intruders invasion inventor invincible
    invisible invitation invited iron island isolation item jacket jackpot jail jealousy jeans
    jewel job jobs joker jolt journey joy judge juice jump junction jungle junior juror jury
    justice karma keys kick kicks kidnap kidnapped kidnapping kill killer killers killing kind
    kindergarten kinds king kingdom kingpin kings kiss kisses kitchen kite knife knight knights
    knock knowing labor labyrinth ladder ladies lady lake lamb land landscape lantern laser late
    laugh law lawn lawyer lead leader league leap leave leaving ledge left legacy legal legend
    legends lemon less lesson lessons letter letters liar liberty lie lies life lifted light
    lighthouse lightning lights limit limitless line link lion lions lips liquid list little
    live lives living local lock locked lodge lodger logan lonely long look loser losers loss
    lost lottery loud loved lover lovers loving low loyalty luck lucky lullaby lust luxury
    machine machines mad madness magic magician maid mail making male mama maniac map marathon
    march marine marines mark marriage mars mask massacre master masters match matchmaker maze
    mechanic meet melancholia memory men menace mental mercury mercy mermaid message messenger
    midnight midway mighty milk million millions mimic mind minions miracle mirage mirror
    mirrors misery misfits miss missing mission mist mistress mob model moment mommy money monk
    monkey monster monsters monument moon moonlight morning mortal mortuary motel mother mothers
    mountain mountains mouse mouth move moving mud mummy murder muse museum music mute mystery
    mystic myth naked name nanny nation national native natural naturally nature near necessary
    neck needle negative neighbors neighbours nerve network news nightmare nights ninja nobody
    noise none normal north notebook notice notorious nowhere nuclear numb number nun nurse nuts
    oasis obey object oblivion obsessed obsession obvious ocean oceans october odd odds odyssey
    office oil once open opera operation operator opportunity orange order ordinary original
    orphan orphanage orphans others outbreak outcast outlaw outlaws outpost outrage outside
    outsider outsiders overnight owl oxygen pain paint pale pan panic paper papers parachute
    paradise paradox parallel paranoia paranoid paranormal parasite parent parenthood parents
    park part partner party passage passengers passing passion past path patience patriot patrol
    pawn pay payback peace peaks peanut pearl perfectly performance perfume period perks persona
    personal persuasion pest pet pets phantom phenomenon phone photograph pianist piano pieces
    pig pilgrim pillow pilot pin pink pioneer pipe pirates pit pitch place plague plan planes
    planet plastic platform platoon play player players playground playing pleasure plot plus
    pocket point poison poker police pond pony pop popcorn poppy portal portrait possession
    possible post powder power practical prayer precious predator predators premature
    premonition prep presence present president pressure prey price pride priest primal primary
    prime primer prince princess principal prison prisoner prisoners private prize problem
    producer professor program project prom promise promised promises proof property prophecy
    proposal protection proud psycho public pulse pumpkin punch puppet pure purge purple pursuit
    push puzzle quarantine quartet queen quest question quick quicksand quiet quiz rabbits race
    racer racing radio rage raid rain rainbow raise rampage ran random ransom rare rat rats
    raven raw ray react reader ready real reality rear reason rebel rebellion rebirth reborn
    rebound record recruit red redemption reds reflection reign release relic religion remains
    remember remembering remote rendezvous renegade rent report rescue residue resistance resort
    respect rest restless restoration restraint result retribution return reunion revenant
    revenge reverse revolution revolver rich riches rid ride rift ring rings riot ripper rise
    rising risk rites ritual rival rivals river road roads roast rob robot robots rock rocket
    rocky rogue role romance romancing roof rooftop room roommate rooms root roots rope rose
    roses rough roulette round route royal rubber ruin ruins rules rumor run runaway rundown
    runner running rush rust ruthless sabotage sacrifice sad safe safety sail saint salt
    salvation sanctuary sand savage savages save saved saving savior scandal scarecrow scars
    scary scene school scoop score scout scream screen sea seal search searchers searching
    season secret secretary secrets security seed seeking self selfless senior sensation sense
    senseless separation sequel serenity serial series serious serpent service sessions set
    setup severance sex shade shadow shadows shaft shallow shame shark sharks sharp shattered
    sheep shelter shift shine shiner shining ship ships shock shoes shoot shooting shop short
    shorts shot shout showdown shower siblings sick side sideways siege sight sign signal
    signals signs silence silent silk silver simple sin sing singing single singles sinister
    sinners sir sister sisters situation skin sky skyscraper slacker slap slaughter sleep
    sleeping slice slow small smart smashed smile smoke smooth snap snatched sniper snow soap
    society solace sold soldier soldiers sole solid solitary solo somebody someday somewhere son
    song songs sons soon sorcerer soul souls sound source south space spark sparkle spawn
    special species speed spell sphere spice spider spiders spies spirit spirits splash split
    spoiler spotlight spread spring springs spy squad square squid stag stage stagecoach stairs
    stake stand standoff star stardust stars starter state static station status stay stealing
    stealth steam steel step stepfather steps stick sting stir stitches stolen stone stoned
    stones stories storm straight stranded strange stranger strangers stray stream street
    streets strength stress stretch strike string stripped stripper strong struck stuck student
    studio stuntman style submarine subway success sugar suicide suit summer sun sunrise sunset
    sunshine super superstar surf survival surviving survivor suspect suspects suspicion swarm
    sweet swimming swing switch switchblade sword syndicate system table taboo tag taken taking
    tale talent tales talk talking tall tank tape taps target taste taxi tea teacher teachers
    team tears teen teenage teeth telephone temptation tender tenet tension term terminal terms
    terror test testament therapy thief thin thirst thirteen thread threshold thrill thriller
    through thunder ticket tide tiger tigers tight timeline times tin titan title toast today
    together tomb tomboy tombstone tomorrow tone tonight tool top tormented torn tornado touch
    tough tour tourist tournament tower town toxic toy toys track tracks trade tradition traffic
    tragedy train training traitor trance transit transition trap trapped trash travel treasure
    tree trees trial triangle tribe tribute trick trigger trip triple trolls trooper trouble
    truce truck true truly trust truth tube tune tunnel turn turning tusk twelve twenty twilight
    twin twins twist twisted twister tyranny ugly ultimate unborn unbreakable uncle undead
    undercover underground underneath underwater underworld unfaithful unforgettable union
    united unity universe unknown until upgrade urban vacancy vacation valiant valley vampire
    vampires vanilla vanish vanished vanishing vanity variety vault velvet vengeance venom venus
    verdict vertical vibes vice victim victory video view villa village villain villains violet
    viral virgin virtual virtue virus vision visit visitor visitors voice voices void volcano
    volunteers vote vow voyage voyager vulgar wait waiting waitress wake waking walk walking
    wall wander wanted war wardrobe warm warning warrior warriors watching water wave waves
    wayward weather wedding wednesday weekend weird west western whale whatever wheels whipped
    whiskey whispers whistle white wicked widow widows wild wilder wildlife willow win wind
    window windows wine wing wings winner winter wisdom wish witch witches witness witnesses
    wizard wizards wolf wolves women wonder wonders woods word words work working world worlds
    worst worth wrath wrestler wrestling wrong yard years yellow yesterday young youngster youth
    zero zombie zombies zone zoo
    """.split()
)
"""Words that sentences are made of, in their key form."""

NAMES = frozenset(
    """
    adam africa alabama alaska alex alexander alfie alice amelia america amsterdam amy andre
    angela angie anna annie anthony april argentina arizona arlo arthur athens atlanta atlantis
    august australia austria baghdad bangkok barbara barcelona basil beirut belfast ben benny
    berlin bernie beth betty billy bobby bombay bonnie boris boston brazil brooklyn bruno
    brussels budapest caesar cairo california canada carl carlos caroline carrie casper
    cassandra cecil charlie charlotte che chicago china chloe christine christopher claire clara
    cleopatra clyde colette cooper cyrus daisy dallas dan daniel danny dave david december
    dennis denver detroit diana diane dora dublin duncan dunkirk eddie edward egypt eighteen
    eleanor elena eleven elizabeth ella ellen elmer emily emma england enid eric erin ernest
    esther ethan eva eve evelyn fanny february felix fido fifteen fifty flora florida forty
    fourteen france frances francis frank fred freddy frida friday geneva george georgia gerald
    germany gigi gilda gloria greece greta gus hanna hannah harold harriet harriett harry harvey
    havana hawaii hector heidi helen henry hiroshima holly hollywood homer hugo hundred ian ida
    india ingrid ireland irene iris isaac isabel israel istanbul italy ivan jack jackie jacob
    jakarta jake james jane january japan jason jean jeff jenny jeremy jerry jerusalem jesse
    jessica jim jimmy joan joanna joe joey john johnny jonah jonas jordan joseph josh joshua
    josie juan judith judy julia julian julie july june juno justin kansas karen kate katie ken
    kenny kentucky kevin kim kitty klaus korea lana larry laura lebanon lee lena leo leon
    leonard lewis lily linda lisa lisbon liz lola london louis louise lucas lucia lucy luke lulu
    lydia madrid maggie malibu manhattan marcus margaret margot maria marie marnie martha martin
    marty marvin mary matt matthew maude maurice max maya mel mexico miami michael michel mike
    mikey milan milo mina missouri mitch molly mona monaco monday monica montana monty morgan
    moscow munich muriel nadia nancy naomi nashville nate nebraska ned neil nell nevada nick
    nico nicole nina nineteen nixon nora norman november oklahoma olga oliver olivia ollie
    oregon oscar otis otto owen oxford pam paris patrick patty paul paulina penelope penny percy
    perry persia peter phil philadelphia philip phoebe poland polly portugal prague queenie
    queens quentin rachel ralph raymond rebecca rex rhoda richard rick ricky rio rita robert
    robin rocco rod roger roman rome ron rosalie rosie ross roxanne roy ruby rudy russia ruth
    ryan sally sam samantha samson samuel sandra sandy sara sarah sasha saturday scotland scott
    sean seattle selena selma september serena seventeen shane shanghai sharon shaun sheila
    siberia sicily sid simon sixteen sofia sophia sophie spain spencer stalingrad stan stella
    steve steven stuart sue sunday susan sweden sybil sydney sylvia syria tammy tara ted teddy
    teresa terri tess texas thelma theo thirty thomas thousand thursday tibet tim timothy tina
    toby todd tokyo tom tommy tony toronto tracy troy tuesday tyler ulysses utah valerie vanessa
    venice vera vermont vic victor victoria vienna vietnam vincent virginia wales wanda warren
    warsaw washington wendy wilbur william willy wilson winnie woody xavier yellowstone yves
    zach zoe
    """.split()
)
"""First names, places, months and days, which have a capital letter anyway."""
