"""What a person is asked to agree to before anything of their health is kept, shown or studied."""

from __future__ import annotations

from moongate.accounts.consents import Purpose

RECORDS = Purpose(
    key="health_records",
    version=1,
    title={"en": "Keeping my health assessments", "zh-hans": "保存我的健康评估"},
    text={
        "en": "Moongate may keep the assessments I ask it to keep: what I wrote, what I answered "
        "and what came of it, encrypted, for me to read again. I can delete each one at any time. "
        "If I withdraw this, all of them are deleted a week later.",
        "zh-hans": "月门可以保存我要求保存的评估：我写的话、我的回答以及评估结果，"
        "均加密保存，供我日后查看。我可以随时删除任何一份。撤回同意一周后，全部评估会被删除。",
    },
)
SHARING = Purpose(
    key="health_sharing",
    version=1,
    title={"en": "Showing an assessment by a link", "zh-hans": "通过链接出示评估"},
    text={
        "en": "I may make links that let whoever has them read one assessment of mine until they "
        "expire or I revoke them. Withdrawing this shuts every link at once.",
        "zh-hans": "我可以生成链接，持有链接的人在到期或我撤销之前可以阅读我的一份评估。"
        "撤回同意会立即关闭所有链接。",
    },
)
RESEARCH = Purpose(
    key="health_research",
    version=1,
    title={"en": "Research with my kept assessments", "zh-hans": "将我保存的评估用于研究"},
    text={
        "en": "The answers of my kept assessments may go into a collection for research: without "
        "my words, my name or the day, with my age as a band, and only where enough other people "
        "are alike. Withdrawing leaves me out of every later collection; one already handed over "
        "cannot be called back.",
        "zh-hans": "我所保存评估中的回答可以进入研究数据集：不含我写的话、姓名和日期，"
        "年龄只给出年龄段，并且只有当足够多的人情况相似时才会收录。"
        "撤回后，以后的数据集不再包含我；已经交付的无法收回。",
    },
)
# Asked for each person in care; it stands with that person and not among the account's consents.
GUARDIAN = Purpose(
    key="health_guardian",
    version=1,
    title={"en": "Keeping assessments for somebody in my care", "zh-hans": "为我照顾的人保存评估"},
    text={
        "en": "I am the parent or guardian of this person, or they have asked me to do this for "
        "them, and I agree on their behalf that their assessments are kept in my account.",
        "zh-hans": "我是此人的父母或监护人，或受此人委托，代其同意将评估保存在我的账户中。",
    },
)
DECLARED = (RECORDS, SHARING, RESEARCH)
