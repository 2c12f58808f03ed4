"""What the house says about the last thing that the person did."""

from __future__ import annotations

from dataclasses import replace

from moongate.health.knowledge.schema import Lang
from moongate.health.language.understand import MAX_CHARS, Understanding
from moongate.health.talk.entries import given
from moongate.health.talk.replaying import State
from moongate.health.talk.shapes import Message, Piece
from moongate.health.talk.steps import Say, Seen, Stop, Talk
from moongate.health.talk.words import text
from moongate.health.wording import finding_name, replies, say

MOST_UNCLEAR = 5


def messages(state: State, talk: Talk) -> tuple[Message, ...]:
    """News about the conversation, then what is to be said of the last step."""
    lang = talk.lang
    told = []
    if talk.steps and talk.edition != state.engine.base.edition:
        told.append(Message("news", text("renewed", lang)))
    if state.idle:
        told.append(Message("news", text("idle", lang)))
    last = talk.steps[-1] if talk.steps else None
    if isinstance(last, Say):
        told += _of_words(state, talk, last)
    elif last is not None and not isinstance(last, Seen | Stop):
        told.append(Message("understood", text("noted", lang) + given(state.engine, last, lang)))
    return tuple(told)


def _of_words(state: State, talk: Talk, last: Say) -> list[Message]:
    lang, network = talk.lang, state.engine.network
    assessment = replace(state.assessment, lang=lang)
    heard = assessment.heard[-1]
    told = [Message("reply", line) for line in replies(network, assessment, heard)]
    joint = "、" if lang == "zh" else ", "
    names = [finding_name(network, f, lang) for f in heard.findings("present")]
    names += [
        say("not_present", lang, x=finding_name(network, f, lang)) for f in heard.findings("absent")
    ]
    if names:
        told.append(Message("understood", say("understood", lang) + joint.join(names)))
    if heard.unclear and heard.mentions:
        words = joint.join(last.text[a:b] for a, b in heard.unclear[:MOST_UNCLEAR])
        told.append(Message("unclear", say("unclear", lang) + words))
    return told


def pieces(state: State, talk: Talk) -> tuple[Piece, ...]:
    """The last message cut where it was understood or not; nothing after any other step."""
    last = talk.steps[-1] if talk.steps else None
    if not isinstance(last, Say) or not state.assessment.heard:
        return ()
    return tuple(cut(state, state.assessment.heard[-1], last.text[:MAX_CHARS], talk.lang))


def cut(state: State, heard: Understanding, said: str, lang: Lang) -> list[Piece]:
    """The pieces of a message; joined they are the message."""
    places: list[tuple[int, int, Piece]] = []
    for mention in heard.mentions:
        kind = mention.status if mention.status in ("present", "absent") else "other"
        name = finding_name(state.engine.network, mention.finding, lang)
        piece = Piece("", "other" if mention.whose != "self" else kind, name)
        places.append((mention.start, mention.end, piece))
    places += [(a, b, Piece("", "unclear")) for a, b in heard.unclear]
    found: list[Piece] = []
    at = 0
    for start, end, piece in sorted(places, key=lambda p: (p[0], -p[1])):
        if start < at:
            if start >= end or end <= at or not found:
                # Two findings in the same words: both names stand with them.
                if found and found[-1].name and piece.name and piece.name not in found[-1].name:
                    both = f"{found[-1].name}; {piece.name}"
                    found[-1] = replace(found[-1], name=both)
                continue
            start = at
        if start > at:
            found.append(Piece(said[at:start], "plain"))
        found.append(replace(piece, text=said[start:end]))
        at = end
    if at < len(said):
        found.append(Piece(said[at:], "plain"))
    return found
