"""How does a mistake of the person who asks reach that person?"""


class UserError(Exception):
    """Something the person can put right; its text is shown to them as it is, so it says what to do next."""
