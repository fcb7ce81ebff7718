"""Where do we speak unasked?"""
