"""Keywords in, hits with positions and reasons out.

`terms` is the little language of one line of the keyword file, `compile` makes a Matcher of the whole file, `engine`
finds, `rules` decides, `check` tells maintainers what is wrong. Import the module you need.
"""
