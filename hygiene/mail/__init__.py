"""What a mail or a server's answer says: whose fault a bounce is, and whether a reply is a person's."""
