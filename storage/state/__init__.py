"""What do one object's events amount to? Pure folds."""
