"""Where do people ask and act?"""
