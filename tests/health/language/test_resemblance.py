"""Words that no finding matched still speak for the conditions in whose words they stand."""

from moongate.health.assessment import Engine


def likeliest(engine: Engine, text: str, *, lang: str = "en") -> list[str]:
    told = engine.tell(engine.begin(lang=lang), text)
    return [name for name, _ in engine.result(told).conditions[:3]]


def test_a_telling_word_counts_where_no_phrase_matched(engine: Engine):
    text = "the outside of my elbow is a misery whenever I lift the kettle or wring a cloth"
    assert "tennis_elbow" in likeliest(engine, text)


def test_what_is_denied_or_of_another_does_not_count(engine: Engine):
    heard = engine.reader.understand("No cough, no rash. My knee aches. My sister has asthma.")
    assert "knee" in heard.words
    assert not heard.words & {"cough", "rash", "asthma"}


def test_scores_are_none_without_a_shared_word_and_grow_with_more(engine: Engine):
    scores = engine.reader.resemblance.scores
    assert not scores(frozenset({"qwertyuiop"})).any()
    few, more = scores(frozenset({"elbow"})), scores(frozenset({"elbow", "knee"}))
    assert (more >= few).all()
    assert len(few) == len(engine.network.conditions)


def test_the_cache_gives_the_same_as_making_it(engine: Engine, tmp_path, monkeypatch):
    from moongate.health.language.resemblance import Resemblance

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    reader = engine.reader
    made = Resemblance(engine.base, reader._lexicon.digest, reader._tokeniser)
    kept = Resemblance(engine.base, reader._lexicon.digest, reader._tokeniser)
    words = frozenset({"elbow", "fever", "咳嗽"})
    assert (made.scores(words) == kept.scores(words)).all()
