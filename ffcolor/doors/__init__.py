"""The doors: verbs, and the ways people come to them: the shell here, Clojure through the bridge.

A door reads what a person gave, calls a verb and shows the answer; what there is to do is done by the verb.
"""
