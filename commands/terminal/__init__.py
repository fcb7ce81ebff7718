"""How do people ask and act from a terminal?"""
