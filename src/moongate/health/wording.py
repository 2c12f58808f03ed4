"""What the engine says, in both languages: questions, reasons, results, and fitting replies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moongate.health.knowledge.schema import COURSES, Lang

if TYPE_CHECKING:
    # Pages say these words without the engine, which takes seconds to import.
    from moongate.health.assessment import Assessment, Result
    from moongate.health.inference.network import Network
    from moongate.health.inference.questions import Question
    from moongate.health.language.understand import Understanding

TEXTS: dict[str, dict[Lang, str]] = {
    "disclaimer": {
        "en": "I am a computer program, no doctor and no registered medical device. If you fear for "
        "your life, call 999 (UK) or 120 (China) now.",
        "zh": "我是一个计算机程序，不是医生，也不是注册的医疗器械。如果您担心有生命危险，请立即拨打 120（中国）或 999（英国）。",
    },
    "begin": {
        "en": "Tell me in your own words what is wrong.",
        "zh": "请用您自己的话说说哪里不舒服。",
    },
    "age": {"en": "How old is the person this is about, in years?", "zh": "患者多大年龄（岁）？"},
    "sex": {
        "en": "Was the person born female or male? (f, m, or Enter to leave it out)",
        "zh": "患者出生时的性别是女还是男？（女、男，回车跳过）",
    },
    "course": {"en": "How long has this been going on?", "zh": "这种情况持续多久了？"},
    "hours": {"en": "minutes or hours", "zh": "几分钟或几小时"},
    "days": {"en": "days (up to two weeks)", "zh": "几天（两周以内）"},
    "weeks": {"en": "weeks (up to three months)", "zh": "几周（三个月以内）"},
    "months": {"en": "months or longer, or it keeps coming back", "zh": "几个月或更久，或反复发作"},
    "which": {"en": "Which of these fit?", "zh": "下面哪些符合？"},
    "danger": {
        "en": "To be safe first: is any of these there now?",
        "zh": "先确认有没有危险：现在有下面哪种情况吗？",
    },
    "symptoms": {"en": "Do you also have any of these?", "zh": "您还有下面这些情况吗？"},
    "background": {"en": "Do any of these apply?", "zh": "下面哪些情况符合？"},
    "results": {
        "en": "Were you told any of these results? Leave out what was not tested.",
        "zh": "有人告诉过您下面哪些检查结果吗？没做过的检查不用选。",
    },
    "none": {"en": "none of these", "zh": "都不符合"},
    "unknown": {"en": "don't know", "zh": "不知道"},
    "yes": {"en": "yes", "zh": "是"},
    "no": {"en": "no", "zh": "否"},
    "why": {"en": "Why I ask: ", "zh": "为什么问："},
    "why_flag": {"en": "it could be a sign of danger. {why}", "zh": "这可能是危险的信号。{why}"},
    "why_urgency": {
        "en": "it decides how soon you should be seen.",
        "zh": "它决定您应该多快就医。",
    },
    "why_apart": {"en": "it tells {a} from {b}.", "zh": "它有助于区分{a}和{b}。"},
    "why_causes": {"en": "it narrows down the causes.", "zh": "它有助于缩小可能的原因。"},
    "understood": {"en": "I understood: ", "zh": "我的理解："},
    "not_present": {"en": "not: {x}", "zh": "没有：{x}"},
    "unclear": {"en": "I did not understand: ", "zh": "我没有听懂："},
    "proposed": {"en": "Do you mean: {x}? (yes / no)", "zh": "您指的是“{x}”吗？（是 / 否）"},
    "urgency": {"en": "How urgent", "zh": "紧急程度"},
    "possible": {"en": "What it could be", "zh": "可能的原因"},
    "uncertain": {
        "en": "These are possibilities, not a diagnosis.",
        "zh": "以上只是可能性，不是诊断。",
    },
    "for": {"en": "speaks for it: ", "zh": "支持："},
    "against": {"en": "speaks against it: ", "zh": "不支持："},
    "not_asked": {"en": "would change it if present: ", "zh": "如有以下情况会改变判断："},
    "because": {"en": "Because: ", "zh": "因为："},
    "little": {
        "en": "I understand too little of this to send you home on it: a person should hear it.",
        "zh": "我对您的情况了解太少，不能仅凭这些让您在家观察：请让医生听一听。",
    },
    "alarm": {
        "en": "What you wrote sounds like what people write in danger, so I rate it this urgent even "
        "though I did not recognise every word. A person should hear it now.",
        "zh": "您写的话很像身处危险的人会写的话。即使我没有听懂每一个词，也按这个紧急程度处理，请立即让人听一听。",
    },
    "approximate": {
        "en": "So many findings were counted by an approximation (share on three causes: {tail:.0%}).",
        "zh": "所述情况较多，概率为近似计算（三种病因并存所占比重：{tail:.0%}）。",
    },
    "withheld": {
        "en": "Something I would name here is being checked and is not shown. How urgent this is "
        "takes it into account.",
        "zh": "有一项本应列出的可能原因正在核查，暂不显示。紧急程度的判断仍已将其考虑在内。",
    },
    "empty": {
        "en": "I received no text. Write a few words about what is wrong.",
        "zh": "没有收到文字。请写几句您哪里不舒服。",
    },
    "no_words": {
        "en": "I cannot read pictures or signs alone. Write in words what is wrong.",
        "zh": "我无法只凭表情或符号理解。请用文字说说哪里不舒服。",
    },
    "too_long": {
        "en": "That was longer than 8,000 characters; I read to there. Add what matters most.",
        "zh": "内容超过 8,000 字，我只读到那里。请补充最重要的部分。",
    },
    "other_language": {
        "en": "I understand English and Chinese only. If it is urgent, call 999 (UK) or 120 (China).",
        "zh": "我只懂中文和英文。如情况紧急，请拨打 120（中国）或 999（英国）。",
    },
    "instructions": {
        "en": "Part of that reads like instructions to a program. I only listen for how someone feels.",
        "zh": "其中一部分像是给程序的指令。我只关注身体和心理的不适。",
    },
    "animal": {
        "en": "This is about an animal; I only know people. Please ask a vet.",
        "zh": "这似乎是关于动物的；我只了解人。请咨询兽医。",
    },
    "about_other": {
        "en": "I take this to be about: {who}. Answer for that person.",
        "zh": "我理解这是关于：{who}。请代为回答。",
    },
    "child_alone": {
        "en": "You are young. Please tell a grown-up near you, or call 999 (UK), Childline 0800 1111 "
        "(UK) or 120 (China) if you are alone and scared.",
        "zh": "你还小，请告诉身边的大人。如果你独自一人、很害怕，请拨打 120（中国）、12355（中国青少年热线）或 999（英国）。",
    },
    "contradiction": {
        "en": "You said both yes and no to: {x}. I go by the last answer; correct me if that is wrong.",
        "zh": "关于{x}，您既说有又说没有。我以最后一次回答为准；如不对请更正。",
    },
    "impossible_sex": {
        "en": "{x} does not fit the sex given; please check it. I go by what was felt.",
        "zh": "{x}与所填性别不符，请核对。我以所述情况为准。",
    },
    "impossible_age": {
        "en": "An age must be from 0 to 120 years (received: {x:g}). Please say it again.",
        "zh": "年龄应在 0 到 120 岁之间（收到：{x:g}）。请重新填写。",
    },
    "crisis": {
        "en": "If you might act on thoughts of ending your life, or have taken something: call 999 now. "
        "To talk, day or night: Samaritans 116 123 (UK), text SHOUT to 85258 (UK), 12356 (China). "
        "Stay with someone, and put distance between you and anything you could use.",
        "zh": "如果您可能会伤害自己，或已经服下了什么：请立即拨打 120 或 110。想找人说话，昼夜都可拨打："
        "12356 全国心理援助热线；在英国：Samaritans 116 123。请不要独处，远离可能用来伤害自己的东西。",
    },
    "nothing_heard": {
        "en": "I did not recognise a complaint in that. Say what you feel and where.",
        "zh": "我没有听出具体的不适。请说说哪里、怎样不舒服。",
    },
}


def say(key: str, lang: Lang, **values: object) -> str:
    """A text of the engine in a language."""
    return TEXTS[key][lang].format(**values)


def finding_name(network: Network, finding: str, lang: Lang) -> str:
    """The finding's name; for a course, how long."""
    if finding.startswith("course_"):
        return say(finding.removeprefix("course_"), lang)
    return getattr(network.base.findings[finding].name, lang)  # type: ignore[no-any-return]


