"""The world of the example: who is in it, and what happens to each enrollment. `make_acme.py` writes it down."""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import acme_words as words

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED = 20261058
FIRST_DAY = datetime(2026, 1, 5)
AS_OF = datetime(2026, 10, 30, 18, 0)
NEW_REP_FROM = datetime(2026, 8, 24)
TIRED_CONTACTS = 40
OPTED_OUT_STILL_ENROLLED = 7
UNRECORDED_UNSUBSCRIBES = 6
FIRST_CONTACT, FIRST_ENROLLMENT = 200_000, 500_000
T = TypeVar("T")


class Dice(random.Random):
    """Draws with `random()` only, which gives the same numbers in every version of Python."""

    def chance(self, probability: float) -> bool:
        """Return true with the probability."""
        return self.random() < probability

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[int(self.random() * len(options))]


@dataclass
class Contact:
    """A person in the CRM, with what only the generator knows: whether the address is dead, filtered or gated."""

    contact_id: str
    rep: words.Rep
    language: str
    first_name: str
    last_name: str
    email: str
    company: str
    industry: str
    source: words.ListSource
    created_at: datetime
    dead: bool
    scanned: bool
    """Behind a gateway that opens every mail within the minute."""
    tired: bool = False
    opted_out_at: datetime | None = None
    hard_bounce_reason: str = ""

    @property
    def domain(self) -> str:
        """The part of the address after the @."""
        return self.email.rpartition("@")[2]


@dataclass
class World:
    """Everything made so far."""

    dice: Dice = field(default_factory=lambda: Dice(SEED))
    contacts: list[Contact] = field(default_factory=list)
    enrollments: list[list[str]] = field(default_factory=list)
    events: list[list[str]] = field(default_factory=list)
    unlucky: Counter[str] = field(default_factory=Counter)
    unrecorded: int = 0


def stamp(at: datetime | None) -> str:
    """Write a time as the French portal does."""
    return at.strftime("%d/%m/%Y %H:%M") if at else ""


