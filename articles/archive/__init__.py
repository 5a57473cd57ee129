"""The whole newsroom as one folder: backup, move to another database, and proof that nothing is
kept that can't be taken along.

``newsroom.jsonl`` holds one JSON object a line, in the order in which they refer to each other;
``files/`` the photos' files. Rows are named by uuid, path, slug, user name or number, never by row
number, so that writing, reading into an empty database and writing again gives the same files.
Reading commits batch by batch and goes on where it was stopped.
Left out on purpose: passwords, sessions, who is a superuser, notifications and preview links.
"""
