"""How do we think? Knows neither Slack nor HTTP."""
