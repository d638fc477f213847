"""Learn which colours of a deterministic stream carry the trit +1, and check on colours never seen.

python examples/streams_and_trits.py
"""

from ffcolor import ColorPreference, streams

seen, unseen = (streams.stream("genesis", 1069, start, 96) for start in (1, 97))
trits, unseen_trits = streams.trit_hue(seen), streams.trit_hue(unseen)

taste = ColorPreference().fit(seen[trits == 1], seen[trits == -1])
print(taste)
accuracy = taste.accuracy(unseen[unseen_trits == 1], unseen[unseen_trits == -1])
print(f"balanced accuracy on unseen colours above 0.9: {accuracy > 0.9}")
print("the same seed gives the same colours:", (streams.parse("genesis:1069:1-96") == seen).all())
