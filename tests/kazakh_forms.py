"""What the tests of Kazakh ask again and again."""

from monitor.languages import kazakh
from monitor.text.fold import fold


def accepted(term, tokens, pos=None, make=kazakh.word):
    """Those of the tokens, as written in a text, that are forms of the term."""
    word = make(term) if make is kazakh.loan else make(term, pos)
    return [token for token in tokens.split() if word.matches(fold(token))]
