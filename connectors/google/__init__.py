"""Google: contacts, calendars and tasks of one account, by its public REST interfaces."""
