(ns music-topos.taste
  "A taste in forks: picks of a listener teach it, and it lets through what the listener would like."
  (:require [clojure.core.async :as async]
            [ffcolor.core :as ff]
            [music-topos.forks :as forks]))

(defn picks
  "Splits forks into those that a listener likes and those she does not."
  [likes? forks]
  {:liked (filterv likes? forks)
   :disliked (filterv (complement likes?) forks)})

(defn learn
  "Learns a taste from picks; whole forks go in, their other keys are let alone."
  [{:keys [liked disliked]}]
  (ff/ff-color-learning liked disliked))

(defn liked
  "A channel with the forks of channel `in` that a model likes, each with its :probability; judged on two threads."
  [model in]
  (let [out (async/chan 32)]
    (async/pipeline-blocking 2
      out
      (comp (map (fn [fork] (assoc fork :probability (ff/probability model fork))))
        (filter (fn [fork] (<= 0.5 (:probability fork)))))
      in)
    out))

(defn sift
  "The forks that a model likes, with their probability, in the order given."
  [model forks]
  (async/<!! (async/into [] (liked model (async/to-chan! forks)))))

(defn next-generation
  "New forks, n around each colour of a learned palette: what was learned drives what is forked."
  [palette n seed]
  (vec (mapcat (fn [index color]
                 (forks/forks-near n (+ seed index) (:hsl color) 0.15))
         (range)
         palette)))
