(ns music-topos.main
  "Forks a seed, learns what the listener likes of it, forks the learned palette again, and writes the tune."
  (:require [clojure.string :as str]
            [ffcolor.core :as ff]
            [music-topos.forks :as forks]
            [music-topos.taste :as taste]
            [music-topos.tune :as tune]))

(defn dusk?
  "A listener who likes dusk: blue to rose, and not too light."
  [{{:keys [hue lightness]} :hsl}]
  (and (<= 200 hue 340) (<= lightness 0.6)))

(defn play
  "From a seed to a tune: a map of all that happened on the way."
  [seed likes?]
  (let [first-forks (forks/forks 96 seed)
        {:keys [model accuracy]} (taste/learn (taste/picks likes? (take 64 first-forks)))]
    (with-open [model model]
      (let [palette (mapv (fn [hex] {:hex hex :hsl (forks/hex->hsl hex)}) (ff/palette model 5))
            forks (taste/next-generation palette 12 seed)
            kept (taste/sift model forks)
            share (fn [forks] (/ (count (filter likes? forks)) (double (count forks))))]
        {:accuracy accuracy
         :unseen (/ (count (filter (fn [fork] (= (likes? fork) (<= 0.5 (ff/probability model fork)))) (drop 64 first-forks))) 32.0)
         :palette (mapv :hex palette)
         :liked-before (share first-forks)
         :liked-after (share kept)
         :forks kept
         :tune (tune/tune kept)}))))

(defn -main
  "lein run [MIDI-FILE]"
  [& [path]]
  (let [{:keys [accuracy unseen palette liked-before liked-after tune]} (play forks/master-seed dusk?)]
    (println (format "learned 64 forks: right about %.0f%% of them and %.0f%% of 32 others" (* 100.0 accuracy) (* 100.0 unseen)))
    (println "palette" (str/join " " palette))
    (println (format "the listener likes %.0f%% of first forks, %.0f%% of those forked from the palette" (* 100 liked-before) (* 100 liked-after)))
    (println (count tune) "notes in" (tune/write-midi! tune (or path "dusk.mid")))
    (shutdown-agents)))
