"""Before a campaign: whom not to write to, whether mail and domain are fit to be sent, and what is remembered."""
