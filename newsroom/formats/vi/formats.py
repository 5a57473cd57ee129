"""What Django's own formats for Vietnamese leave out."""

FIRST_DAY_OF_WEEK = 1
NUMBER_GROUPING = 3
