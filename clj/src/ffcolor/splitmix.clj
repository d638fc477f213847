(ns ffcolor.splitmix
  "SplitMix64 and what follows from it: random access numbers, uniform doubles, split seeds; and checks.

  All arithmetic is modulo 2^64. A word is a Clojure long: the same 64 bits, read as signed. Seeds and indices may also be
  given unsigned, as big integers up to 2^64 - 1.

  Source: Steele, Lea, Flood, \"Fast splittable pseudorandom number generators\" (2014), with Stafford's mix 13.")

(set! *warn-on-reflection* true)
(set! *unchecked-math* :warn-on-boxed)

(def ^:const default-seed
  "The seed that is meant when none is given."
  1069)

(def ^:const gamma
  "The golden gamma: the odd number nearest to 2^64 over the golden ratio, as a word."
  (unchecked-long 0x9E3779B97F4A7C15))

(def ^:const mix-1
  "The first multiplier of `mix64`, as a word."
  (unchecked-long 0xBF58476D1CE4E5B9))

(def ^:const ^:private mix-2 (unchecked-long 0x94D049BB133111EB))
(def ^:private largest-word (biginteger 0xFFFFFFFFFFFFFFFF))
(def ^:private smallest-word (biginteger Long/MIN_VALUE))
(def ^:const ^:private largest-count 134217728)
(def ^:const ^:private step (/ 1.0 (bit-shift-left 1 53)))

(defn mix64
  "Scrambles a word one to one: the finaliser of SplitMix64."
  ^long [^long word]
  (let [z (* (bit-xor word (unsigned-bit-shift-right word 30)) (long mix-1))
        z (* (bit-xor z (unsigned-bit-shift-right z 27)) (long mix-2))]
    (bit-xor z (unsigned-bit-shift-right z 31))))

(defn failure
  "Makes the exception of this family: `:type` is `:ffcolor/stream`, `:value` what was wrong."
  [message value]
  (ex-info message {:type :ffcolor/stream :code :stream :value value}))

(defn word
  "Reads a whole number from -2^63 to 2^64 - 1 as a word, or throws an error that names it as `what`."
  (^long [value] (word value "seed"))
  (^long [value what]
   (cond
     (instance? Long value) (long value)
     (integer? value) (let [number (biginteger value)]
                        (when (or (neg? (.compareTo number smallest-word)) (pos? (.compareTo number largest-word)))
                          (throw (failure (str what " " value " does not fit in 64 bits: it goes from -2^63 to 2^64 - 1")
                                          value)))
                        (.longValue number))
     :else (throw (failure (str what " " (pr-str value) " is not a whole number") value)))))

(defn index
  "Reads an index, 0 to 2^64 - 1, as a word."
  ^long [value]
  (when (and (integer? value) (neg? (.signum (biginteger value))))
    (throw (failure (str "start " value " is not an index: indices go from 0 to 2^64 - 1") value)))
  (word value "start"))

(defn size
  "Reads a count: a whole number that one call can give, from 0 to 2^27, and no further than the last index."
  ^long [start value]
  (when-not (integer? value)
    (throw (failure (str "count " (pr-str value) " is not a whole number") value)))
  (let [number (biginteger value)
        size (.longValue number)
        last-word (+ (index start) size -1)]
    (when-not (and (<= (.bitLength number) 28) (<= 0 size (long largest-count)))
      (throw (failure (str "count " value " is out of range: one call gives from 0 to 134,217,728 colours") value)))
    (when (and (pos? size) (neg? (Long/compareUnsigned last-word (index start))))
      (throw (failure (str value " colours from index " start " on would pass the last index, 2^64 - 1") value)))
    size))

(defn unsigned
  "Returns a word as the whole number from 0 to 2^64 - 1 that it stands for."
  [^long word]
  (if (neg? word) (bigint (BigInteger. (Long/toUnsignedString word))) word))

(defn number-at
  "Returns number `index` (0, 1, …) of the SplitMix64 generator with this seed, as a word."
  ^long [seed index]
  (mix64 (+ (word seed) (* (inc (ffcolor.splitmix/index index)) (long gamma)))))

(defn splitmix64
  "Returns numbers `start`, `start` + 1, … of the SplitMix64 generator with this seed, as a vector of words.

  Number k is mix64(seed + (k + 1) gamma), so any part of the sequence costs the same."
  [seed start count]
  (let [first-word (+ (word seed) (* (index start) (long gamma)))]
    (mapv (fn [^long k] (mix64 (+ first-word (* (inc k) (long gamma))))) (range (size start count)))))

(defn uniform
  "Returns `count` random doubles in [0, 1), evenly spread, as a vector: the upper 53 bits of numbers 0, 1, … times 2^-53."
  [seed count]
  (mapv (fn [^long number] (* (double (unsigned-bit-shift-right number 11)) step)) (splitmix64 seed 0 count)))

(defn split
  "Returns the seed of independent child stream number `index`, as a word: seed ^ (index * gamma)."
  ^long [seed index]
  (bit-xor (word seed) (* (word index "index") (long gamma))))
