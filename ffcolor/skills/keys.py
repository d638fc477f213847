"""The keys of front matter that stay at the top: those of the specification, and those that hosts read there.

Sources: Agent Skills specification (agentskills.io/specification) for the six; Claude Code's documentation, "Extend
Claude with skills", section "Frontmatter reference" (code.claude.com/docs/en/skills), for what hosts read besides.
"""

from __future__ import annotations

SPECIFIED = ("name", "description", "license", "compatibility", "metadata", "allowed-tools")
"""The keys at the top that the specification knows."""

HOST = {
    "disable-model-invocation": "only a person starts the skill",
    "user-invocable": "whether the skill is in the menu of commands",
    "argument-hint": "what to type after the skill's name",
    "model": "the model to run with",
    "context": "whether to run in a context of its own",
    "agent": "which kind of agent runs it",
    "hooks": "commands to run at certain moments",
    "effort": "how long the model may think",
    "paths": "for which files the skill is offered",
    "shell": "which shell runs its commands",
}
"""Keys outside the specification that hosts read, at the top and nowhere else: what each is for."""

AT_TOP = frozenset((*SPECIFIED, *HOST))
"""Every key that stays at the top."""
