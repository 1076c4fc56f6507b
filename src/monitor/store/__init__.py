"""Feeds, articles, hits, stories and evidence at rest.

Every function takes the open database and belongs inside a `schema.transaction()` of its caller when it writes: one
unit of work is decided above, not here. `feeds` remembers polling, `articles` what was read and found, `stories` what
belongs together and what was judged, `facts` the few small things the running house must not forget.
"""
