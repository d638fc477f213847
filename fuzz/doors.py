"""Changed inputs through every reading door: none but a clear refusal, none that takes long, none that eats memory.

    python fuzz/doors.py [COUNT [SEED]]

Files, texts, models, arguments and skills are taken from the tests' cases and changed at random: bytes flipped, pieces
cut, doubled, moved, mixed with another's, or words of the format thrown in. A raw exception, a read of more than ten
times the door's median (and a tenth of a second), and 1 GB of memory are findings, which are printed with their input.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ffcolor import ColorPreference, FfcolorError, read_colors, streams
from ffcolor.color import images
from ffcolor.doors.sources import read_source
from ffcolor.doors.verbs import call
from ffcolor.palette import formats
from ffcolor.skills.checks.run import check_collection
from ffcolor.skills.model import Skill
from ffcolor.skills.reading.collection import assemble
from ffcolor.skills.reading.skill_file import read_skill

CASES = Path(__file__).parents[1] / "tests" / "data" / "cases"
SKILLS = Path(__file__).parents[1] / "examples" / "skills"
MEMORY = 1 << 30
LATE, TIMES = 0.1, 10
WORKS = "a_verb"  # the door that may work long on what it has read
SPICE = (
    *(b"\0", b"\xff", b"\xc2\x85", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\r", b"\n\n", b"9" * 30, b"-", b"1e400", b"nan"),
    *(
        b"rgb(",
        b"calc(",
        b"var(--a)",
        b"color-mix(in oklch,",
        b"oklch(",
        b"(((((",
        b")))",
        b"/*",
        b"*/",
        b"{",
        b"}",
        b"!",
    ),
    *(
        b"#",
        b"#12",
        b"rgba(0 0 0/",
        b"%",
        b"none",
        b"from",
        b"<!DOCTYPE",
        b"<!ENTITY a",
        b"&a;",
        b"<svg",
        b"<g",
        b"fill=",
    ),
    *(
        b"[",
        b"]",
        b'"',
        b"'",
        b"\\",
        b"url(",
        b"light-dark(",
        b";",
        b":",
        b",",
        b"cycler('color',",
        b"C0",
        b"GIMP Palette",
    ),
    *(b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff", b"genesis:", b"1-99999999", b"---\n", b"trit: ", b"\xe2\x8a\x97"),
)
TEXTS = (
    *(
        "#e67f86",
        "rgb(230 127 134)",
        "oklch(70% 0.1 200 / 0.5)",
        "color(display-p3 1 0 0)",
        "hsl(262 70% 45%)",
        "red, blue",
    ),
    *(
        "color-mix(in oklab, red 30%, blue)",
        "rgb(from teal r g calc(b + 10))",
        "5R 4/14",
        "230 127 134",
        "genesis:1069:1-9",
    ),
)
MODEL_KEYS = ("like", "n", "vision", "top", "seed", "count", "min_delta_e", "format", "names", "locked")


def changed(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A few random changes of bytes."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        place, size = chance.randrange(len(found) + 1), chance.choice((1, 2, 4, 16, 64))
        match chance.randrange(7):
            case 0 if found:
                found[place % len(found)] ^= 1 << chance.randrange(8)
            case 1:
                del found[place : place + size]
            case 2:
                found[place:place] = found[place : place + size] * chance.choice((1, 2, 50))
            case 3:
                found[place:place] = chance.choice(SPICE)
            case 4:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                found[place : place + size] = other[start : start + size]
            case 5:
                found[place : place + size] = chance.randbytes(size)
            case _:
                del found[place:]
    return bytes(found[: 1 << 20])


def doors(folder: Path, chance: random.Random) -> dict[str, Callable[[], Callable[[], Any]]]:
    """By door, what makes an input and gives back the call that reads it."""
    files = [(path.suffix, path.read_bytes()) for path in sorted(CASES.iterdir())]
    palette = streams.parse("genesis:1069:1-5")
    files += [(row.suffixes[0], written(palette, key)) for key, row in formats.FORMATS.items()]
    contents = [data for _, data in files]
    pictures = [data for suffix, data in files if suffix in (".png", ".gif")]
    model = folder / "model.safetensors"
    ColorPreference(steps=2).fit(["red", "pink"], ["blue"]).save(model)
    kinds = [*formats.FORMATS, *formats.READ_ONLY]
    skills = [path.read_bytes() for path in sorted(SKILLS.glob("*/SKILL.md"))]
    whole = model.read_bytes()
    texts = [text.encode() for text in TEXTS]

    def a_file() -> Callable[[], Any]:
        suffix, data = chance.choice(files)
        path = folder / f"case{suffix}"
        path.write_bytes(changed(data, contents, chance))
        return lambda: read_source(str(path))

    def a_format() -> Callable[[], Any]:
        data, kind = changed(chance.choice(contents), contents, chance), chance.choice(kinds)
        return lambda: formats.read(data, kind)

    def a_text() -> Callable[[], Any]:
        text = changed(b" ".join(chance.choices(texts, k=chance.randrange(1, 4))), texts, chance).decode(
            "utf-8", "replace"
        )
        return lambda: read_colors(text)

    def an_object() -> Callable[[], Any]:
        value = thing(chance, 3)
        return lambda: read_colors(value)

    def a_picture() -> Callable[[], Any]:
        data = changed(chance.choice(pictures), pictures, chance)
        return lambda: images.image_array(images.decoded(data))

    def a_model() -> Callable[[], Any]:
        model.write_bytes(changed(whole, [whole], chance))
        return lambda: ColorPreference.load(model)

    def a_verb() -> Callable[[], Any]:
        verb = chance.choice(("learn", "palette", "convert", "show", "stream", "info"))
        given = {key: thing(chance, 2) for key in chance.sample(MODEL_KEYS, chance.randrange(3))}
        given |= {"liked": thing(chance, 2)} if verb == "learn" else {"colors": thing(chance, 2)}
        return lambda: call(verb, **given)

    def a_skill() -> Callable[[], Any]:
        data = changed(chance.choice(skills), skills, chance)

        def read() -> None:
            skill = read_skill(data, "a/SKILL.md", ".", "a")
            if isinstance(skill, Skill):
                list(check_collection(assemble((".",), [skill])))

        return read

    made = (a_file, a_format, a_text, an_object, a_picture, a_model, a_verb, a_skill)
    return {make.__name__: make for make in made}


def written(palette: Any, key: str) -> bytes:
    """A palette in a format, as bytes."""
    data = formats.write(formats_content(palette), key)
    return data if isinstance(data, bytes) else data.encode()


def formats_content(colors: Any) -> Any:
    """Colours as a palette format takes them."""
    from ffcolor.palette import Content

    return Content(colors)


def thing(chance: random.Random, depth: int) -> Any:
    """A value of some kind: numbers, texts, lists and maps of them."""
    match chance.randrange(9 if depth else 6):
        case 0:
            return chance.choice((0, 1, -1, 255, 256, 10**30, 0.5, float("nan"), float("inf"), True, None))
        case 1:
            return chance.choice((*TEXTS, "", " ", "\0", "é" * 50, "all", "deutan", "hex"))
        case 2:
            return [chance.choice((0, 1, 255, 0.5, 300, -1)) for _ in range(chance.randrange(5))]
        case 3:
            return b"\xff\0\1"
        case 4:
            return chance.choice((object(), len, 1j, range(3), {1, 2}))
        case 5:
            return {"hue": 262, "saturation": chance.random() * 1.2, "lightness": 0.5}
        case 6:
            return [thing(chance, depth - 1) for _ in range(chance.randrange(6))]
        case 7:
            return tuple(thing(chance, depth - 1) for _ in range(3))
        case _:
            return {str(thing(chance, 0))[:9]: thing(chance, depth - 1) for _ in range(chance.randrange(4))}


def runs(count: int, seed: int, folder: Path) -> Iterator[tuple[str, str | None, float]]:
    """For each input: its door, what went wrong, and its CPU seconds."""
    chance = random.Random(seed)
    makers = doors(folder, chance)
    for name in chance.choices([*makers], k=count):
        state = chance.getstate()
        read = makers[name]()
        begin, wrong = time.process_time(), None
        try:
            read()
        except FfcolorError:
            pass
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            wrong = f"{type(error).__name__}: {str(error)[:150]} (draws' state {hash(state) & 0xFFFFFF:x})"
        yield name, wrong, time.process_time() - begin


def main(count: int, seed: int) -> int:
    """Run, and print what was found; 1 if there was something."""
    import resource  # not on Windows

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY + _size(), MEMORY + _size()))
    warnings.simplefilter("ignore")
    seconds: dict[str, list[float]] = {}
    wrongs: Counter[str] = Counter()
    late: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        for name, wrong, spent in runs(count, seed, Path(folder)):
            before = seconds.setdefault(name, [])
            if name != WORKS and len(before) > 200 and spent > max(LATE, TIMES * statistics.median(before[:200])):
                late[name] += 1
                print(
                    f"{name}: {spent:.2f} s, {spent / statistics.median(before[:200]):.0f} times the median", flush=True
                )
            before.append(spent)
            if wrong:
                wrongs[f"{name}: {wrong.split(' (draws')[0]}"] += 1
                if wrongs.total() <= 200:
                    print(f"{name}: {wrong}", flush=True)
    for name, spent in sorted(seconds.items()):
        median = statistics.median(spent) * 1e6
        print(f"{name:10} {len(spent):8,} inputs, median {median:7.0f} µs, longest {max(spent):.3f} s")
    print(f"{count:,} inputs: {wrongs.total()} raw exceptions, {late.total()} late")
    return bool(wrongs or late)


def _size() -> int:
    """Bytes of memory that this process has been given by now."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * 4096


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(given + [20_000, 0][len(given) :])))
