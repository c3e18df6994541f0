"""Fetching: a remote source becomes files in its landing folder, before landing begins.

What belongs here: connections to databases and to REDCap, their secrets, retries, snapshots.
What does not: judging or reading what was fetched. Landing does that with the files, so that every
byte passes the refusal of identifiers before it is archived, and so that the archive alone can
rebuild the warehouse without any server. This is the only room that speaks to other machines;
landing never does, which is why this is a room of its own.
"""
