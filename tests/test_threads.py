"""The same bytes on however many threads the linear algebra runs."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
import hashlib, warnings
from ffcolor import ColorPreference, PalettePreference, streams
warnings.simplefilter("ignore")
x = streams.uniform(1, (9000, 3)).astype("float32")
digest = hashlib.sha256()
for liked, disliked in ((x[:40], x[40:90]), (x[:300], x[300:700]), (x[:4000], x[4000:8500])):
    taste = ColorPreference().fit(liked, disliked)
    digest.update(taste.network_.weights[0].tobytes() + taste.score(x).tobytes())
whole = PalettePreference(steps=40).fit([x[i : i + 5] for i in range(0, 400, 5)])
digest.update(whole.network_.weights[0].tobytes())
print(digest.hexdigest())
"""


def test_the_threads_of_blas_leave_no_trace() -> None:
    answers = set()
    for threads in ("1", "2", "4"):
        counts = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), threads)
        environment = {**os.environ, **counts}
        done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, env=environment, check=True)
        answers.add(done.stdout)
    assert len(answers) == 1
