"""English words that do not follow the rules: verbs with their past and participles, nouns with their plurals."""

# Each row: the verb, then every form but -s and -ing, which are regular (getting, begins).
_VERBS = """
abide abode abided|arise arose arisen|awake awoke awoken awaked|bear bore borne born|beat beat beaten
become became become|befall befell befallen|beget begot begat begotten|begin began begun|behold beheld
bend bent|beset beset|bet bet betted|bid bid bade bidden|bind bound|bite bit bitten|bleed bled|blow blew blown
break broke broken|breed bred|bring brought|broadcast broadcast broadcasted|build built|burn burnt burned
burst burst|bust bust busted|buy bought|cast cast|catch caught|choose chose chosen|cling clung|come came come
cost cost costed|creep crept|cut cut|deal dealt|dig dug|draw drew drawn|dream dreamt dreamed|drink drank drunk
drive drove driven|dwell dwelt dwelled|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found
fit fit fitted|flee fled|fling flung|fly flew flown|forbid forbade forbad forbidden|forecast forecast forecasted
forget forgot forgotten|forgive forgave forgiven|forgo forwent forgone|forsake forsook forsaken|freeze froze frozen
get got gotten|give gave given|grind ground|grow grew grown|hang hung hanged|hear heard|hide hid hidden|hit hit
hold held|hurt hurt|input input inputted|keep kept|kneel knelt kneeled|knit knit knitted|know knew known|lay laid
lead led|lean leant leaned|leap leapt leaped|learn learnt learned|leave left|lend lent|let let|lie lay lain lied
light lit lighted|lose lost|make made|mean meant|meet met|mislead misled|mistake mistook mistaken|mow mowed mown
offset offset|output output outputted|partake partook partaken|pay paid payed|plead pleaded pled|prove proved proven
put put|quit quit quitted|read read|rend rent|rid rid ridded|ride rode ridden|ring rang rung|rise rose risen
run ran run|saw sawed sawn|say said|see saw seen|seek sought|sell sold|send sent|set set|sew sewed sewn
shake shook shaken|shear sheared shorn|shed shed|shine shone shined|shoot shot|show showed shown|shrink shrank shrunk
shut shut|sing sang sung|sink sank sunk sunken|sit sat|slay slew slain|sleep slept|slide slid|sling slung|slit slit
smell smelt smelled|sneak sneaked snuck|sow sowed sown|speak spoke spoken|speed sped speeded|spell spelt spelled
spend spent|spill spilt spilled|spin spun|spit spat spit|split split|spoil spoilt spoiled|spread spread
spring sprang sprung|stand stood|steal stole stolen|stick stuck|sting stung|stink stank stunk|strew strewed strewn
stride strode stridden|strike struck stricken|string strung|strive strove striven strived|swear swore sworn
sweat sweat sweated|sweep swept|swell swelled swollen|swim swam swum|swing swung|take took taken|teach taught
tear tore torn|tell told|think thought|thrive thrived throve thriven|throw threw thrown|thrust thrust
tread trod trodden|undergo underwent undergone|understand understood|undertake undertook undertaken|upset upset
wake woke woken waked|wear wore worn|weave wove woven weaved|wed wed wedded|weep wept|wet wet wetted|win won
wind wound|withdraw withdrew withdrawn|withhold withheld|withstand withstood|wring wrung|write wrote written
be am is are was were been being|have has had having|do does did done doing|go goes went gone going
die died dying|tie tied tying|vie vied vying|dye dyed dyeing|singe singed singeing|bus bused bussed busing bussing
benefit benefited benefitted|focus focused focussed focusing focussing
bias biased biassed|worship worshipped worshiped
kidnap kidnapped kidnaped|program programmed programed|age aged aging ageing|relay relayed relaid|sync synced syncing synched synching
""".replace("\n", "|")

# Each row: the noun, then its plurals.
_NOUNS = """
man men|woman women|child children|person persons|foot feet|tooth teeth|goose geese|mouse mice|louse lice|ox oxen
penny pennies pence|brother brothers brethren|half halves|calf calves|elf elves|knife knives|leaf leaves
life lives|loaf loaves|scarf scarves scarfs|self selves|shelf shelves|sheaf sheaves|thief thieves|wife wives
wolf wolves|wharf wharves wharfs|hoof hooves hoofs|dwarf dwarfs dwarves|staff staff staffs staves
alumnus alumni|bacterium bacteria|cactus cacti cactuses|corpus corpora|criterion criteria criterions
curriculum curricula curriculums|datum data|focus focuses foci|formula formulas formulae|forum forums fora
fungus fungi|genus genera|index indexes indices|larva larvae|matrix matrices|medium media mediums
memorandum memoranda memorandums|nucleus nuclei|opus opera|phenomenon phenomena|quantum quanta|radius radii
referendum referendums referenda|stadium stadiums stadia|stimulus stimuli|stratum strata|syllabus syllabuses syllabi
symposium symposia|terminus termini|vertebra vertebrae|vertex vertices|appendix appendices appendixes|bureau bureaus bureaux
plateau plateaus plateaux|quiz quizzes|chassis chassis|corps corps|sheep sheep|deer deer|fish fish fishes|salmon salmon
aircraft aircraft|spacecraft spacecraft|hovercraft hovercraft|series series|species species|headquarters headquarters
gallows gallows|crossroads crossroads|personnel personnel|cattle cattle|police police|news news|offspring offspring
swine swine|shrimp shrimp shrimps|passerby passersby|bus buses busses|gas gases gasses|axis axes
hero heroes|potato potatoes|tomato tomatoes|echo echoes|veto vetoes|torpedo torpedoes|embargo embargoes|domino dominoes
negro negroes|cargo cargoes cargos|tornado tornadoes tornados|volcano volcanoes volcanos|mosquito mosquitoes mosquitos
mango mangoes mangos|buffalo buffaloes buffalos|zero zeros zeroes|motto mottoes mottos|halo haloes halos
memento mementoes mementos|fresco frescoes frescos|desperado desperadoes|innuendo innuendoes innuendos|hobo hoboes hobos
stomach stomachs|monarch monarchs|patriarch patriarchs|matriarch matriarchs|oligarch oligarchs|epoch epochs|tech techs
czech czechs|loch lochs|eunuch eunuchs
""".replace("\n", "|")


def _table(text: str) -> dict[str, tuple[str, ...]]:
    rows = (row.split() for row in text.split("|") if row)
    return {base: tuple(forms) for base, *forms in rows}


VERBS = _table(_VERBS)
NOUNS = _table(_NOUNS)

# What may stand before an irregular verb without changing it: rebuilt, overtook, misunderstood, outsold
PREFIXES = ("counter", "under", "over", "fore", "with", "out", "mis", "pre", "re", "un", "up")

# Verbs of several syllables that are stressed on the last: submitted, deferred, compelled. The others do not double
# (benefited, offered, visited), except that the British double every l.
_STRESSED_AT_THE_END = (
    "abet abhor abut acquit admit aver befit begin bedevil commit compel concur confer control corral debar defer "
    "deter disbar dispel embed emit enrol equip excel expel extol forbid forget handicap hobnob impel incur infer inter "
    "input instil kidnap misfit nonplus occur offset omit outfit outwit output patrol permit prefer program propel "
    "rebel rebut recur refer regret remit repel rerun reset resubmit retrofit submit transfer transmit trepan unfit "
    "unplug unwrap upset worship zigzag diagram format combat"
)
STRESSED_AT_THE_END = frozenset(_STRESSED_AT_THE_END.split())
