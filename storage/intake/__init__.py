"""Which deliveries say what? One pure module per source: (headers, payload) -> events."""
