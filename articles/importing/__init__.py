"""Articles coming in: bytes → record → word check → working copy → report."""
