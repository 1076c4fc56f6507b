"""The wiring: real things are made here and nowhere else.

`environment` reads the clock and the environment, `house` opens the wire, the database and the channels, `jobs` owns
the timetable and `lock` makes sure that one data directory has one master.
"""
