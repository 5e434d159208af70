"""What stands at one web address: a calendar or address book that is only read."""
