"""What is given and said: incentives and messages."""

from collections.abc import Iterator

from attrs import frozen

from wakeup.plan.model import Activity, AmountOff, Coupon, Elapsed, Gift, Incentive, Message, PercentOff, Plan, Service
from wakeup.plan.wording import INDENT, Wording, share


@frozen
class Offers:
    """Writes what is given and said."""

    plan: Plan
    words: Wording

    def incentives(self) -> Iterator[str]:
        """Yield the incentives, each with what it gives, its limits and who pays."""
        if self.plan.incentives:
            yield self.words.say("Incentives")
        for incentive in self.plan.incentives:
            title = f' "{incentive.title}"' if incentive.title else ""
            parts = [*self._what(incentive), *self._limits(incentive)]
            kind = self.words.noun(incentive.kind)
            yield f"{INDENT}{kind} {incentive.name}{title}{self.words.colon}{self.words.comma.join(parts)}"

    def _what(self, incentive: Incentive) -> Iterator[str]:
        words = self.words
        match incentive:
            case Coupon():
                yield from self._price(incentive)
            case Gift():
                if incentive.bond is not None:
                    yield words.say("{length} more", length=words.lasting(incentive.bond))
                if incentive.scene is not None:
                    yield words.say("suits best: {condition}", condition=words.condition(incentive.scene))
                if incentive.cost:
                    yield words.say("costs {amount}", amount=words.money(incentive.cost))
                yield words.say("valid {length}", length=words.lasting(incentive.valid))
            case Service():
                cost = words.money(incentive.cost)
                if incentive.staff:
                    yield words.say("costs {amount} by {staff}", amount=cost, staff=self._staff(incentive.staff))
                else:
                    yield words.say("costs {amount}", amount=cost)
                yield words.say("valid {length}", length=words.lasting(incentive.valid))
            case Activity():
                yield from self._activity(incentive)

    def _price(self, price: Coupon) -> Iterator[str]:
        words = self.words
        for rung in price.rungs:
            off = self._back(rung.discount) if price.rebate else words.discount(rung.discount)
            whom = words.say(" for {band}", band=f"{rung.tier}.{rung.band}") if rung.tier else ""
            yield f"{off}{whom}"
            if price.reusable and not price.rebate:
                yield words.say("on every order")
            if price.closes is None:
                yield words.say("valid {length}", length=words.lasting(rung.valid))
        if price.opens is not None and price.closes is not None:
            yield words.say("from {start} until {end}", start=words.moment(price.opens), end=words.moment(price.closes))
        if price.reserve_face:
            yield words.say("face value held in the budget")

    def _back(self, discount: AmountOff | PercentOff) -> str:
        """What each order earns back as points."""
        words = self.words
        part = words.money(discount.amount) if isinstance(discount, AmountOff) else share(discount.share)
        if not discount.threshold:
            return words.say("{part} of each order back as points", part=part)
        threshold = words.money(discount.threshold)
        return words.say("{part} of each order from {threshold} back as points", part=part, threshold=threshold)

    def _activity(self, activity: Activity) -> Iterator[str]:
        words, won = self.words, activity.reward
        match activity.kind:
            case "challenge":
                days = words.counted(activity.days, "day")
                yield words.say(
                    "{task} for {days} in a row wins {reward}", task=words.word(activity.task), days=days, reward=won
                )
            case "draw":
                prize = won or words.money(activity.cost)
                yield words.say("{share} win {prize}", share=share(activity.odds), prize=prize)
                if activity.wins is not None:
                    yield words.say("{times} at most", times=words.counted(activity.wins, "time"))
            case _:
                if activity.at is not None:
                    yield words.say("on {moment}", moment=words.moment(activity.at))
                if activity.bond is not None:
                    yield words.say("for {length}", length=words.lasting(activity.bond))
                if activity.cost:
                    yield words.say("costs {amount} a person", amount=words.money(activity.cost))
                if won:
                    yield words.say("brings {reward}", reward=won)
        if activity.at is not None:
            yield words.say("open until it begins")
        else:
            yield words.say("valid {length}", length=words.lasting(activity.valid))
        if activity.places is not None:
            yield words.counted(activity.places, "seat" if activity.kind == "event" else "place")

    def _staff(self, name: str) -> str:
        staff = next(each for each in self.plan.staff if each.name == name)
        each, hours = self.words.lasting(Elapsed(staff.handles)), self.words.clock(staff.hours)
        return self.words.say(
            "{number} {name} ({each} each, {hours})", number=f"{staff.people:,}", name=name, each=each, hours=hours
        )

    def _limits(self, incentive: Incentive) -> Iterator[str]:
        if incentive.limit is not None:
            yield self.words.say("{number} per person", number=f"{incentive.limit:,}")
        if incentive.stock is not None:
            yield self.words.say("stock {number}", number=f"{incentive.stock:,}")
        if isinstance(incentive, Coupon) and incentive.codes is not None:
            yield self.words.counted(incentive.codes, "code")
        if incentive.line:
            yield self.words.say("paid from {line}", line=incentive.line)

    def messages(self) -> Iterator[str]:
        """Yield the messages with their texts."""
        words = self.words
        if self.plan.messages:
            yield words.say("Messages")
        for message in self.plan.messages:
            parts = [words.say("{name} by {channel}", name=message.name, channel=message.channel)]
            if message.cost_micros:
                parts.append(words.say("{amount} each", amount=words.micros(message.cost_micros)))
            if message.parts > 1:
                parts.append(words.counted(message.parts, "part"))
            parts += self._served(message)
            if message.fallback:
                parts.append(words.say("else {message}", message=message.fallback))
            yield INDENT + words.comma.join(parts)
            for variant in message.variants:
                long = f" ({words.counted(variant.parts, 'part')})" if variant.parts > 1 else ""
                whom = f"{words.condition(variant.match)}{long}"
                yield f"{INDENT * 2}{whom}{words.colon}{' '.join(variant.text.split())}"
            others = words.say("all others: ") if message.variants else ""
            yield f"{INDENT * 2}{others}{' '.join(message.text.split())}"

    def _served(self, message: Message) -> Iterator[str]:
        channel = next(each for each in self.plan.channels if each.name == message.channel)
        name = message.staff or channel.staff
        if name:
            yield self.words.say("each by one of {staff}", staff=self._staff(name))
