"""Publishing: build a release beside the last one, verify it, switch to it.

What belongs here: copying declared tables, their comments, hashes, fsync and the switch.
What does not: computing anything. Every published number was made by a mart.
"""
