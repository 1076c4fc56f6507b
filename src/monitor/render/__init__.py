"""Words for people, in three languages from one catalogue: cards, letters, notices, and safe cutting."""