def condition_name(network: Network, condition: str, lang: Lang) -> str:
    return getattr(network.base.conditions[condition].name, lang)  # type: ignore[no-any-return]


def question_text(network: Network, question: Question, lang: Lang) -> str:
    """The question as put to the person."""
    if question.kind in ("course", "danger", "symptoms", "background", "results"):
        return say(question.kind, lang)
    if question.kind == "attributes":
        parent = network.parent[question.findings[0]]
        return f"{finding_name(network, parent, lang)}{'：' if lang == 'zh' else ': '}{say('which', lang)}"
    return getattr(network.base.findings[question.findings[0]].ask, lang)  # type: ignore[no-any-return]


def options(network: Network, question: Question, lang: Lang) -> list[str]:
    """What can be answered, in order: for a choice its attributes; for the course its four spans."""
    if question.kind == "course":
        return [say(course, lang) for course in COURSES]
    if question.kind != "finding":
        return [finding_name(network, finding, lang) for finding in question.findings]
    return [say("yes", lang), say("no", lang), say("unknown", lang)]


def why(network: Network, question: Question, lang: Lang) -> str:
    """Why the question is asked."""
    if question.why == "red flag":
        rule = network.base.red_flags[question.about[0]]
        return say("why_flag", lang, why=rule.why.in_(lang))
    if question.why == "urgency":
        return say("why_urgency", lang)
    if len(question.about) == 2:
        a, b = (condition_name(network, name, lang) for name in question.about)
        return say("why_apart", lang, a=a, b=b)
    return say("why_causes", lang)


