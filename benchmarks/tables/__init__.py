"""One file a published table: its `main(quick)` prints it, and returns the figures and the goals."""

TABLES = {
    "preference": "learning a colour preference from a few colours: accuracy, beside its peers",
    "first_calls": "what a person does first, in fresh processes: CPU seconds beside import numpy",
    "palettes": "palettes out of a learned preference, and over the whole gamut",
    "palette_preference": "learning which colours go together: real palettes against shuffled ones",
    "speed": "learning, scoring in bulk, and starting up: milliseconds",
    "sheets": "style sheets of seven packages: colours read right, beside tinycss2 and coloraide",
    "streams": "deterministic colour streams: colours per second",
    "jvm": "from Clojure: starting, crossing to the engine beside other roads, endurance",
    "jvm_exits": "ways to leave the Java machine with the engine at work: right exit codes",
    "skills_partners": "partners of skills: how high a hidden member of a triad is ranked",
    "skills_repair": "repairing skills: cost and time beside coordinate descent and CP-SAT",
}
"""Each table with what it measures, in the order of the page."""
