"""What is a recording in a folder: everything but pictures, documents and what is hidden."""

import os

import pytest

from pipelines.batch.inputs import inputs_under, is_no_recording


def made(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def names(found):
    return [one.name for one in found.recordings]


def test_a_folder_is_walked_in_the_order_of_names(tmp_path):
    made(tmp_path, "b.csv", "a/2.txt", "a/10.txt", "a.csv")
    assert names(inputs_under([tmp_path])) == ["a.csv", "a/10.txt", "a/2.txt", "b.csv"]


def test_pictures_documents_and_hidden_files_are_passed_over(tmp_path):
    passed = ["LICENSE", "README", "README.md", "license.txt", "plot.PNG", ".DS_Store", "notes.md",
              "Thumbs.db", "readme_first.txt"]  # fmt: skip
    made(tmp_path, *passed, ".git/config", "readmes.csv", "licensed.txt", "png")
    found = inputs_under([tmp_path])
    assert names(found) == ["licensed.txt", "png", "readmes.csv"]
    assert sorted(found.passed_over) == sorted(passed)


def test_a_file_that_is_named_is_a_recording_whatever_its_name(tmp_path):
    made(tmp_path, "README", "sub/a.csv")
    found = inputs_under([tmp_path / "README", tmp_path / "sub"])
    assert names(found) == ["README", "sub/a.csv"]


@pytest.mark.parametrize("name", ["a.csv", "readmes", "pdf", "x.md5", "sub-01.txt"])
def test_what_only_looks_like_a_document_is_read(name):
    assert not is_no_recording(name)


def test_names_begin_where_all_inputs_have_their_folder_in_common(tmp_path):
    made(tmp_path, "study/one/a.csv", "study/two/a.csv")
    both = inputs_under([tmp_path / "study/two", tmp_path / "study/one"])
    assert names(both) == ["one/a.csv", "two/a.csv"]
    assert inputs_under([tmp_path / "study/one", tmp_path / "study/two"]) == both
    assert names(inputs_under([tmp_path / "study/one"])) == ["a.csv"]


def test_links_that_lead_round_are_entered_once(tmp_path):
    made(tmp_path, "in/a.csv")
    (tmp_path / "in/again").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in/round").symlink_to(tmp_path / "in/round")
    (tmp_path / "in/nowhere.csv").symlink_to(tmp_path / "gone.csv")
    # A link to nothing, or to itself, is read, which says why it cannot be.
    assert names(inputs_under([tmp_path])) == ["in/a.csv", "in/nowhere.csv", "in/round"]


def test_the_folder_of_results_is_not_walked(tmp_path):
    made(tmp_path, "a.csv", "out/measures.csv")
    assert names(inputs_under([tmp_path], except_for=tmp_path / "out")) == ["a.csv"]
    assert names(inputs_under([tmp_path], except_for=tmp_path / "elsewhere")) == [
        "a.csv",
        "out/measures.csv",
    ]


def test_a_name_is_harmless_text_whatever_bytes_it_is_made_of(tmp_path):
    odd = tmp_path / os.fsdecode(b"\xffrr\x1b[31m.csv")
    odd.write_bytes(b"800\n")
    (one,) = inputs_under([tmp_path]).recordings
    assert one.name.encode("utf-8").decode() == "\\xffrr.csv"
    assert one.path.read_bytes() == b"800\n"
