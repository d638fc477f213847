(ns ffcolor.chains
  "Chains: streams in which each index needs the one before, with a memory of places passed.

  A state is a long array of words, [seed gamma] for genesis and [seed] for unworld. Reaching an index costs a few
  nanoseconds a step, and at most 4,096 steps from a place that was passed before."
  (:require
   [ffcolor.splitmix :as splitmix]))

(set! *warn-on-reflection* true)
(set! *unchecked-math* :warn-on-boxed)

(def ^:const ^:private stride 4096)
(def ^:const ^:private seeds 64)
(def ^:const ^:private farthest 67108864)

(defn mix-gamma
  "Makes an odd word with enough changes of bit to be a generator's gamma. Source: Steele, Lea, Flood (2014), figure 16."
  ^long [^long word]
  (let [z (* (bit-xor word (unsigned-bit-shift-right word 33)) (unchecked-long 0xFF51AFD7ED558CCD))
        z (* (bit-xor z (unsigned-bit-shift-right z 33)) (unchecked-long 0xC4CEB9FE1A85EC53))
        z (bit-or (bit-xor z (unsigned-bit-shift-right z 33)) 1)]
    (if (< (Long/bitCount (bit-xor z (unsigned-bit-shift-right z 1))) 24)
      (bit-xor z (unchecked-long 0xAAAAAAAAAAAAAAAA))
      z)))

(defn seed-trit
  "Returns the trit of an unworld seed: its SplitMix64 number mod 3, less 1."
  ^long [^long seed]
  (dec (Long/remainderUnsigned (splitmix/mix64 (+ seed (long splitmix/gamma))) 3)))

(defn next-unworld
  "Returns the seed after this one in unworld's chain."
  ^long [^long seed]
  (let [trit (seed-trit seed)
        gamma (long splitmix/gamma)
        key (case trit
              -1 gamma
              0 (unsigned-bit-shift-right gamma 1)
              1 (bit-shift-left gamma 1))]
    (* (bit-xor seed (long key)) (long splitmix/mix-1))))

(defn- walk-genesis
  "The state `steps` splits after this one: each split draws the next seed, and mixes the next gamma."
  [^longs state ^long steps]
  (loop [seed (aget state 0), gamma (aget state 1), left steps]
    (if (zero? left)
      (long-array [seed gamma])
      (let [z (+ seed gamma)]
        (recur (splitmix/mix64 z) (mix-gamma (+ z gamma)) (dec left))))))

(defn- walk-unworld
  [^longs state ^long steps]
  (loop [seed (aget state 0), left steps]
    (if (zero? left)
      (long-array [seed])
      (recur (next-unworld seed) (dec left)))))

(def genesis
  "The chain of split generators behind the genesis stream."
  {:name "genesis" :walk walk-genesis :rest [splitmix/gamma] :memory (atom {})})

(def unworld
  "The chain of derived seeds behind the unworld stream."
  {:name "unworld" :walk walk-unworld :rest [] :memory (atom {})})

(defn- remember
  "Keeps the longest way known for a seed. A memory that is full starts anew: it only saves steps."
  [memory seed marks]
  (cond
    (<= (count marks) (count (memory seed))) memory
    (and (>= (count memory) (long seeds)) (not (contains? memory seed))) {seed marks}
    :else (assoc memory seed marks)))

(defn- marks-until
  "The states at every `stride`th index of the chain, at least up to mark number `place`."
  [{:keys [walk memory] :as chain} ^long seed ^long place]
  (let [known (or (@memory seed) [(long-array (cons seed (:rest chain)))])]
    (if (< place (count known))
      known
      (let [marks (loop [marks known]
                    (if (< place (count marks)) marks (recur (conj marks (walk (peek marks) stride)))))]
        (swap! memory remember seed marks)
        marks))))

(defn check-reach
  "Throws if a range of indices is too far to be walked to: past 2^26 steps, a third of a second."
  [chain ^long start ^long count]
  (when-not (and (<= 0 start (long farthest)) (<= (+ start count) (long farthest)))
    (throw (splitmix/failure
             (str (:name chain) " reaches an index by as many steps, so " (Long/toUnsignedString (+ start count -1))
                  " is too far (at most 67,108,863): take another seed, or the stream :hash, which reaches any index at once")
             start))))

(defn state-at
  "Returns the state of a chain (`genesis`, `unworld`) at an index within reach, for a seed: a long array of words."
  [chain ^long seed ^long index]
  (let [place (quot index (long stride))]
    ((:walk chain) (nth (marks-until chain seed place) place) (rem index (long stride)))))
