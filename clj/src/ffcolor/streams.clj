(ns ffcolor.streams
  "Deterministic streams of colours, in pure Clojure: the same name, seed and index give the same colour on every machine.

  A stream is a function of (seed, index), so it does not matter in which order, in how many pieces or on how many threads
  it is asked; and the colours are those of the Python library, to the byte. No engine is needed.

    (stream :genesis {:seed 1069 :count 3})   ; three colours: maps of :index :hex :trit
    (stream \"genesis:1069:1-32\")              ; the short form of the command line
    (color-at :hash 1069 1000000)             ; one colour
    (take 5 (filter #(= 1 (:trit %)) (color-seq :lch)))

  Seeds are 64-bit: longs, or big integers up to 2^64 - 1. A trit is a colour's class in GF(3): -1 (minus), 0 (ergodic) or
  +1 (plus). Public implementations disagree about the rule, so every stream names its own, `:hue` or `:rgb-sum`."
  (:require
   [clojure.string :as string]
   [ffcolor.chains :as chains]
   [ffcolor.draw :as draw]
   [ffcolor.splitmix :as splitmix]
   [ffcolor.suggest :as suggest]))

(set! *warn-on-reflection* true)
(set! *unchecked-math* :warn-on-boxed)

(def default-seed
  "The seed that is meant when none is given."
  splitmix/default-seed)

;; ---- trits ---------------------------------------------------------------------------------------------------------

(defn trit-hue
  "Classes a colour (three whole numbers, 0 to 255) by its HSL hue: [300, 60) is +1, [60, 180) is 0, [180, 300) is -1; greys
  are +1. By the hue of CIE LCh, 29 % of random colours would get another trit: that is `trit-of-angle`."
  ^long [^long red ^long green ^long blue]
  (cond
    (and (>= green red) (> green blue)) 0
    (and (>= blue green) (> blue red)) -1
    :else 1))

(defn trit-rgb-sum
  "Classes a colour (three whole numbers, 0 to 255) by the sum of its channels: ((R + G + B) mod 3) - 1."
  ^long [^long red ^long green ^long blue]
  (dec (rem (+ red green blue) 3)))

(defn trit-of-angle
  "Classes a hue in degrees, of whatever colour space: [300, 60) is +1, [60, 180) is 0, [180, 300) is -1."
  ^long [^double degrees]
  (let [turned (rem (+ degrees 60.0) 360.0)]
    (- 1 (long (/ (if (neg? turned) (+ turned 360.0) turned) 120.0)))))

(def trit-rules
  "The two trit rules by name: functions of red, green and blue."
  {:hue trit-hue :rgb-sum trit-rgb-sum})

;; ---- the table -----------------------------------------------------------------------------------------------------

(def streams
  "The table of streams, by name. `:first` is the index that counting starts at, `:trit-rule` the name of its rule;
  `:draw` makes a byte array out of a seed, a first index and a count."
  {:genesis {:draw draw/genesis :trit-rule :rgb-sum :first 1
             :about "the canonical chain: lively colours of middle lightness (the default)"}
   :hash {:draw draw/hash-bytes :trit-rule :hue :first 0
          :about "all 16.7 million colours equally likely; any index at once"}
   :lch {:draw draw/lch :trit-rule :hue :first 0
         :about "even in lightness, chroma and hue of CIE LCh, so with many greys"}
   :fork {:draw draw/fork :trit-rule :hue :first 0
          :about "pale forks of music-topos: for compatibility"}
   :unworld {:draw draw/unworld :trit-rule :hue :first 0
             :about "a chain of strong reds, greens and blues"}})

(def ^:private names (keys streams))

(defn- find-name
  "The keyword of a stream, which may be given as a keyword, string or symbol."
  [given]
  (let [found (when (or (string? given) (ident? given)) (keyword (string/lower-case (string/trim (name given)))))]
    (if (contains? streams found)
      found
      (throw (splitmix/failure (str (pr-str given) " is not a stream: " (suggest/hint given names) "the streams are "
                                    (string/join ", " names))
                               given)))))

;; ---- the short form ------------------------------------------------------------------------------------------------

(def ^:private short-form
  #"(?i)\s*([^:]*?)\s*(?::([+-]?(?:0x[0-9a-f]{1,40}|[0-9]{1,40})))?(?::(?:([0-9]{1,40})-([0-9]{1,40})|([0-9]{1,40})))?\s*")

(def ^:private forms "write NAME, NAME:SEED, NAME:SEED:FIRST-LAST or NAME:SEED:COUNT, as in genesis:1069:1-32")

(defn- whole
  "Decimal or 0x hexadecimal text as a whole number."
  ^BigInteger [text]
  (let [[_ sign hexadecimal digits] (re-matches #"(?i)([+-]?)(0x)?(.*)" text)]
    (BigInteger. (str (when (= sign "-") "-") digits) (if hexadecimal 16 10))))

(defn- plain
  "A whole number as a long, if it is one."
  [^BigInteger number]
  (if (< (.bitLength number) 64) (.longValue number) (bigint number)))

(defn spec?
  "Whether a text is meant as a stream: the part before its first colon is the name of one."
  [text]
  (contains? streams (keyword (string/lower-case (string/trim (first (string/split (str text " ") #":" 2)))))))

(defn parse
  "Reads a stream's short form, such as \"genesis:1069:1-32\", into a map of :name :seed :start :count.

  The forms are name (seed 1069, 12 colours), name:seed, name:seed:first-last (both included) and name:seed:count. The seed
  is decimal or 0x hexadecimal, and may be negative."
  [text]
  (let [text (str text)
        stream-name (find-name (first (string/split text #":" 2)))
        [found _ seed first-index last-index size] (re-matches short-form text)
        shown (pr-str (subs text 0 (min 80 (count text))))]
    (when-not found
      (throw (splitmix/failure (str shown " is not a stream: " forms) text)))
    (let [^BigInteger size (cond size (whole size)
                                 first-index (-> (whole last-index) (.subtract (whole first-index)) (.add BigInteger/ONE))
                                 :else (biginteger 12))]
      (when-not (pos? (.signum size))
        (throw (splitmix/failure (str shown " holds no colour: " forms) text)))
      {:name stream-name
       :seed (if seed (plain (whole seed)) default-seed)
       :start (if first-index (plain (whole first-index)) (:first (streams stream-name)))
       :count (plain size)})))

;; ---- colours -------------------------------------------------------------------------------------------------------

(defn- place
  "What is asked for, checked: the stream's row, its name, the seed as a word, the first index, the count, the trit rule."
  [given options]
  (when-not (or (nil? options) (map? options))
    (throw (splitmix/failure (str "options are a map such as {:seed 1069 :count 12}, not " (pr-str options)) options)))
  (doseq [option (keys options)]
    (when-not (#{:seed :start :count :trit-rule} option)
      (throw (splitmix/failure (str "there is no option " (pr-str option) ": "
                                    (suggest/hint option [:seed :start :count :trit-rule])
                                    "the options are :seed, :start, :count, :trit-rule")
                               option))))
  (let [short-form? (and (string? given) (string/includes? given ":"))
        stream-name (if short-form? nil (find-name given))
        {:keys [name seed start count]} (merge (if short-form? (parse given) {:name stream-name}) options)
        {:keys [draw trit-rule] :as row} (streams name)
        start (or start (:first row))
        rule (or (:trit-rule options) trit-rule)]
    (when-not (contains? trit-rules rule)
      (throw (splitmix/failure (str (pr-str rule) " is not a trit rule: write :hue or :rgb-sum") rule)))
    {:name name :draw draw :seed (splitmix/word (or seed default-seed)) :start start
     :count (splitmix/size start (or count 12)) :trit-rule rule}))

(defn rgb-bytes
  "Returns the colours as a byte array: red, green, blue, red, green, blue, … (unsigned; read one with (bit-and b 255)).

  Takes a stream's name or short form, and the options :seed :start :count. This is the fastest way to many colours."
  (^bytes [stream-name] (rgb-bytes stream-name nil))
  (^bytes [stream-name options]
   (let [{:keys [draw seed start count]} (place stream-name options)]
     (draw seed (splitmix/index start) count))))

(defn rgb-floats
  "Returns the colours as a float array of triples in 0..1, which every function that takes colours reads at once."
  (^floats [stream-name] (rgb-floats stream-name nil))
  (^floats [stream-name options]
   (let [drawn (rgb-bytes stream-name options)
         out (float-array (alength drawn))]
     (dotimes [at (alength drawn)]
       (aset out at (float (/ (double (bit-and (aget drawn at) 255)) 255.0))))
     out)))

(def ^:private digits (.getBytes "0123456789ABCDEF" "US-ASCII"))

(defn- hex-at
  "The colour whose red channel is at a place in a byte array, as #RRGGBB."
  [^bytes drawn ^long at]
  (let [text (byte-array 7)
        ^bytes digits digits]
    (aset text 0 (byte 35))
    (dotimes [channel 3]
      (let [value (aget drawn (+ at channel))]
        (aset text (+ 1 (* 2 channel)) (aget digits (bit-and (bit-shift-right value 4) 15)))
        (aset text (+ 2 (* 2 channel)) (aget digits (bit-and value 15)))))
    (String. text 0 0 7)))

(defn- trit-at
  ^long [rule ^bytes drawn ^long at]
  (let [red (bit-and (aget drawn at) 255)
        green (bit-and (aget drawn (+ at 1)) 255)
        blue (bit-and (aget drawn (+ at 2)) 255)]
    (if (identical? rule :hue) (trit-hue red green blue) (trit-rgb-sum red green blue))))

(defn hexes
  "Returns the colours as a vector of texts such as \"#E67F86\"; arguments as for `stream`."
  ([stream-name] (hexes stream-name nil))
  ([stream-name options]
   (let [drawn (rgb-bytes stream-name options)]
     (mapv (fn [^long number] (hex-at drawn (* 3 number))) (range (quot (alength drawn) 3))))))

(defn trits
  "Returns the colours' trits as a vector, by the stream's own rule or by the option :trit-rule; arguments as for `stream`."
  ([stream-name] (trits stream-name nil))
  ([stream-name options]
   (let [drawn (rgb-bytes stream-name options)
         rule (:trit-rule (place stream-name options))]
     (mapv (fn [^long number] (trit-at rule drawn (* 3 number))) (range (quot (alength drawn) 3))))))

(defn stream
  "Returns colours of a stream as a vector of maps {:index 1 :hex \"#E67F86\" :trit 1}.

  Takes a stream's name (:genesis :hash :lch :fork :unworld, or a string) or its short form, and options:
    :seed       64 bits (1069)
    :start      the first index (where the stream begins)
    :count      how many (12)
    :trit-rule  :hue or :rgb-sum (the stream's own)
  An index of genesis or unworld costs as many steps, a few nanoseconds each; of the others, any index costs the same."
  ([stream-name] (stream stream-name nil))
  ([stream-name options]
   (let [{:keys [draw seed start count trit-rule]} (place stream-name options)
         first-index (splitmix/index start)
         drawn (draw seed first-index count)]
     (mapv (fn [^long number]
             {:index (splitmix/unsigned (+ first-index number))
              :hex (hex-at drawn (* 3 number))
              :trit (trit-at trit-rule drawn (* 3 number))})
           (range count)))))

(defn color-at
  "Returns one colour of a stream as a map of :index :hex :trit. It depends on the seed and the index alone: `pmap` over
  indices gives what `map` gives."
  ([stream-name index] (color-at stream-name default-seed index))
  ([stream-name seed index] (first (stream stream-name {:seed seed :start index :count 1}))))

(defn- blocks
  "The colours from a word's index on, drawn when they are looked at, 512 at a time; they end at index 2^64 - 1."
  [stream-name options ^long word]
  (lazy-seq
    (let [left (- word)
          size (if (pos? (Long/compareUnsigned (dec left) 511)) 512 left)
          after (+ word size)]
      (concat (stream stream-name (assoc options :start (splitmix/unsigned word) :count size))
              (when-not (zero? after) (blocks stream-name options after))))))

(defn color-seq
  "Returns the colours of a stream from :start on as a lazy sequence, which has no end in practice.

  (take 3 (filter #(= -1 (:trit %)) (color-seq :genesis {:seed 7})))"
  ([stream-name] (color-seq stream-name nil))
  ([stream-name options]
   (let [{:keys [name seed start trit-rule]} (place stream-name (dissoc options :count))]
     (blocks name {:seed seed :trit-rule trit-rule} (splitmix/index start)))))

;; ---- behind the streams --------------------------------------------------------------------------------------------

(defn split
  "Returns the seed of independent child stream number `index`: seed ^ (index * gamma), as a long."
  ^long [seed index]
  (splitmix/split seed index))

(defn uniform
  "Returns `count` random doubles in [0, 1), evenly spread, as a vector: the upper 53 bits of SplitMix64 numbers, times 2^-53."
  [seed count]
  (splitmix/uniform seed count))

(defn tripartite
  "Returns triples [minus ergodic plus] of trits as a vector, each summing to 0 in GF(3); options :seed :start :count.

  Minus and plus come from two generators of their own (number mod 3, less 1); ergodic is what balances them."
  ([] (tripartite nil))
  ([{:keys [seed start count] :or {seed default-seed start 0 count 12}}]
   (let [word (splitmix/word seed)]
     (mapv (fn [^long minus-number ^long plus-number]
             (let [minus (dec (Long/remainderUnsigned minus-number 3))
                   plus (dec (Long/remainderUnsigned plus-number 3))]
               [minus (dec (Math/floorMod (- 1 minus plus) 3)) plus]))
           (splitmix/splitmix64 word start count)
           (splitmix/splitmix64 (bit-xor word 0x170865DF4B3201FC) start count)))))

(defn lch-coordinates
  "Returns the [L C hue-in-degrees] that the lch stream draws before they are clipped and rounded, as a vector;
  options :seed :start :count."
  ([] (lch-coordinates nil))
  ([{:keys [seed start count] :or {seed default-seed start 0 count 12}}]
   (mapv vec (partition 3 (draw/lch-coordinates (splitmix/word seed) (splitmix/index start) (splitmix/size start count))))))

(defn fork-at
  "Returns one fork of music-topos as its parallel_color_fork.clj has it: :child-seed, :hue, :saturation, :lightness."
  [seed index]
  (let [child (draw/fork-seed (+ (splitmix/word seed) (splitmix/index index)))]
    {:child-seed child :hue (draw/fork-hue child) :saturation (draw/fork-saturation child) :lightness 0.9}))

(defn unworld-seeds
  "Returns the chain of seeds behind the unworld stream, as a vector of longs; options :seed :start :count."
  ([] (unworld-seeds nil))
  ([{:keys [seed start count] :or {seed default-seed start 0 count 12}}]
   (let [size (splitmix/size start count)
         start (splitmix/index start)]
     (chains/check-reach chains/unworld start size)
     (let [^longs state (chains/state-at chains/unworld (splitmix/word seed) start)]
       (into [] (take size) (iterate #(chains/next-unworld %) (aget state 0)))))))
