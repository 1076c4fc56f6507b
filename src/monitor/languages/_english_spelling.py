"""British and American: labour and labor, organise and organize, centre and center are one word.

Only classes that are safe to swap by rule; where both spellings are words of their own (cheque and check, tyre and
tire, storey and story) a maintainer lists both.
"""

import re

_OUR = re.compile(
    "(lab|col|hon|fav|neighb|behavi|harb|hum|rum|vap|parl|arm|endeav|flav|sav|od|tum|vig|splend|val|cand|ranc|ard|ferv"
    "|clam|glam|demean|savi|rig)(ou?r)(?!at|ous|ar)"
)
_ISE = re.compile(r"(?<=[a-z]{2}[bcdfghjklmnrstvyz])i([sz])(e|er|ers|ing|ed|es|ation|able)$")
_YSE = re.compile(r"(?<=[a-z]l)y([sz])(e|er)$")
# Either spelling, and the same with any ending: theatregoer, licensed, dialogues
_PAIRS = (
    ("centre", "center"), ("theatre", "theater"), ("metre", "meter"), ("litre", "liter"), ("fibre", "fiber"),
    ("calibre", "caliber"), ("sabre", "saber"), ("spectre", "specter"), ("sombre", "somber"),
    ("licence", "license"), ("defence", "defense"), ("offence", "offense"), ("pretence", "pretense"),
    ("practice", "practise"), ("catalogue", "catalog"), ("dialogue", "dialog"), ("analogue", "analog"),
    ("programme", "program"), ("enrol", "enroll"), ("fulfil", "fulfill"), ("instalment", "installment"),
    ("skilful", "skillful"), ("wilful", "willful"), ("jewellery", "jewelry"), ("counsellor", "counselor"),
    ("councillor", "councilor"), ("traveller", "traveler"), ("grey", "gray"), ("plough", "plow"), ("mould", "mold"),
    ("aluminium", "aluminum"), ("sceptic", "skeptic"), ("judgement", "judgment"), ("sulphur", "sulfur"),
    ("acknowledgement", "acknowledgment"), ("manoeuvre", "maneuver"), ("paediatric", "pediatric"),
    ("haemorrhage", "hemorrhage"), ("anaemia", "anemia"), ("anaesthe", "anesthe"), ("artefact", "artifact"),
    ("enquir", "inquir"), ("cooperat", "co-operat"), ("coordinat", "co-ordinat"), ("aeroplane", "airplane"),
    ("gaol", "jail"), ("pyjama", "pajama"), ("moustache", "mustache"),
)  # fmt: skip
_OTHER_OF = dict(_PAIRS) | {american: british for british, american in _PAIRS}
_ANY = re.compile("|".join(sorted(_OTHER_OF, key=len, reverse=True)))


def variants(word: str) -> list[str]:
    """The word and its other spelling; usually just the word."""
    other = _OUR.sub(lambda match: match[1] + ("or" if match[2] == "our" else "our"), word)
    other = _ISE.sub(_swap, other)
    other = _YSE.sub(lambda match: f"y{_other_sibilant(match[1])}{match[2]}", other)
    other = _ANY.sub(lambda match: _OTHER_OF[match[0]], other)
    return list(dict.fromkeys((word, other)))


def _swap(match: re.Match[str]) -> str:
    return f"i{_other_sibilant(match[1])}{match[2]}"


def _other_sibilant(letter: str) -> str:
    return "z" if letter == "s" else "s"
