"""Who reads what of a handoff, when, and where does it stand?"""
