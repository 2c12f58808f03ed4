"""A whole edition in a few lines, to race on and to break."""

from pathlib import Path

FILES = {
    "edition.toml": """
format = 1
slug = "tiny"
version = "0.0.1"
licence = "MIT"
credits = ["nobody"]
tracks = ["pond"]
karts = ["crate"]
characters = ["duck"]
name = { en = "Tiny", zh-hans = "小小" }
""",
    "palette.toml": """
grey = "#808080"
white = "#ffffff"
green = "#60a040"
""",
    "models/crate.toml": """
[[nodes]]
name = "body"
parts = [ { block = [2, 1, 1], colour = "grey" }, { use = "post" } ]
""",
    "models/post.toml": """
parts = [ { prism = 6, r = 0.3, h = 3, colour = "white" } ]
""",
    "karts/crate.toml": """
model = "crate"
name = { en = "Crate", zh-hans = "木箱" }
""",
    "characters/duck.toml": """
kart = "crate"
name = { en = "Duck", zh-hans = "鸭子" }
home = { en = "A pond", zh-hans = "池塘" }
story = { en = "A duck that wanted to drive.", zh-hans = "一只一心想学会开车的小鸭子。" }
""",
    "tracks/pond.toml": """
seed = 1
name = { en = "Pond", zh-hans = "池塘" }
rows = [ { along = [0, 200], side = "right", style = "hut" } ]
lines = [ { along = [0, 200], side = "left", model = "post", every = 20 } ]
[[water]]
outline = [[-20, -20], [20, -20], [20, 20], [-20, 20]]
level = -1
colour = "grey"
wall = "grey"
[course]
points = [
  [120, 0, 0.2, 7, 7, 10, 10], [85, 85, 0.2, 7, 7, 10, 10], [0, 120, 0.2, 7, 7, 10, 10],
  [-85, 85, 0.2, 7, 7, 10, 10], [-120, 0, 0.2, 7, 7, 10, 10], [-85, -85, 0.2, 7, 7, 10, 10],
  [0, -120, 0.2, 7, 7, 10, 10], [85, -85, 0.2, 7, 7, 10, 10],
]
[road]
asphalt = "grey"
line = "white"
kerb = "white"
kerb-second = "grey"
verge = "green"
checker = "grey"
skirt = "grey"
land = "green"
[sky]
top = "#000000"
middle = "#000000"
horizon = "#000000"
glow = "#000000"
ground = "#000000"
fog = "#000000"
fog-near = 100
fog-far = 1000
[light]
sun-direction = [1, 1, 1]
sun = [1, 1, 1]
sky = [0.5, 0.5, 0.5]
bounce = [0.3, 0.3, 0.3]
[styles.hut]
kind = "terrace"
walls = ["white"]
roofs = ["grey"]
trims = ["grey"]
windows = ["grey"]
doors = ["green"]
lit = "white"
width = [8, 12]
depth = [8, 10]
storeys = [2, 3]
""",
}


def write_edition(folder: Path, **changes: tuple[str, str]) -> Path:
    """The edition in `folder`; a change names a file and replaces one text in it by another.

    Names of changes are free; each is a (file, "old => new") pair.
    """
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for name, change in changes.values():
        old, new = change.split(" => ")
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
    return folder
