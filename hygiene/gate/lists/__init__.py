"""The scorecard of list sources and import batches: what each is worth, who is to blame, what to hold back."""
