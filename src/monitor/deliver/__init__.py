"""Empty the outbox; put the digest in it.

`dispatch` takes one message a destination at a time from the outbox to the world and writes down how it went;
`editions` gathers what a period brought and puts the letter into the same outbox, once per local date and recipient.
"""
