"""Tables of contacts: what Outlook, Google, Thunderbird and any other program exports as CSV."""
