"""Which marks tell that AI, or an update bot, wrote something, and how sure is each?

The rules are data with dates: tools change their defaults, and an old change keeps the reading of its own day.
Confidence is the chance that the mark means what it says. Source: ai-attribution; the values were measured on public
repositories. To change a rule, end it by ``until``, add its successor, and raise ``RULES_VERSION``.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

RULES_VERSION = "2026-11"


class Where(StrEnum):
    """What a rule reads; an address is an e-mail, or an account written as its no-reply e-mail."""

    AUTHOR = "author"  # the address of who wrote it
    ADDRESS = "address"  # the same, or the address of a co-author
    CO_AUTHOR = "co_author"  # the address of a co-author only
    NAME = "name"  # the author's name as git has it
    TEXT = "text"  # a line of a commit message or of a change's body
    BRANCH = "branch"  # the branch that the change comes from


@dataclass(frozen=True, slots=True)
class Rule:
    """One mark. ``pattern`` is a regular expression: of the whole address, of the start of a branch, of a line.

    ``word`` is text without which the pattern cannot match, lower case: most texts are passed over by it alone.
    ``since`` and ``until`` are the first and last day on which it speaks (None: no limit). ``automation`` marks an
    update bot: what it wrote is neither AI's nor a person's.
    """

    id: str
    where: Where
    word: str
    pattern: str
    confidence: float
    detail: str
    since: date | None = None
    until: date | None = None
    automation: bool = False


_NOREPLY = r"users\.noreply\.github\.com"
_EDITOR_ON = date(2026, 4, 16)  # an editor's update added its trailer to every commit, AI used or not ...
_EDITOR_OFF = date(2026, 5, 31)  # ... until the next update took that back

_UPDATERS = "dependabot|dependabot-preview|renovate|github-actions|pre-commit-ci|release-please|snyk-bot|snyk-io"
_TOOLS = "codex|copilot|cursor|claude|devin|jules|sweep|openhands|opencode"

RULES: tuple[Rule, ...] = (
    Rule("copilot-agent", Where.ADDRESS, "copilot", rf"198982749\+copilot@{_NOREPLY}", 0.95, "Copilot coding agent"),
    Rule(
        "copilot-agent-bot",
        Where.ADDRESS,
        "copilot-swe-agent",
        rf"(?:\d+\+)?copilot-swe-agent\[bot\](?:@{_NOREPLY})?",
        0.95,
        "Copilot coding agent",
    ),
    Rule("copilot-agent-logs", Where.TEXT, "agent-logs-url", r"^agent-logs-url:", 0.95, "Copilot coding agent's log"),
    Rule("copilot-app", Where.ADDRESS, "copilot", rf"223556219\+copilot@{_NOREPLY}", 0.75, "Copilot in CLI or editor"),
    Rule(
        "copilot-suggestion", Where.ADDRESS, "copilot", rf"175728472\+copilot@{_NOREPLY}", 0.25, "accepted suggestion"
    ),
    Rule(
        "autofix",
        Where.ADDRESS,
        "github-",
        rf"(?:62310815\+github-advanced-security|223894421\+github-code-quality)\[bot\]@{_NOREPLY}",
        0.25,
        "accepted automatic fix",
    ),
    Rule(
        "copilot-trailer",
        Where.ADDRESS,
        "copilot",
        r"copilot@github\.com",
        0.5,
        "editor's trailer",
        None,
        date(2026, 4, 15),
    ),
    Rule(
        "copilot-trailer-default",
        Where.ADDRESS,
        "copilot",
        r"copilot@github\.com",
        0.1,
        "editor's trailer, by default",
        _EDITOR_ON,
        _EDITOR_OFF,
    ),
    Rule(
        "copilot-trailer-again",
        Where.ADDRESS,
        "copilot",
        r"copilot@github\.com",
        0.5,
        "editor's trailer",
        date(2026, 6, 1),
    ),
    Rule("devin", Where.ADDRESS, "devin-ai", rf"(?:\d+\+)?devin-ai-integration\[bot\]@{_NOREPLY}", 0.95, "Devin"),
    Rule(
        "cursor-author",
        Where.AUTHOR,
        "cursor",
        rf"cursoragent@cursor\.com|(?:\d+\+)?cursor\[bot\]@{_NOREPLY}",
        0.95,
        "Cursor",
    ),
    Rule(
        "cursor-co-author",
        Where.CO_AUTHOR,
        "cursor",
        rf"cursoragent@cursor\.com|(?:\d+\+)?cursor\[bot\]@{_NOREPLY}",
        0.8,
        "Cursor as co-author",
    ),
    Rule("cursor-made-with", Where.TEXT, "made-with", r"^made-with:\s*cursor", 0.7, "made with Cursor"),
    Rule("claude", Where.ADDRESS, "anthropic", r"noreply@anthropic\.com", 0.85, "Claude"),
    Rule(
        "claude-bot",
        Where.ADDRESS,
        "claude",
        rf"209825114\+claude\[bot\]@{_NOREPLY}|242468646\+claude@{_NOREPLY}",
        0.9,
        "Claude",
    ),
    Rule(
        "claude-generated",
        Where.TEXT,
        "generated with",
        r"^[^a-z0-9>]{0,4}generated with \[?claude code\]?",
        0.85,
        "generated with Claude Code",
    ),
    Rule("claude-session", Where.TEXT, "claude-session", r"^claude-session:", 0.8, "Claude session"),
    Rule("codex", Where.ADDRESS, "openai", r"(?:noreply|codex)@openai\.com", 0.9, "Codex"),
    Rule(
        "codex-bot",
        Where.ADDRESS,
        "codex-connector",
        rf"(?:\d+\+)?chatgpt-codex-connector\[bot\]@{_NOREPLY}",
        0.9,
        "Codex",
    ),
    Rule("jules", Where.ADDRESS, "jules", rf"161369871\+google-labs-jules\[bot\]@{_NOREPLY}", 0.9, "Jules"),
    Rule("droid", Where.ADDRESS, "droid", rf"138933559\+factory-droid\[bot\]@{_NOREPLY}", 0.9, "Droid"),
    Rule("amp", Where.ADDRESS, "ampcode", r"amp@ampcode\.com", 0.9, "Amp"),
    Rule("amp-thread", Where.TEXT, "amp-thread-id", r"^amp-thread-id:", 0.9, "Amp thread"),
    Rule("aider", Where.ADDRESS, "aider", r"noreply@aider\.chat", 0.85, "aider"),
    Rule("aider-name", Where.NAME, "(aider)", r".*\(aider\)\s*", 0.85, "aider"),
    Rule("openhands", Where.ADDRESS, "openhands", r"openhands@all-hands\.dev", 0.85, "OpenHands"),
    Rule("opencode", Where.ADDRESS, "opencode", r"noreply@opencode\.ai", 0.85, "opencode"),
    Rule("roo", Where.ADDRESS, "roomote", r"roomote@roocode\.com", 0.85, "Roo"),
    Rule(
        "assisted-autonomous",
        Where.TEXT,
        "assisted-by",
        r"^assisted-by:[^(#<\n]+\(model:\s*[^,)\n]+,\s*autonomous\b",
        0.85,
        "declared, autonomous",
    ),
    Rule(
        "assisted",
        Where.TEXT,
        "assisted-by",
        r"^assisted-by:[ \t]*[^:(#<\n\s](?![^\n]*,\s*autonomous\b)",
        0.6,
        "declared",
    ),
    Rule("branch-agent", Where.BRANCH, "/", rf"(?:{_TOOLS})/", 0.85, "an agent's branch"),
    Rule("branch-tool", Where.BRANCH, "-", rf"(?:{_TOOLS})-", 0.7, "a branch named for an agent"),
    Rule("branch-ai", Where.BRANCH, "/", r"(?:ai|agent)/", 0.4, "branch named for AI"),
    Rule(
        "bot",
        Where.AUTHOR,
        "[bot]",
        rf"(?:\d+\+)?(?:{_UPDATERS})\[bot\]@{_NOREPLY}",
        1.0,
        "update bot",
        automation=True,
    ),
    Rule(
        "bot-actions", Where.AUTHOR, "41898282+", rf"41898282\+[^@\s]+@{_NOREPLY}", 1.0, "workflow run", automation=True
    ),
    Rule(
        "bot-mail",
        Where.AUTHOR,
        "bot",
        rf"support@dependabot\.com|bot@renovateapp\.com|snyk-bot@snyk\.io|(?:\d+\+)?snyk-bot@{_NOREPLY}",
        1.0,
        "update bot",
        automation=True,
    ),
)
