"""From trees to the checked campaign: every declaration read by its table, every name looked up."""

from attrs import define, evolve, field

from wakeup.diagnostics import Bag, Key, Named, Say, Typed, diagnostic
from wakeup.lang import assumptions, causes, claims, clock, journeys, own, properties, tiers
from wakeup.lang.checked import Bands, Budget, Checked, Claim, Declared, Journey, Line
from wakeup.lang.names import NAMESPACE, SHARED, Entity, Names, unknown
from wakeup.lang.project import Module, Project
from wakeup.lang.reader import Reader
from wakeup.lang.readers import READERS
from wakeup.lang.readers.things import offer
from wakeup.lang.values import Credit, Cut, Limit, Offer, Window
from wakeup.plan.model import Assumption, Elapsed, Quiet
from wakeup.plan.predicates import Predicate
from wakeup.syntax.nodes import AtMost, Compare, Decl, Property, Ref
from wakeup.terms.currencies import MINOR_DIGITS

FOLLOW_UP = Elapsed(180 * clock.DAY)
"""How long active months and repeat orders are followed unless declared."""

ATTRIBUTION = Credit("last_touch", 604_800)
"""Credit unless declared."""

AWAKE = ("order",)
"""What counts as waking up unless declared."""


@define
class _Resolver:
    project: Project
    names: Names
    bag: Bag
    currency: str | None = None
    zone_name: str | None = None
    declared: dict[str, dict[str, Declared]] = field(factory=dict)
    tiers: dict[str, Bands] = field(factory=dict)
    journeys: list[Journey] = field(factory=list)
    caps: list[Limit] = field(factory=list)
    cadence: dict[str, object] = field(factory=dict)
    claims: list[Claim] = field(factory=list)
    assumptions: list[Assumption] = field(factory=list)
    budget: Budget | None = None
    goal: str = "order"

    def reader(self, module: Module) -> Reader:
        zone = None if self.zone_name is None else clock.zone(self.zone_name)
        return Reader(self.bag, self.names, module, self.currency, zone)

    # ------------------------------------------------------------------ the campaign

    def campaign(self, decl: Decl) -> Declared:
        """Read the campaign: currency and zone first, for everything else is read by them."""
        module = self.project.main
        first = Reader(Bag(), self.names, module)
        currency, zone = (prop and READERS[kind](first, prop) for kind, prop in _basics(decl))
        self.currency = currency if isinstance(currency, str) else None
        self.zone_name = zone if isinstance(zone, str) else None
        self.customers()
        values = properties.read(self.reader(module), decl)
        goal = values.get("goal")
        self.goal = goal if isinstance(goal, str) else "order"
        name = "campaign" if decl.name is None else decl.name.written
        return Declared(Entity("campaign", name, decl, module), values)

    def customers(self) -> None:
        """Read what the customers' data have: conditions are checked against it."""
        self.names = evolve(self.names, own=own.declared(self.names, self.reader(self.project.main)))

    # ------------------------------------------------------------------ everything else

    def everything(self) -> None:
        """Read all declarations of all files, in file order; tiers and the budget first, others refer to them."""
        for first in (True, False):
            for module in self.project:
                for decl in module.file.decls:
                    if (decl.kind in ("tier", "causes", "budget")) is first and decl.kind != "campaign":
                        self.declaration(module, decl)

    def declaration(self, module: Module, decl: Decl) -> None:
        if module is not self.project.main and decl.kind not in SHARED:
            return
        reader = self.reader(module)
        match decl.kind:
            case "tier" | "causes":
                self.tier(reader, module, decl)
            case "budget":
                self.read_budget(reader, decl)
            case "cadence":
                self.read_cadence(reader, decl)
            case "goal" | "expect":
                self.claim(reader, decl)
            case "assume":
                self.assumptions += assumptions.read(reader, decl)
            case _ if decl.name is not None:
                self.named(reader, module, decl)
            case _:
                pass

    def named(self, reader: Reader, module: Module, decl: Decl) -> None:
        """A declaration with a name, other than tier and campaign; of two with one name the first counts."""
        if decl.name is None:
            return
        entity = self.names.find(module, (decl.name.written,), NAMESPACE[decl.kind])
        if entity is None or entity.decl is not decl:
            return
        if decl.kind == "journey":
            self.journeys.append(journeys.read(reader, entity, self.goal))
            return
        values = self.coupon(reader, entity) if decl.kind == "coupon" else properties.read(reader, decl)
        if decl.kind == "message":
            values |= self.via(reader, decl)
        self.known_line(reader, values)
        self.known_cuts(reader, values)
        self.declared.setdefault(NAMESPACE[decl.kind], {})[entity.name] = Declared(entity, values)

    def via(self, reader: Reader, decl: Decl) -> dict[str, object]:
        if decl.via is None:
            span = decl.head if decl.name is None else decl.name.span
            name = "" if decl.name is None else decl.name.written
            reader.bag.add(diagnostic("WK2118", span, name=Named("message", name), link=Typed("via sms")))
            return {}
        channel = self.names.resolve(reader.bag, reader.module, decl.via, "channel")
        return {} if channel is None else {"via": channel.name}

    def known_line(self, reader: Reader, values: dict[str, object]) -> None:
        """Look up the budget line that was named; a library alone has no budget to look in."""
        line = values.get("line")
        if not isinstance(line, Ref):
            return
        values["line"] = line.written
        known = [] if self.budget is None else [each.name for each in self.budget.lines]
        if line.written not in known and self.currency is not None and (self.budget is None or self.budget.whole):
            reader.bag.add(unknown(line.written, line.span, "budget line", known))
            del values["line"]

    def known_cuts(self, reader: Reader, values: dict[str, object]) -> None:
        """Look up the budget lines that a scenario cuts."""
        cuts, budget = values.get("budget"), self.budget
        if not isinstance(cuts, tuple) or budget is None:
            return
        known = [each.name for each in budget.lines]
        for cut in cuts:
            if isinstance(cut, Cut) and cut.line is not None and cut.line.written not in known and budget.whole:
                reader.bag.add(unknown(cut.line.written, cut.line.span, "budget line", known))

    # ------------------------------------------------------------------ coupons

    def coupon(self, reader: Reader, entity: Entity) -> dict[str, object]:
        """A coupon: one discount for everybody, or a rung per band of a tier."""
        decl = entity.decl
        if decl.by is None:
            values = properties.read(reader, decl)
            if decl.prop("discount") is None:
                reader.bag.add(
                    diagnostic("WK2102", entity.span, name=Named("coupon", decl_name(decl)), key=Key("discount"))
                )
            elif decl.prop("valid") is None and isinstance(own := values.get("discount"), Offer) and own.valid is None:
                reader.bag.add(
                    diagnostic("WK2102", entity.span, name=Named("coupon", decl_name(decl)), key=Key("valid"))
                )
            return values
        tier = self.names.resolve(reader.bag, reader.module, decl.by, "tier")
        if tier is None:
            return {}
        bands = [prop.key.written for prop in tier.decl.props]
        values = properties.read(reader, decl, frozenset(bands))
        rungs: dict[str, object] = {}
        for prop in decl.props:
            band = prop.key.written
            if band not in bands:
                continue
            if band in rungs:
                properties.twice(reader, prop, next(each for each in decl.props if each.key.written == band))
                continue
            rung = offer(reader, prop)
            if rung is not None and rung.valid is None and decl.prop("valid") is None:
                reader.bag.add(
                    diagnostic("WK2102", rung.span, name=Named("coupon", f"{decl_name(decl)} {band}"), key=Key("valid"))
                )
            rungs[band] = rung
        if "discount" in values:
            own = next(each for each in decl.props if each.key.text == "discount")
            properties.unknown(reader, Say("coupon by {tier}", tier=tier.name), own, bands)
        for band in bands:
            if band not in rungs:
                reader.bag.add(diagnostic("WK2102", entity.span, name=Named("coupon", decl_name(decl)), key=band))
        values["by"] = tier.name
        values["rungs"] = tuple((band, rung) for band, rung in rungs.items() if rung is not None)
        return values

    # ------------------------------------------------------------------ tiers, budget, cadence, claims

    def tier(self, reader: Reader, module: Module, decl: Decl) -> None:
        if decl.name is None:
            return
        entity = self.names.find(module, (decl.name.written,), "tier")
        if entity is not None and entity.decl is decl:
            bands = tiers.read(reader, entity) if decl.kind == "tier" else causes.read(reader, entity)
            if bands is not None:
                self.tiers[entity.name] = bands

    def read_budget(self, reader: Reader, decl: Decl) -> None:
        if decl.subject is None or self.budget is not None:
            return
        total = reader.money(decl.subject.head, "budget")
        lines: dict[str, Line] = {}
        whole = True
        for prop in decl.props:
            name = prop.key.written
            if name in lines:
                properties.twice(reader, prop, next(each for each in decl.props if each.key.written == name))
                continue
            reader.tails(prop.value, name)
            amount = reader.money(prop.value.head, name)
            whole = whole and amount is not None
            lines[name] = Line(name, amount or 0, prop.key.span)
        self.budget = Budget(total or 0, tuple(lines.values()), decl.subject.span, whole and total is not None)

    def read_cadence(self, reader: Reader, decl: Decl) -> None:
        self.cadence |= properties.read(reader, decl)
        found = [claims.limit(reader, item) for item in decl.items if isinstance(item, AtMost)]
        self.caps += [limit for limit in found if limit is not None]

    def claim(self, reader: Reader, decl: Decl) -> None:
        if decl.subject is None:
            return
        read = claims.goal if decl.kind == "goal" else claims.expectation
        found = read(reader, decl.subject)
        head = decl.subject.head
        if found is not None and isinstance(head, Compare):
            self.claims.append(Claim(found, head.left.span))


