"""The small program in the officer's own PC: it holds the token, the browser holds the page. Started by `xaso agent`.

It knows no database and no Django. It listens on the machine's own loopback address, talks only with pages of the
addresses it was started for, only after a code shown here was typed there, and signs only what it can name.
"""
