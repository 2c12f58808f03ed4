"""A tiny knowledge folder for tests, written fresh, and easy to break on purpose."""

import shutil
from pathlib import Path

from moongate.health.knowledge.loader import BASE

SOURCES = """\
[textbook]
title = "A textbook"
publisher = "A house"
year = 2020
"""

FINDINGS = """\
[cough]
name.en = "Cough"
name.zh = "咳嗽"
kind = "symptom"
leak = 0.08
ask.en = "Do you cough?"
ask.zh = "您咳嗽吗？"
says.en = ["cough"]
says.zh = ["咳嗽"]

[cough_dry]
name.en = "Dry cough"
name.zh = "干咳"
kind = "symptom"
parent = "cough"
leak = 0.3
ask.en = "Is the cough dry?"
ask.zh = "是干咳吗？"
says.en = ["dry cough"]
says.zh = ["干咳"]

[fever]
name.en = "Fever"
name.zh = "发热"
kind = "symptom"
leak = 0.05
ask.en = "Do you have a fever?"
ask.zh = "您发烧吗？"
says.en = ["fever"]
says.zh = ["发烧"]

[lips_blue]
name.en = "Blue lips"
name.zh = "口唇发紫"
kind = "sign"
leak = 0.01
ask.en = "Are your lips blue?"
ask.zh = "口唇发紫吗？"
says.en = ["blue lips"]
says.zh = ["嘴唇发紫"]

[smoker]
name.en = "Smoker"
name.zh = "吸烟"
kind = "risk"
leak = 0.2
ask.en = "Do you smoke?"
ask.zh = "您吸烟吗？"
says.en = ["smoker"]
says.zh = ["吸烟"]
"""

CONDITION = """\
[{id}]
name.en = "{en}"
name.zh = "{zh}"
icd10 = ["J20"]
icpc2 = ["R78"]
rate = {{ uk = {rate}, cn = {rate} }}
age = [1, 1, 1, 1, 1, 1, 1, 1]
female = 0.5
course = {{ hours = 0.1, days = 0.7, weeks = 0.1, months = 0.1 }}
triage = {{ {triage} }}
about.en = "What it is."
about.zh = "说明文字。"
advice.en = "What to do."
advice.zh = "处理办法。"
source = "textbook"
confidence = "C"
findings = {findings}
risks = [["smoker", 2.0]]
"""

CONDITIONS = "\n".join([
    CONDITION.format(id="bronchitis", en="Bronchitis", zh="支气管炎", rate=4000,
                     triage="gp = 0.5, self_care = 0.5",
                     findings='[["cough", 0.95], ["cough_dry", 0.4], ["fever", 0.3]]'),
    CONDITION.format(id="pneumonia", en="Pneumonia", zh="肺炎", rate=400,
                     triage="today = 0.8, emergency = 0.2",
                     findings='[["cough", 0.9], ["fever", 0.8], ["lips_blue", 0.2]]'),
])  # fmt: skip

RED_FLAGS = """\
[blue]
level = "emergency"
all = ["lips_blue"]
why.en = "Too little oxygen."
why.zh = "缺氧的表现。"
think = ["pneumonia"]
source = "textbook"
"""


def write_base(folder: Path, **replaced: str) -> Path:
    """A base in the folder; `replaced` gives other texts for sources, findings, conditions, red_flags."""
    texts = {
        "sources": SOURCES, "findings": FINDINGS, "conditions": CONDITIONS, "red_flags": RED_FLAGS,
    } | replaced  # fmt: skip
    for kind, text in texts.items():
        (folder / kind).mkdir(parents=True, exist_ok=True)
        (folder / kind / "all.toml").write_text(text, encoding="utf-8")
    for name in ("version.toml", "levels.toml"):
        shutil.copy(BASE / name, folder / name)
    return folder
