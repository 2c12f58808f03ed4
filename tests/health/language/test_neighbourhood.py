"""What stands around words: how far denials reach, numbers, circumstances, borders, fiction, time."""

import pytest

from moongate.health.assessment import Engine


def heard(engine: Engine, text: str):
    return engine.reader.understand(text)


REACH = [
    ("Hands shake so he cannot hold a cup", [], ["tremor_action"]),
    ("no sleep, jumpy, heart going fast", [], ["palpitations_racing"]),
    ("no gas for 2 days, tummy drum tight", [], ["abdominal_swelling"]),
    ("3 days without and just came round with a bitten tongue", [], ["seizure_tongue_bite"]),
    ("does not react directly, and the retina is pale", [], ["retina_pale"]),
    ("cannot whistle and that eye will not shut", [], ["facial_droop_eye_open"]),
    ("has not been herself: first sleepless", [], ["insomnia"]),
    ("No fever, headache for three days", ["fever"], ["headache"]),
    ("He did not vomit, has a headache", ["vomiting"], ["headache"]),
    ("No chest pain but my stomach hurts", ["chest_pain"], []),
    ("no fever, cough or rash", ["fever", "cough", "rash"], []),
    ("without fever, cough or rash", ["fever", "cough", "rash"], []),
    ("No fever, chills, weight loss, night sweats", ["fever", "chills", "night_sweats"], []),
    ("She did not have chest pain, palpitations or cough", ["chest_pain", "cough"], []),
    ("denies chest pain, dyspnoea, oedema", ["chest_pain", "dyspnoea"], []),
    ("否认发热、咳嗽、胸痛", ["fever", "cough", "chest_pain"], []),
    ("无发热咳嗽", ["fever", "cough"], []),
    ("否认外伤，头痛3天", ["injury_recent"], ["headache"]),
    ("没有发热，头痛三天", ["fever"], ["headache"]),
    ("手抖得拿不住杯子", [], ["tremor"]),
]


@pytest.mark.parametrize(("text", "absent", "present"), REACH, ids=[r[0] for r in REACH])
def test_a_denial_reaches_its_list_and_no_further(
    engine: Engine, text: str, absent: list[str], present: list[str]
):
    told = heard(engine, text)
    assert [f for f in absent if f not in told.findings("absent")] == []
    assert [f for f in present if f not in told.findings("present")] == []
    assert not set(absent) & set(told.findings("present"))


@pytest.mark.parametrize(
    ("text", "absent"),
    [("bowel sounds normal", "bowel_sounds_absent"), ("大便正常", "diarrhoea"),
     ("Murphy征（-）", "murphy_sign"), ("Pregnancy test negative twice", "pregnancy_test_positive"),
     ("appetite and sleep are normal", "appetite_loss"), ("normal vision", "vision_blurred"),
     ("体温正常，咳嗽", "fever"), ("腹泻(-)", "diarrhoea")],
)  # fmt: skip
def test_what_is_called_normal_is_denied(engine: Engine, text: str, absent: str):
    told = heard(engine, text)
    assert absent in told.findings("absent")
    assert absent not in told.findings("present")


@pytest.mark.parametrize("text", ["periods not normal", "食欲不正常", "怀孕28周，产检都正常"])
def test_normal_denies_neither_when_denied_nor_a_background(engine: Engine, text: str):
    assert not {"appetite_loss", "pregnant"} & set(heard(engine, text).findings("absent"))


@pytest.mark.parametrize(
    ("text", "finding"),
    [("Hb 7.2", "haemoglobin_low"), ("血红蛋白 68g/L", "haemoglobin_low"),
     ("haemoglobin 195 g/L", "haemoglobin_high"), ("PLT 20×10^9/L", "platelets_low"),
     ("血小板2万", "platelets_low"), ("WBC 15,000", "white_cells_high"),
     ("白细胞 2.1×10⁹/L", "white_cells_low"), ("心跳每分钟150下", "pulse_very_fast"),
     ("T 38.5, P 110, R 22", "pulse_fast"), ("烧到39.5", "fever_high"), ("102 F", "fever"),
     ("躺着138/80，站起来102/64", "blood_pressure_drops_standing"),
     ("lying 140/85, standing 110/70", "blood_pressure_drops_standing"),
     ("pulse ox 88", "oxygen_low"), ("SpO2 95% at rest falling to 90%", "oxygen_low"),
     ("glucose 350 mg/dL", "glucose_high"), ("sugar 54 mg/dL", "glucose_low"),
     ("31 weeks pregnant", "pregnant_late"), ("孕31+2周", "pregnant_late"),
     ("38周了，宝宝不动了", "pregnant_late"), ("怀孕8周", "pregnant_early"),
     ("5 months pregnant", "pregnant_late"), ("weight went from 80 kg to 71 kg", "weight_loss"),
     ("体重下降8kg", "weight_loss")],
)  # fmt: skip
def test_a_bare_number_is_a_finding(engine: Engine, text: str, finding: str):
    assert finding in heard(engine, text).findings("present")


