"""Watches the news for trade-union staff who follow labour rights in Kazakhstan."""
