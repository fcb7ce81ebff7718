"""By which forms and buttons is something handed off and answered? One module for each step of that."""
