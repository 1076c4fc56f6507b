"""What people configure: the environment's settings and the YAML files, read once and checked whole.

`settings` reads the environment; `files` reads the folder of YAML files into one Configuration, with every mistake
at once as file:line:column; `lastgood` keeps the last files that were good. Below them: `yaml` (text to nodes that
know their place), `shapes` and one module per file (nodes to nouns), `values` (the small notations both share).
"""
