"""Servers: calendars, address books and task lists by CalDAV and CardDAV."""
