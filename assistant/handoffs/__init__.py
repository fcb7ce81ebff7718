"""What is passed on between functions, where does each stand, and whose move is it?"""