def replies(network: Network, assessment: Assessment, heard: Understanding) -> list[str]:
    """What to say about a message before anything else: bad input, other people, contradictions."""
    lang = assessment.lang
    told = [say(note, lang) for note in heard.notes]
    if heard.age is not None and not 0 <= heard.age <= 120:
        told.append(say("impossible_age", lang, x=heard.age))
    if heard.about != "self" and "animal" not in heard.notes:
        told.append(say("about_other", lang, who=heard.about))
    age = assessment.evidence.age
    if age is not None and age < 12 and heard.about == "self" and assessment.about == "self":
        told.append(say("child_alone", lang))
    for finding in assessment.contradictions:
        told.append(say("contradiction", lang, x=finding_name(network, finding, lang)))
    for finding in sorted(assessment.evidence.present):
        sex = network.base.findings[finding].sex
        if sex and assessment.evidence.sex and sex != assessment.evidence.sex:
            told.append(say("impossible_sex", lang, x=finding_name(network, finding, lang)))
    if not heard.mentions and not heard.notes:
        told.append(say("nothing_heard", lang))
    return told


def result_lines(network: Network, result: Result, lang: Lang, shown: int = 5) -> list[str]:
    """The result for a terminal: urgency first, then possibilities, each with its reasons."""
    level = network.base.levels[result.triage.level]
    joint = "、" if lang == "zh" else ", "
    lines = [f"■ {say('urgency', lang)}: {getattr(level.name, lang)}", f"  {level.do.in_(lang)}"]
    if result.in_crisis:
        lines.append(f"  {say('crisis', lang)}")
    for fire in result.triage.flags:
        names = joint.join(finding_name(network, f, lang) for f in fire.because)
        lines.append(f"  {say('because', lang)}{names}. {fire.rule.why.in_(lang)}")
    if result.triage.reason == "little known":
        lines.append(f"  {say('little', lang)}")
    if result.triage.reason == "alarm":
        lines.append(f"  {say('alarm', lang)}")
    lines += ["", f"■ {say('possible', lang)}"]
    for (name, probability), explained in zip(
        result.conditions[:shown], result.explained, strict=False
    ):
        condition = network.base.conditions[name]
        lines.append(
            f"  {probability:5.0%}  {getattr(condition.name, lang)}: {condition.about.in_(lang)}"
        )
        for key, parts in (("for", explained.for_), ("against", explained.against)):
            if parts:
                names = joint.join(finding_name(network, f, lang) for f, _ in parts[:5])
                lines.append(f"         {say(key, lang)}{names}")
        if explained.open:
            names = joint.join(finding_name(network, f, lang) for f in explained.open[:4])
            lines.append(f"         {say('not_asked', lang)}{names}")
    if result.conditions:
        best = network.base.conditions[result.conditions[0][0]]
        lines += ["", f"  {best.advice.in_(lang)}"]
    lines += ["", say("uncertain", lang)]
    if result.withheld:
        lines.append(say("withheld", lang))
    if result.posterior.method == "approximate":
        lines.append(say("approximate", lang, tail=result.posterior.tail))
    lines.append(say("disclaimer", lang))
    return lines
