"""The read API, version 1: what readers can read, for programs.

It says nothing that pages don't say. Who asks is never asked: no account, no cookie, no key.
"""
