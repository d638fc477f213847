(ns music-topos.tune
  "Colours as music: hue is the note, lightness the octave, liking the loudness; a tune is a MIDI file."
  (:require [clojure.java.io :as io])
  (:import (javax.sound.midi MidiEvent MidiSystem Sequence ShortMessage)))

(def scale "The semitones of a major pentatonic scale." [0 2 4 7 9])

(defn note
  "The note of a fork: {:pitch 0..127 :velocity 1..127}."
  [{:keys [hsl probability]}]
  (let [step (int (* (count scale) (/ (:hue hsl) 360.0)))
        octave (int (* 3 (:lightness hsl)))]
    {:pitch (+ 48 (* 12 octave) (nth scale (mod step (count scale))))
     :velocity (-> (Math/round (* 127.0 (double probability))) (max 1) (min 127))}))

(defn tune
  "The notes of forks, in order."
  [forks]
  (mapv note forks))

(defn write-midi!
  "Writes notes, an eighth each, as a MIDI file; returns its path."
  [notes path]
  (let [ticks 240
        piece (Sequence. Sequence/PPQ (* 2 ticks))
        track (.createTrack piece)]
    (doseq [[i {:keys [pitch velocity]}] (map-indexed vector notes)]
      (let [start (* i ticks)]
        (.add track (MidiEvent. (ShortMessage. ShortMessage/NOTE_ON 0 (int pitch) (int velocity)) start))
        (.add track (MidiEvent. (ShortMessage. ShortMessage/NOTE_OFF 0 (int pitch) 0) (+ start ticks)))))
    (MidiSystem/write piece 1 (io/file path))
    (str path)))
