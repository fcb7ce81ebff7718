"""Where do deliveries come from? Impure readers that feed intake."""
