"""The words of the printed report, in both languages."""

from __future__ import annotations

from moongate.health.knowledge.schema import Lang

WORDS: dict[str, dict[Lang, str]] = {
    "title": {"en": "Health assessment", "zh": "健康评估报告"},
    "for": {"en": "For the doctor", "zh": "供医生参考"},
    "by": {
        "en": "Written by a computer program (AI) from what the person said. Not a diagnosis.",
        "zh": "本报告由计算机程序（人工智能）根据患者所述生成，不是诊断。",
    },
    "person": {"en": "Person", "zh": "患者"},
    "years": {"en": "{years} years", "zh": "{years} 岁"},
    "female": {"en": "female", "zh": "女"},
    "male": {"en": "male", "zh": "男"},
    "unknown_age": {"en": "age not given", "zh": "年龄未说明"},
    "unknown_sex": {"en": "sex not given", "zh": "性别未说明"},
    "when": {"en": "Assessed", "zh": "评估时间"},
    "knowledge": {"en": "Knowledge", "zh": "知识库版本"},
    "urgency": {"en": "Urgency", "zh": "紧急程度"},
    "words": {"en": "In the person's own words", "zh": "患者自述"},
    "shortened": {
        "en": "(shortened for print: {shown} of {total} characters)",
        "zh": "（为打印已缩短：{total} 字中的 {shown} 字）",
    },
    "course": {"en": "How long", "zh": "持续时间"},
    "flags": {"en": "Warning signs that raised the urgency", "zh": "提高紧急程度的警示信号"},
    "present": {"en": "Said to be present", "zh": "有"},
    "absent": {"en": "Said to be absent", "zh": "无"},
    "unknown": {"en": "Asked, not known", "zh": "问过，不清楚"},
    "none": {"en": "none", "zh": "无"},
    "more": {"en": "and {n} more", "zh": "另有 {n} 项"},
    "conditions": {"en": "What it could be", "zh": "可能的原因"},
    "chance": {
        "en": "Probability by the program's model, given the answers.",
        "zh": "程序模型根据回答给出的概率。",
    },
    "speaks_for": {"en": "for: {x}", "zh": "支持：{x}"},
    "speaks_against": {"en": "against: {x}", "zh": "不支持：{x}"},
    "approximate": {
        "en": "So many findings were given that the probabilities are an approximation.",
        "zh": "所述情况较多，概率为近似计算。",
    },
    "page": {"en": "page {n} of {all}", "zh": "第 {n} 页，共 {all} 页"},
}


def words(key: str, lang: Lang, **values: object) -> str:
    """A text of the report in a language."""
    return WORDS[key][lang].format(**values)
