"""Facts → rates, scores and bands with their uncertainty."""
