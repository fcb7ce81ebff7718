"""How is each function asked whether a release is ready, and how does it answer?

`/handoffs round 2.4` begins a round; its messages carry the buttons that answer it, make something of an answer, and
close it. A button acts on the round as it is now, however old the message.
"""

import contextlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from assistant.acts import answer_round, close_round, declare_external, open_round
from assistant.acts.rounding import barred_from_answering, closed
from assistant.blocks import Message, section
from assistant.errors import UserError
from assistant.handoffs.functions import Functions
from assistant.handoffs.rounds import answer_of, called_by, missing, next_round, open_round_of, wanted, whom_meant
from assistant.handoffs.seeing import may_see, may_see_about
from assistant.rendering import words_for
from assistant.showing.handing import ANSWER, BLOCK, CLOSE, PASS_ON
from assistant.subject import Candidates, SubjectKind
from assistant.viewer import shared_in
from assistant.words import clip, unescape, zone_of
from commands import drafts, forms, handoff
from commands.digest import channel_of
from commands.round_form import FORM, TITLE, filled_of, form, read
from commands.telling import put
from commands.working import Errand, Later, handing_on
from digests.poster import Trouble
from digests.slack import SlackPoster
from storage.naming import called, external_object
from storage.records import External, Round, RoundAnswer

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from assistant.desk import Desk
    from digests.speaking import Digests

WHICH = "Say which release you ask about: `/handoffs round 2.4`."
GONE = "There is no such round that you may see."
NOTHING = "That answer names nothing any more that could be made into something. Look at the round again."
ALREADY = "It is a blocker already: `/blocking {name}` shows it."
NOBODY_KNOWN = "“{name}” is no function, and nobody I know. Choose to whom it goes."
HERE = "The answers are gathered here, in one message."
TO_YOU = "The answers are gathered in a message to you."
NOT_HERE = (
    "Not everybody in this channel may see that release, so the answers are gathered in a message to you. "
    "`[access.channels]` in the configuration says what they may see."
)


def register(app: "App", desk: "Desk", digests: "Digests") -> None:
    """Take answers, make blockers and handoffs of them, close rounds."""

    def answering(errand: Errand) -> None:
        _show(desk, errand, _pressed(desk, errand), errand.word("function"))

    def reopened(errand: Errand) -> None:
        view = drafts.reopened(errand)
        note = forms.note(view)
        round_ = _seen(desk, errand, str(note.get("round") or ""))
        _show(desk, errand, round_, str(note.get("function") or ""), filled_of(view))

    def saved(ack: "Ack", view: dict[str, Any], later: Later) -> None:
        problems = read(view, desk, desk.clock())[1]
        if problems:
            ack(response_action="errors", errors=problems)
            return
        ack(response_action="update", view=forms.loading(TITLE))
        later(lambda errand: _save(desk, digests, view, errand))

    def acting(act: Callable[["Desk", Round, Errand], str]) -> Callable[[Errand], None]:
        def work(errand: Errand) -> None:
            round_ = _pressed(desk, errand)
            try:
                said = act(desk, round_, errand)
            finally:  # where somebody else was first, what stands there says so from now on
                _settle(digests, errand, round_.object)
            errand.say(said)

        return work

    app.action(ANSWER)(handing_on(answering, opens=TITLE))
    app.view(FORM)(saved)
    app.action(drafts.reopening(FORM))(handing_on(reopened, opens=TITLE))
    app.action(CLOSE)(handing_on(acting(_close)))
    app.action(BLOCK)(handing_on(acting(_block)))
    app.action(PASS_ON)(handing_on(lambda errand: _pass_on(desk, errand), opens=handoff.TITLE))


def begin(desk: "Desk", digests: "Digests", errand: Errand, words: str) -> None:
    """Begin a round about the release that words mean, gathered where it was asked; one that is open is shown."""
    release = _release(desk, errand, words)
    known = digests.asking.rounds()
    before = open_round_of(release, known)
    if before:
        errand.tell(_as_it_stands(digests, errand, before), replace=False)
        return
    channel, where = _gathered(desk, errand, release)
    wish = open_round.Wish(next_round(release, known), release, channel=channel, via="slack")
    done = desk.act(open_round.NAME, wish, errand.viewer, errand.now)
    _settle(digests, errand, wish.round)
    errand.say(f"{done.text}\n{where}")


def _release(desk: "Desk", errand: Errand, words: str) -> str:
    """The release that words mean. Raises UserError with what may have been meant."""
    if not words.strip():
        raise UserError(WHICH)
    meant = desk.meant(words, errand.viewer)
    if isinstance(meant, Candidates):
        near = [f"`/handoffs round {one.words}`" for one in meant.options if one.kind is SubjectKind.RELEASE]
        raise UserError(meant.asking(near, WHICH))
    if meant.kind is not SubjectKind.RELEASE or not meant.object:
        raise UserError(WHICH)
    return meant.object


