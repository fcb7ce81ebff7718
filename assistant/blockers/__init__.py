"""What can stand between a subject and its customers?"""
