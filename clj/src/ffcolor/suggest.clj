(ns ffcolor.suggest
  "Did you mean …? The nearest of some known names, for error messages."
  (:require
   [clojure.string :as string]))

(set! *warn-on-reflection* true)

(defn- distance
  "How many letters must be put in, left out or changed to turn one text into the other (Levenshtein)."
  [one two]
  (peek
    (reduce (fn [row [place letter]]
              (reduce (fn [fresh [column other]]
                        (conj fresh
                              (min (inc (long (peek fresh)))
                                   (inc (long (nth row (inc (long column)))))
                                   (+ (long (nth row column)) (if (= letter other) 0 1)))))
                      [(inc (long place))]
                      (map-indexed vector two)))
            (vec (range (inc (count two))))
            (map-indexed vector one))))

(defn nearest
  "Returns the one of `known` (keywords or strings) that `given` was probably meant to be, or nil if none is near.

  (nearest :sed [:seed :start :count]) => :seed"
  [given known]
  (let [letters #(string/lower-case (if (ident? %) (name %) (str %)))
        text (letters given)
        found (when (and (seq known) (<= (count text) 40))
                (apply min-key #(distance text (letters %)) (reverse known)))]
    (when (and found (<= (* 2 (long (distance text (letters found)))) (max (count text) 2)))
      found)))

(defn hint
  "Returns \"did you mean :seed? \" if a name is near, else the empty text: for the middle of a message."
  [given known]
  (if-let [found (nearest given known)] (str "did you mean " (pr-str found) "? ") ""))