def _basics(decl: Decl) -> tuple[tuple[str, Property | None], ...]:
    return ("currency", decl.prop("currency")), ("zone", decl.prop("timezone"))


def decl_name(decl: Decl) -> str:
    """The name of a declaration, for messages."""
    return "" if decl.name is None else decl.name.written


def resolve(project: Project, names: Names, bag: Bag) -> Checked | None:
    """Read everything; None for a library, or when what every check needs could not be read."""
    resolver = _Resolver(project, names, bag)
    decl = next(project.main.file.of("campaign"), None)
    if decl is None:
        resolver.customers()
    campaign = None if decl is None else resolver.campaign(decl)
    resolver.everything()
    return None if campaign is None else _whole(resolver, campaign)


def _whole(resolver: _Resolver, campaign: Declared) -> Checked | None:
    run = campaign.get("run", Window)
    zone = None if resolver.zone_name is None else clock.zone(resolver.zone_name)
    audience = campaign.values.get("audience")
    if run is None or zone is None or resolver.currency is None or not isinstance(audience, Predicate):
        return None
    gap = resolver.cadence.get("gap")
    quiet = resolver.cadence.get("quiet")
    return Checked(
        project=resolver.project,
        names=resolver.names,
        campaign=campaign,
        currency=resolver.currency,
        zone=zone,
        run=run,
        audience=audience,
        holdout=campaign.get("holdout", str) or "0",
        awake=campaign.get("awake", tuple) or AWAKE,
        credit=campaign.get("attribution", Credit) or ATTRIBUTION,
        margin=campaign.get("margin", str) or "1",
        follow_up=campaign.get("follow_up", Elapsed) or FOLLOW_UP,
        journeys=tuple(resolver.journeys),
        tiers=resolver.tiers,
        budget=resolver.budget,
        declared=resolver.declared,
        caps=tuple(resolver.caps),
        gap=gap.seconds if isinstance(gap, Elapsed) else 0,
        quiet=tuple(each for each in quiet if isinstance(each, Quiet)) if isinstance(quiet, tuple) else (),
        claims=tuple(resolver.claims),
        assumptions=tuple(resolver.assumptions),
        minor_digits=MINOR_DIGITS[resolver.currency],
    )