def slug(text: str) -> str:
    """Return lower-case ASCII letters and digits."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain.lower() if letter.isalnum())


def working_time(dice: Dice, day: datetime) -> datetime:
    """Return a moment of office hours on the day, or on the Monday after a weekend."""
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day.replace(hour=dice.between(8, 17), minute=dice.between(0, 59))


# --- contacts ---------------------------------------------------------------------------------------------------------
def make_contact(dice: Dice, number: int, rep: words.Rep) -> Contact:
    """Make one contact of the rep; the list decides how likely the address is dead."""
    home = "fr" if rep.team == "Paris" else "en"
    language = home if dice.chance(0.94) else ("en" if home == "fr" else "fr")
    first_name, last_name = dice.pick(words.FIRST_NAMES[language]), dice.pick(words.LAST_NAMES[language])
    company = f"{dice.pick(words.COMPANY_HEADS)} {dice.pick(words.COMPANY_TAILS[language])}"
    country = "fr" if language == "fr" else "example"
    domain = f"{slug(company)}-{country}.example" if dice.chance(0.5) else f"{slug(company)}.example"
    source = pick_source(dice, rep)
    return Contact(
        contact_id=str(FIRST_CONTACT + number),
        rep=rep,
        language=language,
        first_name=first_name,
        last_name=last_name,
        email=f"{slug(first_name)}.{slug(last_name)}{number}@{domain}",
        company=company,
        industry=dice.pick(words.INDUSTRIES),
        source=source,
        created_at=working_time(dice, FIRST_DAY - timedelta(days=dice.between(10, 400))),
        dead=dice.chance(source.dead),
        scanned=sum(map(ord, domain)) % 4 == 0,
    )


def pick_source(dice: Dice, rep: words.Rep) -> words.ListSource:
    """Choose a list by its share; one rep works mostly with the bought one, two others a little."""
    bought = {words.LIST_BUYER: 0.55, "daniel.okafor": 0.2, "hugo.lambert": 0.15}.get(rep.sender_id, 0.0)
    if dice.chance(bought):
        return words.BOUGHT_LIST
    draw = dice.random()
    for source in words.SOURCES:
        draw -= source.share
        if draw < 0:
            return source
    return words.SOURCES[-1]


def make_contacts(world: World) -> None:
    """Make every rep's contacts, and mark those that will be written to far too often."""
    for rep in words.REPS:
        for _ in range(rep.contacts):
            world.contacts.append(make_contact(world.dice, len(world.contacts) + 1, rep))
    old_hands = [c for c in world.contacts if c.rep.sender_id != words.NEW_REP and not c.dead and not c.scanned]
    for contact in old_hands[:: len(old_hands) // TIRED_CONTACTS][:TIRED_CONTACTS]:
        contact.tired = True


# --- enrollments and their mails --------------------------------------------------------------------------------------
class Enrollment:
    """One contact on its way through one sequence; `run` writes what happens into the world."""

    def __init__(self, world: World, contact: Contact, sequence: words.Sequence, enrolled_at: datetime) -> None:
        """Take the next free number."""
        self.world, self.contact, self.sequence, self.enrolled_at = world, contact, sequence, enrolled_at
        self.dice = world.dice
        self.enrollment_id = str(FIRST_ENROLLMENT + len(world.enrollments))
        self.ended_at: datetime | None = None
        self.outcome = "Actif"
        self.step = 0
        world.enrollments.append([])

    def run(self) -> Enrollment:
        """Send step after step until something ends it, the steps are over, or the export is taken."""
        at = self.enrolled_at
        answer_step = self.answer_step()
        for step in range(1, self.sequence.steps + 1):
            self.step = step
            if at > AS_OF:
                break
            self.event("Envoi", at)
            if self.bounces(at) or self.answers(at, answer_step):
                break
            at = working_time(self.dice, at + timedelta(days=self.dice.between(3, 6)))
        else:
            if at <= AS_OF:
                self.end("Terminé", at)
        self.write()
        return self

    def answer_step(self) -> int:
        """Return the step that gets a human reply, or 0."""
        rep, quality = self.contact.rep, 0.5 if self.contact.source is words.BOUGHT_LIST else 1.0
        if self.in_unlucky_month():
            self.world.unlucky["enrolled"] += 1
            return 1 if self.world.unlucky["enrolled"] % 45 == 20 else 0
        if self.contact.tired or not self.dice.chance(rep.reply_rate * self.sequence.pull * quality):
            return 0
        return min(self.dice.between(1, self.sequence.steps), self.dice.between(1, self.sequence.steps))

    def in_unlucky_month(self) -> bool:
        """Return whether chance was against a good sender."""
        if self.contact.rep.sender_id != words.UNLUCKY_REP:
            return False
        return words.UNLUCKY_FROM <= self.enrolled_at < words.UNLUCKY_UNTIL

    def bounces(self, at: datetime) -> bool:
        """Write the bounce of this step, if there is one."""
        found = self.bounce_text(at)
        if not found:
            return False
        text, reason = found
        text = text.format(email=self.contact.email, domain=self.contact.domain)
        back = at + timedelta(minutes=self.dice.between(0, 3))
        self.event("Rebond", back, text)
        self.end("Rebond", back)
        if self.dice.chance(0.85):
            self.contact.hard_bounce_reason = reason
        return True

    def bounce_text(self, at: datetime) -> tuple[str, str] | None:
        """Return the server's words and HubSpot's reason, or None: the sender's own faults first, then the address."""
        sender_id, dice = self.contact.rep.sender_id, self.dice
        if sender_id == words.UNAUTHENTICATED_REP and at.month >= words.UNAUTHENTICATED_FROM_MONTH and self.step == 1:
            return (dice.pick(words.AUTHENTICATION), "POLICY") if dice.chance(0.25) else None
        if sender_id == words.BLOCKED_REP and at.month == words.BLOCKED_MONTH and dice.chance(0.04):
            return dice.pick(words.REPUTATION), "SPAM"
        if self.in_unlucky_month() and self.step == 1 and self.world.unlucky["enrolled"] % 17 == 5:
            return dice.pick(words.UNKNOWN_USER), "UNKNOWN_USER"
        if self.contact.dead:
            kinds = ((words.UNKNOWN_USER, "UNKNOWN_USER"),) * 7 + (
                (words.UNKNOWN_DOMAIN, "UNKNOWN_USER"),
                (words.DISABLED, "OTHER"),
                (words.MAILBOX_FULL, "MAILBOX_FULL"),
            )
            texts, reason = dice.pick(kinds)
            return dice.pick(texts), reason
        if dice.chance(0.0012):
            filters = ((words.RECIPIENT_FILTER, "POLICY"), (words.TEMPORARY, ""), (words.MAILBOX_FULL, "MAILBOX_FULL"))
            texts, reason = dice.pick(filters)
            return dice.pick(texts), reason
        return None

    def answers(self, at: datetime, answer_step: int) -> bool:
        """Write opens, automatic and human answers of this step; true if one of them ends the enrollment."""
        dice = self.dice
        self.opens(at)
        if dice.chance(0.1 if at.month == 8 else 0.008) and not self.contact.tired:
            back = at + timedelta(days=dice.between(3, 15))
            text = dice.pick(words.OUT_OF_OFFICE[self.contact.language]).format(day=back.day, month=back.month)
            self.event("Réponse", at + timedelta(minutes=1), text, automatic=True)
        elif dice.chance(0.0008):
            text = words.LEFT_COMPANY[self.contact.language].format(domain=self.contact.domain)
            self.event("Réponse", at + timedelta(minutes=1), text, automatic=True)
        later = working_time(dice, at + timedelta(days=dice.between(1, 2)))
        if later > AS_OF:
            return False
        if self.step == answer_step:
            self.reply(later)
        elif dice.chance(0.0022):
            self.unsubscribe(later)
        elif dice.chance(0.0001):
            self.event("Plainte", later)
            self.end("Désinscrit", later)
        return self.ended_at is not None

    def opens(self, at: datetime) -> None:
        """Write the opens and clicks: a scanner's in the minute of the mail, a human's later, none that we know of."""
        dice = self.dice
        if self.contact.scanned:
            self.event("Ouverture", at)
            if dice.chance(0.15):
                self.event("Clic", at, "https://acme.example/" + dice.pick(words.CONTENT)[0])
        if self.contact.tired or not dice.chance(0.16):
            return
        opened_at = at + timedelta(minutes=dice.between(9, 1400))
        if opened_at <= AS_OF:
            self.event("Ouverture", opened_at)
            if dice.chance(0.12):
                link = "https://acme.example/" + dice.pick(words.CONTENT)[0]
                self.event("Clic", opened_at + timedelta(minutes=1), link)

    def reply(self, at: datetime) -> None:
        """Write a human reply, sometimes with a meeting after it."""
        language = self.contact.language
        self.event("Réponse", at, self.dice.pick(words.HUMAN_REPLIES[language]))
        if self.dice.chance(0.22):
            self.event("Rendez-vous", at + timedelta(minutes=self.dice.between(30, 400)))
            self.end("Rendez-vous", at)
        else:
            self.end("Répondu", at)

    def unsubscribe(self, at: datetime) -> None:
        """Write an opt-out; the CRM missed the first few of them."""
        if self.dice.chance(0.3):
            self.event("Réponse", at, words.ANGRY_REPLY[self.contact.language])
        self.event("Désinscription", at)
        self.end("Désinscrit", at)
        if self.world.unrecorded < UNRECORDED_UNSUBSCRIBES:
            self.world.unrecorded += 1
        else:
            self.contact.opted_out_at = at

    def end(self, outcome: str, at: datetime) -> None:
        """Close the enrollment."""
        self.outcome, self.ended_at = outcome, at

    def event(self, kind: str, at: datetime, detail: str = "", *, automatic: bool = False) -> None:
        """Write one event; its number is given when all are in order."""
        self.world.events.append(
            [
                at.isoformat(),
                self.enrollment_id,
                self.contact.contact_id,
                self.contact.rep.sender_id,
                self.sequence.sequence_id,
                str(self.step),
                kind,
                stamp(at),
                detail,
                "Vrai" if automatic else "",
            ]
        )

    def write(self) -> None:
        """Put the finished row where its number was taken."""
        self.world.enrollments[int(self.enrollment_id) - FIRST_ENROLLMENT] = [
            self.enrollment_id,
            self.contact.contact_id,
            self.contact.rep.sender_id,
            self.sequence.sequence_id,
            stamp(self.enrolled_at),
            stamp(self.ended_at),
            self.outcome,
        ]


def enroll_everyone(world: World) -> None:
    """Enroll each contact once, some again after a rest, the tired ones a third time."""
    for contact in world.contacts:
        first = NEW_REP_FROM if contact.rep.sender_id == words.NEW_REP else FIRST_DAY
        span = (AS_OF - first).days - (30 if contact.rep.sender_id == words.NEW_REP else 3)
        start = world.dice.between(0, 100 if contact.tired else span)
        choices = [s for s in words.SEQUENCES if s.language == contact.language]
        at = working_time(world.dice, first + timedelta(days=start))
        for turn in range(3):
            sequence = choices[2] if contact.tired and turn != 1 else world.dice.pick(choices)
            done = Enrollment(world, contact, sequence, at).run()
            if done.outcome != "Terminé" or done.ended_at is None or not (contact.tired or world.dice.chance(0.24)):
                break
            at = working_time(world.dice, done.ended_at + timedelta(days=world.dice.between(20, 60)))
            if at > AS_OF or (turn and not contact.tired):
                break


def enroll_the_opted_out(world: World) -> None:
    """Plant contacts that opted out in spring and are enrolled again in October all the same."""
    gone = [c for c in world.contacts if c.opted_out_at and c.opted_out_at < datetime(2026, 6, 1)]
    for contact in gone[:OPTED_OUT_STILL_ENROLLED]:
        long_one = next(s for s in words.SEQUENCES if s.steps == 8 and s.language == contact.language)
        enrollment = Enrollment(world, contact, long_one, working_time(world.dice, AS_OF - timedelta(days=4)))
        enrollment.step = 1
        enrollment.event("Envoi", enrollment.enrolled_at)
        enrollment.write()
