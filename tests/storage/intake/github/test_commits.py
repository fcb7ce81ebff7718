"""What was pushed where?"""

import pytest

from storage.intake.github.commits import MOST_FOLDERS, folders_of, lands
from tests.deliveries import github_reads

HEAD = "1f0c3a5e7b9d2f4a6c8e0b1d3f5a7c9e2b4d6f80"
NEXT = "2e1d4b6f8a0c3e5d7f9b1a2c4e6d8f0a3c5e7b91"


def commit(**values):
    return lambda told: told["commits"][0].update(values)


def pushed(change=None, name="push__topic"):
    return github_reads(name, change)[0]


def kept(change=None):
    return pushed(change).data["commits"][0]


def test_a_push_is_named_by_what_it_moved_the_branch_from_and_to():
    (event,) = github_reads("push__topic")
    assert event.identity == f"branch:acme/api:euros|branch.pushed|{HEAD}..{NEXT}"
    assert not event.data["default"]


def test_a_push_is_dated_by_the_repository_never_by_its_commits():
    assert pushed().at.isoformat() == "2026-09-14T09:15:00+00:00"
    assert pushed(lambda told: told["repository"].update(pushed_at="2026-09-14T10:00:00Z")).at is None
    assert pushed(lambda told: told["repository"].pop("pushed_at")).at is None


def test_commits_land_on_the_default_branch_and_on_branches_named_for_releases():
    for name, branch, default in (("push__default", "main", True), ("push__release", "release/2.4", False)):
        landed = github_reads(name)[1]
        assert landed.kind == "commit.landed"
        assert landed.identity.endswith(f"|commit.landed|{branch}")
        assert (landed.data["branch"], landed.data["default"]) == (branch, default)
        assert landed.at == github_reads(name)[0].at


@pytest.mark.parametrize(
    ("name", "out"),
    [("release/2.4", True), ("releases/7", True), ("v2", True), ("2.4", True), ("2.x", True), ("stable", True), ("rel-3", True),
     ("euros", False), ("relevance", False), ("2fa-login", False), ("release-please--branches--main", False), ("vat", False)],
)  # fmt: skip
def test_a_branch_named_for_a_release_is_on_its_way_out(name, out):
    assert lands(name, default=False) is out
    assert lands(name, default=True)


def test_a_commit_keeps_its_marks_but_no_words_and_no_names():
    one = kept()
    assert [found["rule"] for found in one["evidence"]] == ["claude"]
    assert one["signers"] == ["anna@acme.example", "noreply@anthropic.com"]
    assert "Round halves" not in str(one)
    assert "Anna" not in str(one)


def test_an_email_never_becomes_an_account():
    event = pushed()
    named = [{key: value for key, value in one.items() if key != "address_of"} for one in event.data["commits"]]
    assert "anna-acme" not in str({**event.data, "commits": named})
    assert event.actor == "github/anna-acme"  # who pushed, as GitHub knows them


def test_a_commit_keeps_whose_address_github_knows_it_to_be():
    assert kept()["address_of"] == "github/anna-acme"
    unknown = {"name": "Anna", "email": "anna@acme.example"}
    assert kept(commit(author=unknown))["address_of"] is None
    assert kept(commit(author={"name": "Anna", "username": "anna-acme"}))["address_of"] is None


def test_a_rebased_copy_has_the_key_of_its_original():
    later = commit(id=HEAD, timestamp="2026-09-20T09:00:00Z", tree_id="x")
    assert kept()["message_key"] == kept(later)["message_key"]
    assert kept()["message_key"] != kept(commit(message="Another"))["message_key"]


def test_a_merge_of_the_base_is_told_from_content():
    assert pushed(name="push__forced").data["commits"][0]["merge"]
    assert not kept()["merge"]
    assert pushed(name="push__forced").data["forced"]
    assert not kept(commit(distinct=False))["distinct"]


def test_a_revert_names_the_commit_it_takes_back():
    assert github_reads("push__release")[1].data["reverts"] == [f"commit:acme/api@{HEAD}"]


def test_a_deleted_branch_lands_nothing():
    event = pushed(name="push__deleted")
    assert event.data["deleted"]
    assert event.data["commits"] == []


@pytest.mark.parametrize(("name", "kind"), [("create__branch", "created"), ("delete__branch", "deleted")])
def test_a_branch_that_comes_or_goes_has_no_time_but_each_time_its_own_name(name, kind):
    (event,) = github_reads(name)
    assert event.at is None
    assert event.kind == f"branch.{kind}"
    (again,) = github_reads(name, lambda told: told["repository"].update(pushed_at="2026-09-20T10:00:00Z"))
    assert again.identity != event.identity


def test_a_pushed_commit_keeps_the_folders_that_it_touches_two_levels_deep():
    told = commit(added=["src/pay/api/a.py"], modified=["src/pay/b.py", "docs/c.md"], removed=["old/d.py"])
    assert kept(told)["folders"] == ["docs", "old", "src/pay"]
    assert "a.py" not in str(kept(told))


def test_what_lies_at_the_top_is_in_no_folder():
    assert "folders" not in kept(commit(modified=["README.md"]))
    assert "folders" not in kept(commit(added=None, modified=None, removed=None))
    assert folders_of(["/", "//x", "a//b.py"]) == ["/", "a/"]


def test_a_commit_of_many_folders_keeps_the_first_of_them():
    assert len(folders_of(f"src/part-{number}/x.py" for number in range(500))) == MOST_FOLDERS
    assert len(folders_of([f"{'x' * 5_000}/y.py"])[0]) == 200


def test_a_commit_that_lands_is_told_without_folders_for_it_is_no_change():
    landed = github_reads("push__default")[1]
    assert "folders" not in landed.data
