"""What to do with each contact that must not get the next email: actions, their price, exceptions, the way back."""
