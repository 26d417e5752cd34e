"""Wrong answers without a name, of many copies: what they do, as drafts for a bank."""
