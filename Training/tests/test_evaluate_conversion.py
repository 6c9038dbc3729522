from starling_training.evaluate_conversion import sources_of


def test_sources_are_recorded_people_with_transcripts(tmp_path):
    for name, words in (("a1", "one"), ("a3", "three"), ("a4", "four"), ("b1", "made")):
        (tmp_path / f"{name}.txt").write_text(words)
    people = {"a": {"kind": "recorded"}, "b": {"kind": "synthetic"}}
    recordings = {"a": [f"{tmp_path}/a{i}.wav" for i in range(1, 5)], "b": [f"{tmp_path}/b1.wav"]}
    sources = sources_of(people, recordings, 2)
    assert sources == [("a", f"{tmp_path}/a1.wav", "one"), ("a", f"{tmp_path}/a3.wav", "three")]
