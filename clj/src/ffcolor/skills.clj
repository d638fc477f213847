(ns ffcolor.skills
  "ffcolor's own skill, and any collection's lock file, as plain data. Needs no Python and no dependency.

    (skill)     ;=> {:name \"forward-forward-learning\" :trit 1 :color \"#D82626\" :triads [...] ...}
    (manifest \"skills/skills.lock.edn\")

  `ffcolor skills lock` writes lock files; to check a collection, see `ffcolor.core/validate-skills`."
  (:require
   [clojure.edn :as edn]
   [clojure.java.io :as io]))

(set! *warn-on-reflection* true)

(defn manifest
  "What a lock file says; without an argument, the one of ffcolor's own skill:

    {:ffcolor/schema 1
     :skills [{:name \"a\" :path \"a/SKILL.md\" :trit 1 :color \"#D82626\"
               :triads [[[\"b\" -1] [\"c\" 0] [\"a\" 1]]]}]}

  `source` is a path, a file, a URL or whatever else `slurp` takes. Throws ex-info when it holds something else."
  ([]
   (manifest (io/resource "ffcolor/skills.lock.edn")))
  ([source]
   (let [lock (edn/read-string (slurp source :encoding "UTF-8"))]
     (if (and (map? lock) (= 1 (:ffcolor/schema lock)) (vector? (:skills lock)))
       lock
       (throw (ex-info (str (pr-str (str source)) " is not a lock file: `ffcolor skills lock` writes one")
                       {:type :ffcolor/lock-file, :code "lock-file", :value (str source)}))))))

(defn skill
  "One skill of a manifest, by its name: a map with :name :path :trit :color :triads, or nil. Without arguments,
  ffcolor's own."
  ([]
   (first (:skills (manifest))))
  ([name]
   (skill (manifest) name))
  ([lock name]
   (some #(when (= name (:name %)) %) (:skills lock))))
