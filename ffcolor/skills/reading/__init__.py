"""From folders and bytes to a `Collection`: what SKILL.md files say, and where they say it."""
