"""Is the present read at the edge, and nowhere else?"""

from datetime import UTC, datetime

from freezegun import freeze_time

import app


@freeze_time("2026-10-25T01:30:00+02:00")
def test_the_clock_is_the_present_moment_in_utc_also_in_the_hour_that_comes_twice():
    assert app.clock() == datetime(2026, 10, 24, 23, 30, tzinfo=UTC)


@freeze_time("2026-11-03T10:00:00Z")
def test_a_question_without_a_moment_is_asked_now(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LASTMILE_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    assert app.main(["ask", "releases", "--json"]) == 0
    assert '"asked_at": "2026-11-03T10:00:00Z"' in capsys.readouterr().out
