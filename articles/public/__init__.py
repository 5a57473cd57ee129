"""The reading side: reads publications and nothing else, writes nothing."""
