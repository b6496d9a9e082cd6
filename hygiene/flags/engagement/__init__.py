"""Who will still answer: the probability of a human reply to the next mails, and what silence means."""
