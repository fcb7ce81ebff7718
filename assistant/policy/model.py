"""What does the whole configuration hold, and do its parts fit each other?"""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Self

from pydantic import Field, model_validator

from assistant.policy.fields import RepositoryName, Section
from assistant.policy.handing import FUNCTIONS, EnablementPolicy, FunctionEntry, HandoffsPolicy, RoundsPolicy
from assistant.policy.people import PersonEntry, ProductEntry, RepositoryEntry, ServiceEntry, TeamEntry
from assistant.policy.sections import (
    Access,
    AttributionPolicy,
    Bots,
    Decide,
    DigestsPolicy,
    ForecastPolicy,
    GitHub,
    Hours,
    Keep,
    Labels,
    ServiceLevels,
    Sources,
    StabilizationPolicy,
    Workspace,
)
from storage.naming import is_tracker
from storage.state.rules import FoldRules

PRODUCTION = ("production", "prod", "live")
_NOTHING_SAID = RepositoryEntry()
_ROLES = frozenset({"owner", "delegates", "leads", "anyone"})


class Policy(Section):
    """Everything that can be decided in ``lastmile.toml``; an empty file is a whole policy."""

    workspace: Workspace = Workspace()
    hours: Hours = Hours()
    people: dict[str, PersonEntry] = Field(default_factory=dict)
    teams: dict[str, TeamEntry] = Field(default_factory=dict)
    products: dict[str, ProductEntry] = Field(default_factory=dict)
    services: dict[str, ServiceEntry] = Field(default_factory=dict)
    repositories: dict[RepositoryName, RepositoryEntry] = Field(default_factory=dict)
    access: Access = Access()
    github: GitHub = GitHub()
    bots: Bots = Bots()
    service_levels: ServiceLevels = ServiceLevels()
    forecast: ForecastPolicy = ForecastPolicy()
    stabilization: StabilizationPolicy = StabilizationPolicy()
    decide: Decide = Decide()
    labels: Labels = Labels()
    keep: Keep = Keep()
    sources: Sources = Sources()
    digests: DigestsPolicy = DigestsPolicy()
    functions: dict[str, FunctionEntry] = Field(default_factory=dict)
    handoffs: HandoffsPolicy = HandoffsPolicy()
    rounds: RoundsPolicy = RoundsPolicy()
    enablement: EnablementPolicy = EnablementPolicy()
    attribution: AttributionPolicy = AttributionPolicy()

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        problems = [
            *self._unknown_people(), *self._unknown_parts(), *self._accounts_twice(), *self._unknown_functions(),
        ]  # fmt: skip
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _unknown_people(self) -> Iterator[str]:
        known = set(self.people)
        for key, team in self.teams.items():
            yield from _missing(f"teams.{key}.members", team.members, known, "people")
            yield from _missing(f"teams.{key}.lead", _some(team.lead), known, "people")
        yield from _missing("access.people", self.access.people, known, "people")
        yield from _missing("decide.seconds", self.decide.seconds, known, "people")
        yield from _missing("decide.who", self.decide.who, known | _ROLES, "people")
        yield from _missing("service_levels.specialists", self.service_levels.specialists, known, "people")

    def _unknown_parts(self) -> Iterator[str]:
        teams = set(self.teams)
        yield from _missing("access.teams", self.access.teams, teams, "teams")
        for key, team in self.teams.items():
            yield from _missing(f"teams.{key}.services", team.services, set(self.services), "services")
        for key, product in self.products.items():
            yield from _missing(f"products.{key}.teams", product.teams, teams, "teams")
        owners = teams | set(self.people)
        for key, service in self.services.items():
            yield from _missing(f"services.{key}.owner", _some(service.owner), owners, "people or teams")
        for key, entry in self.repositories.items():
            yield from _missing(f'repositories."{key}".owners', entry.owners, owners, "people or teams")
            yield from _missing(f'repositories."{key}".merger', _some(entry.merger), owners | {"author"}, "people")

    def _unknown_functions(self) -> Iterator[str]:
        people, products, functions = set(self.people), set(self.products), set(FUNCTIONS) | set(self.functions)
        for key, entry in self.functions.items():
            yield from _missing(f"functions.{key}.members", entry.members, people, "people")
            yield from _missing(f"functions.{key}.lead", _some(entry.lead), people, "people")
            yield from _missing(f"functions.{key}.on_duty", entry.on_duty, people, "people")
            yield from _missing(f"functions.{key}.leads", entry.leads, products, "products")
            yield from _missing(f"functions.{key}.leads", entry.leads.values(), people, "people")
        yield from _missing("rounds.functions", self.rounds.functions, functions, "functions")
        for rule in self.handoffs.rules:
            named = (rule.from_function, rule.to_function, *_some(rule.by))
            yield from _missing("handoffs.rules", named, functions, "functions")
        for pair in self.handoffs.pairs:
            named = (pair.from_function, pair.to_function)
            yield from _missing("handoffs.pairs", named, functions, "functions")

    def _accounts_twice(self) -> Iterator[str]:
        seen: dict[tuple[str, str], str] = {}
        for key, person in self.people.items():
            claims = [("github", login.casefold()) for login in person.github]
            claims += [("pagerduty", user.casefold()) for user in person.pagerduty]
            claims += [("jira", user.casefold()) for user in person.jira]
            claims += [("slack", slack) for slack in _some(person.slack)]
            claims += [("email", email.casefold()) for email in _some(person.email)]
            for claim in claims:
                if seen.setdefault(claim, key) != key:
                    yield f"people.{key}.{claim[0]} is {claim[1]!r}, which people.{seen[claim]} has too"

    def fold_rules(self) -> FoldRules:
        """What folding needs of this policy; names are casefolded as the states compare them."""
        named = {name.casefold(): entry for name, entry in self.repositories.items()}
        return FoldRules(
            bots=frozenset(login.casefold() for login in self.bots.accounts),
            required_checks={n: e.required_checks for n, e in named.items() if e.required_checks is not None},
            approvals={n: e.approvals for n, e in named.items() if e.approvals is not None},
            ai_labels=tuple(label.casefold() for label in self.labels.ai),
            identities=tuple((i.pattern, i.confidence) for i in self.attribution.identities),
        )

    def repository(self, name: str) -> RepositoryEntry:
        """What is configured for a repository, by its name in any case; an empty entry where nothing is."""
        return next((e for n, e in self.repositories.items() if n.casefold() == name.casefold()), _NOTHING_SAID)

    def counts(self, repository: str | None) -> bool:
        """Whether a repository's events count: those listed, all where none is; what has none, or is no code, does."""
        globs = self.github.repositories
        if repository is None or not globs or is_tracker(repository):
            return True
        return any(fnmatchcase(repository.casefold(), glob.casefold()) for glob in globs)

    def production(self) -> tuple[str, ...]:
        """Every environment that is production for some service, casefolded."""
        names = [*PRODUCTION, *(e for s in self.services.values() for e in (*s.environments, *s.targets))]
        return tuple(dict.fromkeys(name.casefold() for name in names))


def _some(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


def _missing(where: str, named: Iterable[str], known: set[str] | frozenset[str], table: str) -> Iterator[str]:
    for name in named:
        if name not in known:
            yield f"{where} names {name!r}, who or which is not among [{table}]{near(name, known)}"


def near(name: str, known: Iterable[str]) -> str:
    """The end of a sentence that offers the known name which was probably meant, or nothing."""
    from rapidfuzz import process

    best = process.extractOne(name, list(known), score_cutoff=70)
    return f"; did you mean {best[0]!r}?" if best else ""
