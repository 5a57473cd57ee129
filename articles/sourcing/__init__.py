"""Finding attributions in a text and keeping each on its words."""