def _gathered(desk: "Desk", errand: Errand, release: str) -> tuple[str | None, str]:
    """The channel in which the answers may be gathered, None: a message to whoever asks; and the words for it.

    Raises UserError where the channel can't be seen.
    """
    channel = channel_of(errand)
    if not channel:
        return None, TO_YOU
    outsiders = errand.people.outsiders_in(channel, errand.now)
    reader = shared_in(errand.viewer, desk.policy, channel, outsiders=outsiders)
    return (channel, HERE) if may_see_about(release, reader, desk.policy) else (None, NOT_HERE)


def _as_it_stands(digests: "Digests", errand: Errand, round_: Round) -> Message:
    """A round that is open already, for whoever would begin another."""
    words = words_for("round", errand.viewer, errand.now)
    by = called_by(round_, digests.desk.policy)
    said = words("begun_already", called(round_.release), by, round_.opened_at)
    shown = digests.asking.shown(round_, errand.viewer, errand.now)
    return Message(f"{said}\n{shown.text}", (section(said), *shown.blocks))


def _pressed(desk: "Desk", errand: Errand) -> Round:
    """The round that a pressed button is about, as it is now. Raises UserError for one that is not to be seen."""
    return _seen(desk, errand, errand.word("round"))


def _seen(desk: "Desk", errand: Errand, name: str) -> Round:
    found = desk.ledger.get((name,)).get(name)
    if not isinstance(found, Round) or not may_see(found, errand.viewer, desk.policy):
        raise UserError(GONE)
    return found


def _show(
    desk: "Desk", errand: Errand, round_: Round, function: str, filled: Mapping[str, Any] | None = None
) -> None:  # fmt: skip
    """Show the form for a function's answer, to whoever may give it."""
    if refused := closed(round_, errand.viewer, desk.policy):
        raise UserError(refused.reason)
    if refused := barred_from_answering(round_, function, errand.viewer, desk.policy):
        raise UserError(refused.reason)
    put(errand.tell, form(desk, errand, round_, function, filled))


def _save(desk: "Desk", digests: "Digests", view: dict[str, Any], errand: Errand) -> None:
    """Keep the answer, and say so; what is refused stands above the form as it was filled in."""
    wish, round_ = read(view, desk, errand.now)[0], None
    try:
        round_ = _seen(desk, errand, wish.round)
        said = desk.act(answer_round.NAME, wish, errand.viewer, errand.now).text
    except UserError as refused:
        why, lost = str(refused), drafts.kept(view, str(refused))
        told = form(desk, errand, round_, wish.function, filled_of(view), why) if round_ else forms.told(TITLE, lost[0])
        put(errand.tell, told, lost)
        return
    _settle(digests, errand, wish.round)
    errand.say(said)


def _settle(digests: "Digests", errand: Errand, round_: str) -> None:
    """Tell whoever is to be told, and bring what stands of it up to date; what Slack refuses comes later."""
    with contextlib.suppress(Trouble):
        digests.asking.settle(round_, errand.now, SlackPoster(errand.client))


def _close(desk: "Desk", round_: Round, errand: Errand) -> str:
    wish = close_round.Wish(round_.object, "slack", round_.release)
    return desk.act(close_round.NAME, wish, errand.viewer, errand.now).text


def _named(round_: Round, errand: Errand) -> RoundAnswer:
    """The answer whose button was pressed. Raises UserError where it names nothing now."""
    answer = answer_of(round_, errand.word("function"))
    if answer is None or not wanted(answer):
        raise UserError(NOTHING)
    return answer


def _block(desk: "Desk", round_: Round, errand: Errand) -> str:
    """Make what an answer names a blocker of the release, owned by whoever it is wanted from."""
    answer = _named(round_, errand)
    title, name = wanted(answer), Functions(desk.policy).name(answer.function)
    known = external_object(round_.release, title)
    found = desk.ledger.get((known,)).get(known)
    if isinstance(found, External) and found.closed_at is None:
        raise UserError(ALREADY.format(name=called(round_.release)))
    ends_at = answer.by_when if answer.by_when and answer.by_when > errand.now else None
    whom = whom_meant(answer, round_.release, desk.policy)
    whole = missing(answer)
    why = f"{name} said so when asked whether it is ready{f': {whole}' if whole != title else ''}"
    wish = declare_external.Wish(round_.release, title, ends_at, whom.person, why=why)
    return desk.act(declare_external.NAME, wish, errand.viewer, errand.now).text


def _pass_on(desk: "Desk", errand: Errand) -> None:
    """Open the form to hand off what an answer names, filled in with it."""
    round_ = _pressed(desk, errand)
    answer = _named(round_, errand)
    whom, due = whom_meant(answer, round_.release, desk.policy), answer.by_when
    to = whom.function if whom.function and (whom.function != answer.function or whom.named) else ""
    zone = zone_of(errand.viewer.zone)
    filled = {
        "from": answer.function,
        "to": to,
        "receiver": whom.person if whom.named else None,
        "about": round_.release,
        "needed": unescape(missing(answer)),
        "due": f"{due.astimezone(zone):%Y-%m-%d %H:%M}" if due and due > errand.now else None,
        "round": round_.object,
    }
    unknown = bool(answer.whom) and not (whom.function or whom.person)
    said = NOBODY_KNOWN.format(name=clip(unescape(answer.whom), 80)) if unknown else ""
    put(errand.tell, handoff.form(desk, errand, filled, said))
