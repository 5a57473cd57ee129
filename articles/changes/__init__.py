"""What differs between two versions of a story, what kind of change it is, and joining two."""
