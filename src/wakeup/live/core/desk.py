"""Staff who serve claims and sends in one line, within their hours (docs/semantics, rules 30, 54, 72, 79)."""

from wakeup.decide.desk import staff_of
from wakeup.live.core import grants
from wakeup.live.core.line import FORGOTTEN, SEND, Desk, Request, opens
from wakeup.live.core.person import Person, Touch
from wakeup.live.core.world import World
from wakeup.plan.model import Message, Staff
from wakeup.terms.lists import Row


def staff_for(world: World, person: Person, message: Message) -> str:
    """Return the staff that serve a send of the message to the person, "" for nobody."""
    return staff_of(message, world.terms(person).channels[message.channel])


def opening(world: World, person: Person, staff: str) -> int | None:
    """Return None if no staff are needed or one is free or kept; else the first second at which the desk is open."""
    if not staff or person.kept == staff:
        return None
    who = _staff(world, person, staff)
    if world.shared.desk(staff).can_serve(world.now, who, world.plan.zone):
        return None
    return opens(world.now, who, world.plan.zone)


def stand(world: World, person: Person, staff: str, until: int) -> None:
    """Let the person's send stand in line, until it is called or not wanted any more."""
    world.shared.desk(staff).ask(Request((world.now, person.customer, SEND), until=until))


def leave(world: World, person: Person) -> None:
    """Take the person's held send out of the line it stands in, if it does."""
    if person.hold is not None and person.hold.staff:
        world.shared.desk(person.hold.staff).leave((person.hold.asked, person.customer, SEND))
        person.hold.staff = ""


def take(world: World, person: Person, staff: str, ref: str) -> None:
    """Let one of the staff serve the send that is claimed: the one kept, else one who is free."""
    desk = world.shared.desk(staff)
    if person.kept == staff:
        person.kept = ""
        desk.kept -= 1
    desk.serving.append((person.customer, ref, world.now))


def let_go(world: World, person: Person) -> None:
    """Let the one who was kept be free from the next second on: nothing was sent with them."""
    if person.kept:
        desk = world.shared.desk(person.kept)
        desk.kept -= 1
        desk.freeing.append(world.now + 1)
        person.kept = ""


def give_back(world: World, person: Person, touch: Touch, ref: str) -> None:
    """Let the one who was to serve a send that was never sent be free from the next second on."""
    desk = world.shared.desks.get(touch.staff)
    if desk is not None and _done(desk, person.customer, ref):
        desk.freeing.append(world.now + 1)


def handled(world: World, person: Person, staff: str, what: str) -> bool:
    """Let the one who served the person be free. what: the outbox key or the incentive, "" for whatever it was.

    Returns whether anybody served them: told twice, it counts once.
    """
    desks = [desk for name, desk in world.shared.desks.items() if staff in ("", name)]
    return any(_done(desk, person.customer, what) for desk in desks)


def _done(desk: Desk, customer: int, what: str) -> bool:
    """Let one who serves that customer be free, if there is one."""
    for each in desk.serving:
        if each[0] == customer and what in ("", each[1]):
            desk.serving.remove(each)
            return True
    return False


def queue(world: World, person: Person, staff: str, incentive: str, code: str, step: str, message: str) -> None:
    """Let the claim of a service stand in line."""
    place = (world.now, person.customer, world.terms(person).places[incentive])
    world.shared.desk(staff).ask(Request(place, 0, incentive, step, message, code))


def turn(world: World) -> None:
    """Let those be free who were kept for nothing in an earlier second, or never reported done (`FORGOTTEN`)."""
    for name, desk in world.shared.desks.items():
        if desk.freeing:
            desk.freeing = [t for t in desk.freeing if t > world.now]
        staff = world.newest.staff.get(name)
        if staff is not None and desk.serving:
            desk.serving = [each for each in desk.serving if _forgotten(each[2], staff) > world.now]


def serve(world: World) -> list[int]:
    """Let waiting requests start while staff are free (step e); return the customers whose send was called: they are
    due now."""
    called: list[int] = []
    for name, staff in world.newest.staff.items():
        desk = world.shared.desks.get(name)
        if desk is not None and desk.line and opens(world.now, staff, world.plan.zone) == world.now:
            called += _serve(world, desk, staff)
    return called


def next_at(world: World) -> int | None:
    """Return the next second after now at which a desk has something to do by itself."""
    looks = []
    for name, desk in world.shared.desks.items():
        looks += desk.freeing
        staff = world.newest.staff.get(name)
        if staff is not None and desk.line:
            looks += [_forgotten(each[2], staff) for each in desk.serving]
        if staff is not None and desk.line and desk.free(staff) > 0:
            looks.append(opens(world.now + 1, staff, world.plan.zone))
    return min(looks, default=None)


def _serve(world: World, desk: Desk, staff: Staff) -> list[int]:
    called = []
    while desk.line and desk.free(staff) > 0:
        request = desk.next()
        try:
            person = world.person(request.customer)
        except LookupError:  # they were erased while they were in the line
            continue
        if request.what:
            _begin(world, person, desk, request)
        elif world.now < request.until:
            call(world, person, staff.name)
            called.append(person.customer)
        elif person.hold is not None:
            person.hold.staff = ""  # it left the line: it is refused in this second, when it is due
    return called


def call(world: World, person: Person, staff: str) -> None:
    """Call a send out of the line: one of the staff is kept for it, and the person is due now."""
    world.shared.desk(staff).kept += 1
    person.kept = staff
    if person.hold is not None:
        person.hold.staff = ""
        channel = world.terms(person).messages[person.hold.message].channel
        if world.terms(person).channels[channel].rate:
            person.places[channel] = world.now  # taken when it joined the line, and kept (ruling 79)
    person.due = world.now


def _begin(world: World, person: Person, desk: Desk, request: Request) -> None:
    """Begin a service, or let its request leave without using time (rule 30)."""
    grant = person.grants.get(request.what)
    if grant is None or grant.code != request.code or not grant.live(world.now):
        return
    if not world.running or person.reached:
        return
    grants.hand_over(world, person, grant, Row.SERVED, request.step, request.message, world.now)
    desk.serving.append((person.customer, request.what, world.now))


def _forgotten(since: int, staff: Staff) -> int:
    """Return when staff who began then count as free though nobody has said so."""
    return since + FORGOTTEN * max(staff.handles, 1)


def _staff(world: World, person: Person, name: str) -> Staff:
    """Return the staff as the newest plan has them, else as the person's version has."""
    return world.newest.staff.get(name) or world.terms(person).staff[name]
