from starling_training.transcripts import transcript


def test_a_line_of_the_list_is_found_by_its_whole_name(tmp_path):
    (tmp_path / "19-198.trans.txt").write_text("19-198-00010 ANOTHER\n19-198-0001 NORTHANGER ABBEY\n19-198-0002 THIS LITTLE WORK\n")
    assert transcript(str(tmp_path / "19-198-0001.flac")) == "NORTHANGER ABBEY"
    assert transcript(str(tmp_path / "19-198-0002.opus")) == "THIS LITTLE WORK"
    assert transcript(str(tmp_path / "19-198-0003.flac")) == ""


def test_a_text_of_the_same_name_comes_first(tmp_path):
    (tmp_path / "19-198.trans.txt").write_text("19-198-0001 NORTHANGER ABBEY\n")
    (tmp_path / "19-198-0001.txt").write_text("Northanger Abbey.\n")
    assert transcript(str(tmp_path / "19-198-0001.flac")) == "Northanger Abbey."


def test_without_either_there_are_no_words(tmp_path):
    assert transcript(str(tmp_path / "af_bella_03.flac")) == ""
