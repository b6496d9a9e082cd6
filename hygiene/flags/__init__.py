"""Facts → who must not get the next email, and why."""
