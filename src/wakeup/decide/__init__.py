"""Who is eligible, whether to send, caps, calendars, assignment, guards, promotion."""
