"""The verb `ffcolor bench`: its grammar and its table. Imports nothing heavy until it runs."""

from __future__ import annotations

import argparse
from typing import Any

from ffcolor.lazy import bring


def grammar(add: Any) -> None:
    """Add the verb to the command's parser."""
    bench = add(
        "bench",
        "measure every learning rule beside backpropagation",
        "ffcolor bench rules                                      # on the digits that scikit-learn brings\n"
        "ffcolor bench rules --data mnist.npz                     # on 8,000 / 2,000 digits of MNIST\n"
        "ffcolor bench rules --data mnist/ --task mnist --seeds 1\n"
        "ffcolor bench rules --rules forward-forward,cwcomp --seeds 3",
    )
    bench.epilog += (
        "\n\nA run that is done is a line of FOLDER/runs.jsonl and is not made again; one that was interrupted\n"
        "goes on from its checkpoint. FOLDER gets the table as JSON and as a plot."
    )
    bench.add_argument("what", choices=("rules",), metavar="rules", help="what to measure: the rules of ffcolor.rules")
    bench.add_argument("--data", metavar="PATH", help="MNIST: an .npz file, or a folder with its four IDX files")
    bench.add_argument(
        "--task",
        choices=("digits", "subset", "mnist"),
        help="digits: scikit-learn's, 8 x 8 pixels; subset: 8,000 / 2,000 of MNIST; mnist: all of it "
        "(default: digits; with --data, subset)",
    )
    bench.add_argument("--rules", type=_names, metavar="A,B", help="only these rules (default: all)")
    bench.add_argument(
        "--seeds", type=_count, default=5, metavar="N", help="runs of each, with seeds 1 to N (default: 5)"
    )
    bench.add_argument("--epochs", type=_count, metavar="N", help="passes over the data (default: each rule's own)")
    bench.add_argument("--device", default="cpu", help="where to compute, such as cuda (default: cpu)")
    bench.add_argument("--out", default="out/bench", metavar="FOLDER", help="where to write (default: out/bench)")


def run(options: argparse.Namespace) -> int:
    """Make the runs, print the table; 1 if a run failed."""
    task = options.task or ("subset" if options.data else "digits")
    if task == "digits" and options.data:
        options.parser.error("--task digits takes no --data: the digits come with scikit-learn")
    for package in ("torch", "matplotlib"):  # before hours of work, not after
        bring(package, None, "ffcolor bench")
    if task != "digits" and not options.data:
        from ffcolor.rules.data import WHERE

        options.parser.error(f"--task {task} needs --data PATH. {WHERE}")
    from ffcolor.doors.cli.stdio import print_json
    from ffcolor.doors.cli.terminal import Progress
    from ffcolor.files import visible
    from ffcolor.rules import bench

    with Progress() as progress:
        results = bench.run(
            task,
            path=options.data,
            rules=options.rules,
            seeds=options.seeds,
            epochs=options.epochs,
            device=options.device,
            out=options.out,
            on_progress=progress.count,
        )
    if options.json:
        print_json(results)
    else:
        print(bench.table(results), end="")
        print(f"wrote {visible(options.out)}/{bench.RESULTS.format(task=task)}, and .png and .svg beside it")
    return 1 if results["failed"] else 0


def _names(text: str) -> list[str]:
    from ffcolor.errors import FfcolorError
    from ffcolor.rules.registry import known_rule

    names = [name.strip() for name in text.split(",") if name.strip()]
    try:
        for name in names or [text]:
            known_rule(name)
    except FfcolorError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return names


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of at least 1")
    return int(text)
