"""Do deliveries come in from files and leave again, with a plain account of how it went?"""

import gzip
import io
import json

import pytest

from tests.commands.terminal.lines import line, write

PULL, PING, PUSH = (line("pull_request__opened", "1"), line("label__created", "2"), line("push__topic", "3"))


@pytest.fixture
def file(clean):
    return write(clean / "some.ndjson", PULL, PING, PUSH)


def test_an_import_says_how_many_were_new_and_the_second_one_that_all_were_known(lastmile, file):
    first = lastmile("import", str(file))
    assert first.status == 0
    assert first.out == "3 lines: 2 new, 0 duplicate, 1 ignored, 0 unknown, 0 malformed\n"
    assert lastmile("import", str(file)).out == "3 lines: 0 new, 3 duplicate, 0 ignored, 0 unknown, 0 malformed\n"


def test_an_import_goes_on_after_a_bad_line_and_names_it(lastmile, clean):
    file = write(clean / "bad.ndjson", PULL, b"{oops\n", PUSH)
    ran = lastmile("import", str(file))
    assert ran.status == 0
    head, bad = ran.out.splitlines()[:2]
    assert head == "3 lines: 2 new, 0 duplicate, 0 ignored, 0 unknown, 1 malformed"
    assert bad.startswith(f"malformed: {file} line 2: ")


def test_many_bad_lines_are_counted(lastmile, clean):
    ran = lastmile("import", str(write(clean / "bad.ndjson", b"{oops\n" * 30)))
    assert ran.out.count("\nmalformed: ") == 20
    assert "and 10 more malformed" in ran.out


def test_a_bad_lines_words_cannot_move_the_cursor(lastmile, clean):
    ran = lastmile("import", str(write(clean / "b\x1b[2J.ndjson", b'{"source": "\x1b[2J"}\n')))
    assert "\x1b" not in ran.out + ran.err


def test_what_is_unknown_points_to_the_doctor(lastmile, clean):
    told = json.loads(PULL)
    told["headers"] = {"X-GitHub-Event": "hologram", "X-GitHub-Delivery": "9"}
    ran = lastmile("import", str(write(clean / "new.ndjson", json.dumps(told).encode())))
    assert "1 unknown" in ran.out
    assert "lastmile doctor" in ran.out


def test_gzip_and_standard_input_are_read_too(lastmile, clean, monkeypatch):
    packed = clean / "some.ndjson.gz"
    packed.write_bytes(gzip.compress(PULL))
    assert "1 new" in lastmile("import", str(packed)).out

    class Stdin:
        buffer = io.BufferedReader(io.BytesIO(PUSH))

    monkeypatch.setattr("sys.stdin", Stdin)
    assert "1 new" in lastmile("import", "-").out


def test_a_file_that_is_not_there_is_the_persons_to_mend(lastmile):
    ran = lastmile("import", "gone.ndjson")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "gone.ndjson: No such file or directory\n"


def test_a_repository_that_is_not_listed_is_kept_and_not_counted(lastmile, clean, file):
    (clean / "lastmile.toml").write_text('[github]\nrepositories = ["elsewhere/*"]\n')
    assert "0 new" in lastmile("import", str(file)).out


def test_what_is_exported_can_be_imported_again(lastmile, clean, file, monkeypatch):
    lastmile("import", str(file))
    ran = lastmile("export", "--to", "out.ndjson")
    assert (ran.status, ran.err) == (0, "3 lines written\n")
    monkeypatch.setenv("LASTMILE_DATABASE_URL", "sqlite:///other.db")
    assert "2 new" in lastmile("import", "out.ndjson").out


def test_an_export_never_writes_over_a_file(lastmile, clean, file):
    lastmile("import", str(file))
    ran = lastmile("export", "--to", str(file))
    assert (ran.status, ran.err) == (2, f"{file}: File exists\n")
    assert file.read_bytes() == PULL + PING + PUSH


def test_an_export_to_standard_output_holds_nothing_but_deliveries(lastmile, file):
    lastmile("import", str(file))
    ran = lastmile("export")
    assert [json.loads(told)["headers"]["X-GitHub-Delivery"] for told in ran.out.splitlines()] == ["1", "2", "3"]
