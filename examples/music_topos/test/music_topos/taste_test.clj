(ns music-topos.taste-test
  (:require [clojure.java.io :as io]
            [clojure.test :refer [deftest is]]
            [music-topos.forks :as forks]
            [music-topos.main :as main]
            [music-topos.taste :as taste]
            [music-topos.tune :as tune])
  (:import (javax.sound.midi MidiSystem ShortMessage)))

(deftest forks-are-the-same-in-any-order
  (let [root {:seed forks/master-seed :iteration 0 :depth 0}]
    (is (= (map :fork (forks/forks 200))
           (reverse (map (fn [i] (forks/child root i)) (range 199 -1 -1)))))))

(deftest a-hex-color-has-the-hsl-of-a-fork
  (is (= {:hue 120.0 :saturation 1.0 :lightness 0.5} (forks/hex->hsl "#00ff00")))
  (is (= {:hue 0.0 :saturation 0.0 :lightness 1.0} (forks/hex->hsl "#ffffff"))))

(deftest the-learned-palette-drives-forks-that-are-liked
  (let [{:keys [palette liked-before liked-after forks]} (main/play forks/master-seed main/dusk?)]
    (is (= 5 (count palette)))
    (is (< liked-before 0.4 0.8 liked-after))
    (is (every? (fn [fork] (<= 0.5 (:probability fork) 1.0)) forks))))

(deftest a-channel-keeps-the-order-and-only-what-is-liked
  (let [forks (forks/forks 64)
        {:keys [model]} (taste/learn (taste/picks main/dusk? forks))
        kept (taste/sift model forks)]
    (is (= (map :index kept) (sort (map :index kept))))
    (is (= (set (map :index kept)) (set (map :index (filter main/dusk? forks)))))))

(deftest a-tune-is-a-midi-file-with-its-notes
  (let [path (io/file (System/getProperty "java.io.tmpdir") (str "tune-" (System/nanoTime) ".mid"))
        notes [{:pitch 60 :velocity 100} {:pitch 64 :velocity 1}]]
    (try
      (tune/write-midi! notes path)
      (let [track (first (.getTracks (MidiSystem/getSequence path)))
            events (map (fn [i] (.getMessage (.get track i))) (range (.size track)))]
        (is (= [[60 100] [64 1]]
               (for [event events
                     :when (and (instance? ShortMessage event) (= ShortMessage/NOTE_ON (.getCommand event)))]
                 [(.getData1 event) (.getData2 event)]))))
      (finally (io/delete-file path)))))
