"""What the OpenAPI description says of each operation, and the shapes of the answers."""
