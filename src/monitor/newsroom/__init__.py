"""The demo: a small press on loopback, a dozen invented outlets on one day of news, told in two acts.

`outlets` is the list of outlets and the feeds file of the demo, `shelf` turns the packaged pages into what a server
hands out, and `press` is that server. Every outlet, person and employer in `pages/` is invented.

How the pages lie on disk: `pages/act1/<outlet>/` and `pages/act2/<outlet>/` hold feeds and articles, `pages/frames/`
what an outlet puts around an article. Act 2 lies over act 1: what it does not hold is served from act 1, unchanged.
`@BASE@` stands for the server's address. All files are UTF-8; an outlet with another charset is encoded on the way out.
"""
