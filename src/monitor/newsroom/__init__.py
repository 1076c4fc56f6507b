"""The demo: a small press on loopback, fifteen invented outlets on one day of news, told in two acts.

`outlets` is the list of outlets and the feeds file of the demo, `shelf` turns the packaged pages into what a server
hands out, `press` is that server, and `demo` plays the two acts. Every outlet, every person and every employer in a
dispute is invented; real towns and institutions only set the scene. What each item should lead to, and why, is in
`tests/data/newsroom_expected.json`.

How the pages lie on disk: `pages/act1/<outlet>/` and `pages/act2/<outlet>/` hold feeds (or the page that is read in their place) and articles, `pages/frames/`
what an outlet puts around an article. Act 2 lies over act 1: what it does not hold is served from act 1, unchanged.
`@BASE@` stands for the server's address. All files are UTF-8; an outlet with another charset is encoded on the way out.
"""
