"""What explains the gap between senders, and what another choice would probably have changed (docs/advice.md)."""
