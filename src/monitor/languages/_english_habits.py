"""Habits of English that no rule shows: words that never inflect, and forms that became words of their own."""

# They stand inside phrases (out of work, the right to strike) and have no forms: *thing* is not a form of the.
_UNINFLECTED = (
    "a an the this that these those i you he she it we they me him us them my your his her its our their who whom whose "
    "which what and or but nor so yet if then than as at by for from in into of off on onto out over per to toward up "
    "upon via with without within about above across after against along among around before behind below beneath "
    "beside between beyond during except inside near outside since through throughout till under until unlike while "
    "although because unless whether not no none any some all both each every either neither much more most less "
    "least few very too also only just ever never always often again still already there here where when why how "
    "yesterday today tonight tomorrow etc"
)
UNINFLECTED = frozenset(_UNINFLECTED.split())

# Forms in -ing that are nouns of their own far more often than a verb: workers hold a meeting in a building.
_NOUNS_IN_ING = (
    "accounting advertising banking bedding being blessing boxing briefing building camping catering ceiling clothing "
    "cycling engineering evening feeling fishing flooring funding gambling gaming "
    "housing hunting icing king lighting marketing meeting morning packaging "
    "painting parking plumbing pricing pudding rating reasoning roofing ruling seating shipping shopping "
    "siding sightseeing spelling stocking surfing swimming training tubing understanding upbringing "
    "wedding wiring wording"
)
# Participles that are adjectives far more often than a verb: an interested party, an armed man, a willing helper.
_ADJECTIVES = (
    "aged advanced amazed amazing armed bored boring charming crowded dated dedicated detailed "
    "educated excited exciting experienced fascinating gifted interested interesting minded outstanding "
    "pleased relaxed relaxing skilled specialized specialised surprising talented thrilled tired tiring troubling united "
    "unprecedented varied wicked willing worried worrying concerned complicated limited exhausted frustrated frustrating "
    "embarrassed embarrassing overwhelming"
)
# Pasts that are another word far more often: to lay, the ground, a wound.
_PASTS = "ground lay wound"
# Plurals that mean something else than many of the thing: thanks, news, regards.
_PLURALS = "news regards thanks"

# Left out when a bare word is asked for; /v brings the participles back, /n the plurals.
OWN_VERB_FORMS = frozenset(f"{_NOUNS_IN_ING} {_ADJECTIVES} {_PASTS}".split())
OWN_PLURALS = frozenset(_PLURALS.split())

# The few verbs in -ee; every other word in -ee is a noun (a fee does not feed).
_VERBS_IN_EE = "agree decree disagree flee foresee free guarantee oversee pee referee see"
VERBS_IN_EE = frozenset(_VERBS_IN_EE.split())
