"""The conversation core: what a person did, replayed into what is to be shown now.

`begin` makes a Talk, `turn` says what to show for it, `reply` and `append` make the next one. A
Talk is plain data; everything else is computed from it. No Django here, and nothing is kept.
"""

from moongate.health.talk.replying import ReplyError, reply
from moongate.health.talk.steps import Talk, TalkError, append, back, begin, change, switch
from moongate.health.talk.turns import turn

__all__ = [
    "ReplyError",
    "Talk",
    "TalkError",
    "append",
    "back",
    "begin",
    "change",
    "reply",
    "switch",
    "turn",
]