@pytest.mark.parametrize(
    ("text", "finding"),
    [("It was 33 °C outside", "temperature_low"), ("今天外面39度", "fever"),
     ("knee bends to 40°", "fever"), ("Cobb角40度", "fever"), ("sats 98%", "oxygen_low"),
     ("which sats reading counts as low? mine is 98", "oxygen_low"),
     ("血氧多少算低？我的是98", "oxygen_low"), ("HbA1c 7.5", "haemoglobin_low"),
     ("尿白细胞 20/HP", "white_cells_high"), ("born at 31 weeks", "pregnant_late"),
     ("a cough for 30 weeks", "pregnant_late"), ("5 months pregnant", "pregnant_early")],
)  # fmt: skip
def test_a_number_of_something_else_is_none(engine: Engine, text: str, finding: str):
    assert finding not in heard(engine, text).findings("present")


@pytest.mark.parametrize(
    ("text", "attribute", "told"),
    [("cough, dry mouth", "cough_dry", False), ("Cough and dry mouth", "cough_dry", False),
     ("咳嗽，口干", "cough_dry", False), ("dyspnoea, wants to lie down", "orthopnoea", False),
     ("气短，想躺着", "orthopnoea", False), ("胸口疼，咳嗽", "chest_pain_pleuritic", False),
     ("Short of breath, worse lying down", "orthopnoea", True),
     ("气短，躺下就加重", "orthopnoea", True), ("chest pain when I walk", "chest_pain_exertional", True),
     ("胸痛，走路就加重", "chest_pain_exertional", True),
     ("belly pain. It comes after meals", "abdo_pain_after_meals", True)],
)  # fmt: skip
def test_a_circumstance_must_be_joined_to_its_complaint(
    engine: Engine, text: str, attribute: str, told: bool
):
    assert (attribute in heard(engine, text).findings("present")) is told


@pytest.mark.parametrize(
    ("text", "finding", "told"),
    [("今早醒来头痛", "early_waking", False), ("早醒，睡不好", "early_waking", True),
     ("可见红色丘疹", "pregnancy_bleeding", False), ("怀孕38周见红了", "pregnancy_bleeding", True),
     ("右下腹隐痛", "abdo_pain_lower", False), ("下腹隐痛两天", "abdo_pain_lower", True),
     ("活动后心悸", "palpitations_exertion", True), ("双下肢水肿", "leg_swelling_both", True)],
)  # fmt: skip
def test_chinese_phrases_keep_to_the_borders_of_words(
    engine: Engine, text: str, finding: str, told: bool
):
    assert (finding in heard(engine, text).findings("present")) is told


@pytest.mark.parametrize(
    ("text", "finding"),
    [("孩子好像把小磁铁吞了", "battery_magnet_swallowed"),
     ("my toddler might have eaten rat poison", "poison_swallowed"),
     ("孩子好像误食了老鼠药", "poison_swallowed")],
)  # fmt: skip
def test_an_event_that_a_carer_reports_counts(engine: Engine, text: str, finding: str):
    assert finding in heard(engine, text).findings("present")


@pytest.mark.parametrize(
    "text",
    ["梦见自己胸痛", "I dreamt I had chest pain", "电视剧里男主角突然胸痛",
     "In a film a man clutches his chest with chest pain", "歌里唱到心痛",
     "In an exam question a man has crushing chest pain and sweating", "隔壁大爷突然偏瘫"],
)  # fmt: skip
def test_dreams_films_and_the_man_next_door_are_not_the_person(engine: Engine, text: str):
    assert heard(engine, text).findings("present") == []


def test_what_wakes_one_from_a_dream_is_real(engine: Engine):
    told = heard(engine, "I dreamt I was falling, woke with chest pain")
    assert "chest_pain" in told.findings("present")


@pytest.mark.parametrize("text", ["seizure years ago", "a seizure ten years ago, cough for two days",
                                  "十年前抽搐过一次"])  # fmt: skip
def test_years_ago_is_past(engine: Engine, text: str):
    assert "seizure" in heard(engine, text).findings("past")


@pytest.mark.parametrize(
    ("text", "finding", "told"),
    [("spots on my arms", "bleeding_between_periods", False),
     ("spotting between my periods", "bleeding_between_periods", True),
     ("discharge in my pants", "fast_breathing", False), ("she is panting", "fast_breathing", True),
     ("tearing chest pain", "chest_pain_tearing", True), ("she tells lies", "orthopnoea", False),
     ("breathless lying flat", "orthopnoea", True), ("chesty cough", "cough_productive", True)],
)  # fmt: skip
def test_words_of_one_stem_may_mean_different_things(
    engine: Engine, text: str, finding: str, told: bool
):
    assert (finding in heard(engine, text).findings("present")) is told


@pytest.mark.parametrize(
    ("text", "course"),
    [("headache lasting ten minutes for two years", "months"),
     ("dizzy spells lasting two hours for three weeks", "weeks"), ("headache lasting 3 days", "days"),
     ("头晕每次几分钟，三个月了", "months"), ("心悸，过去十来分钟就好，半年了", "months"),
     ("头痛每次持续两小时，反复两年", "months"), ("咳嗽过去三天", "days"),
     ("chest pain for about 3 days", "days"), ("怀孕31周，咳嗽三天", "days")],
)  # fmt: skip
def test_the_length_of_an_attack_is_not_the_course(engine: Engine, text: str, course: str):
    assert heard(engine, text).course == course
