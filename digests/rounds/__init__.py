"""What is said of a round, to whom and when, and which rounds begin by themselves?"""
