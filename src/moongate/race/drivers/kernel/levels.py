"""The five levels, and how a driver of one is made; the game and the server name them alike."""

from moongate.race.sim.tuning import CAP_BASE, CAP_NITRO

from .numbers import random_share
from .tables import (
    M_PHASE_A,
    M_PHASE_B,
    M_SEED,
    MEMORY,
    STYLE,
    Y_BOOST,
    Y_NOISE,
    Y_SHARE,
    Y_TOP,
    Y_WANDER,
    Y_WILD,
)

LEVEL_NOVICE = 0
LEVEL_AMATEUR = 1
LEVEL_CLUB = 2
LEVEL_EXPERT = 3
LEVEL_MASTER = 4
LEVELS = 5

SKILL_NOVICE = 0.1  # 0 … 1, see set_style
SKILL_AMATEUR = 0.4
SKILL_CLUB = 0.66
SKILL_EXPERT = 0.82
SKILL_MASTER = 1.0
BOOSTS_FROM = 2  # the first level that drifts and boosts
FIELD_SPREAD = 0.05  # skill between the best and the worst of one level
WARM_DRAWS = 4  # a small seed's first numbers are small too


def skill_of(level):
    """The skill of one of the five levels."""
    if level <= LEVEL_NOVICE:
        return SKILL_NOVICE
    if level == LEVEL_AMATEUR:
        return SKILL_AMATEUR
    if level == LEVEL_CLUB:
        return SKILL_CLUB
    if level == LEVEL_EXPERT:
        return SKILL_EXPERT
    return SKILL_MASTER


def set_style(styles, k, skill, boost):
    """Makes kart k drive at a skill of 0 to 1; with boost it drifts, mini-boosts, fires nitro."""
    y = STYLE * k
    styles[y + Y_SHARE] = 0.72 + 0.28 * skill
    # Below the best, top speed is not used up: a beginner lifts off early.
    styles[y + Y_TOP] = CAP_BASE * (0.84 + 0.15 * skill)
    if skill >= 1.0:
        styles[y + Y_TOP] = 2.0 * CAP_NITRO
    styles[y + Y_WANDER] = 1.6 * (1.0 - skill)
    styles[y + Y_NOISE] = 0.8 * (1.0 - skill)
    styles[y + Y_BOOST] = 0.0
    if boost:
        styles[y + Y_BOOST] = 1.0
    styles[y + Y_WILD] = 0.0


def seed_driver(memories, k, seed):
    """Gives kart k's driver a fresh memory; seed is an integer from 1 to 2147483646."""
    m = MEMORY * k
    for i in range(MEMORY):
        memories[m + i] = 0.0
    memories[m + M_SEED] = seed
    for _draw in range(WARM_DRAWS):
        random_share(memories, m)
    memories[m + M_PHASE_A] = random_share(memories, m)
    memories[m + M_PHASE_B] = random_share(memories, m)


def set_level(styles, memories, k, level, seed):
    """Makes kart k a driver of a level; the seed says which of the many there are."""
    seed_driver(memories, k, seed)
    boost = level >= BOOSTS_FROM
    skill = skill_of(level) - FIELD_SPREAD * random_share(memories, MEMORY * k)
    set_style(styles, k, skill, boost)
    if level >= LEVEL_EXPERT:
        styles[STYLE * k + Y_TOP] = 2.0 * CAP_NITRO
