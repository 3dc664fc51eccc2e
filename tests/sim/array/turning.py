"""A desk that is told everything at once."""

from wakeup.sim.array.turns import Course, Hours, Line, Span, Turns


def take_turns(line: Line, ghosts: Line | None, limit: int, hours: Hours, run_end: int, span: Span) -> Turns:
    """Return who is served when at positions before `limit`; the arguments are those of `Course`."""
    course = Course(line, ghosts, hours, run_end, span)
    course.play(limit)
    return course.turns()
