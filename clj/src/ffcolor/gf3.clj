(ns ffcolor.gf3
  "Arithmetic over GF(3), the field of three elements, written here as the trits -1, 0 and 1.

  A triad is balanced when its trits sum to 0 modulo 3: one of each, or three alike. Needs no Python.

    (balanced? [1 0 -1])  ;=> true
    (needed [1 0])        ;=> -1")

(set! *warn-on-reflection* true)

(def trits
  "The three trits in order."
  [-1 0 1])

(def trit-names
  "The keyword for each trit."
  {-1 :minus, 0 :ergodic, 1 :plus})

(defn trit?
  "Whether `x` is -1, 0 or 1."
  [x]
  (and (integer? x) (<= -1 x 1)))

(defn- checked [x]
  (if (trit? x)
    (long x)
    (throw (ex-info (str (pr-str x) " is not a trit: write -1, 0 or 1")
                    {:type :ffcolor/trit, :code "trit", :value x}))))

(defn add
  "The sum of `trits` in GF(3); the sum of none is 0."
  [trits]
  (dec (long (mod (inc (long (transduce (map checked) + trits))) 3))))

(defn balanced?
  "Whether `trits` sum to 0 modulo 3."
  [trits]
  (zero? (long (add trits))))

(defn needed
  "The one trit that balances `trits`."
  [trits]
  (- (long (add trits))))
