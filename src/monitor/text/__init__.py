"""Words: folding, tokens with positions, addresses, fingerprints and times; import the module you need."""
