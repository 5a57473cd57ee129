"""Who may do what (permissions), what stands against it (gates), and doing it (transitions)."""
