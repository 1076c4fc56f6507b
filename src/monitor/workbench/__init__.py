"""Tune keywords: replay the archive with a changed file, and see what would be gained and lost before it goes live."""
