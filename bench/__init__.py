"""How fast is it, against what could not be left out?"""
