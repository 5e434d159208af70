"""iCalendar text ↔ records: what the rest of kithbook calls. Pure functions, no I/O.

split(body)                        → one body per UID, and what could not be told apart
expand(bodies, window, zone)       → the occurrences of a series as meetings
read_task(body)                    → a task
write_task(draft, existing, now)   → a body; of an existing one only the draft's fields change
"""

from connectors.ical.expand import expand
from connectors.ical.split_by_uid import UidComponents, split
from connectors.ical.task_format import NoTask, read_task, write_task

__all__ = ["NoTask", "UidComponents", "expand", "read_task", "split", "write_task"]
