(ns ffcolor.streams-test
  "Streams against the published vectors and plain big-integer arithmetic; slices, threads and orders change nothing."
  (:require
   [clojure.edn :as edn]
   [clojure.java.io :as io]
   [clojure.string :as string]
   [clojure.test :refer [deftest is testing]]
   [clojure.test.check.clojure-test :refer [defspec]]
   [clojure.test.check.generators :as gen]
   [clojure.test.check.properties :as prop]
   [ffcolor.splitmix :as splitmix]
   [ffcolor.streams :as streams])
  (:import
   (clojure.lang ExceptionInfo)
   (java.io File)))

(set! *warn-on-reflection* true)

(def ^:private vectors
  (let [^File here (io/file (io/resource "ffcolor/streams_test.clj"))
        root (-> here .getParentFile .getParentFile .getParentFile .getParentFile)]
    (-> (slurp (io/file root "tests" "data" "color_streams.json"))
        (string/replace "\":" "\" ")          ; JSON without null, true and false, so made into EDN
        (edn/read-string))))

(defn- unsigned [text] (bigint (BigInteger. (subs text 2) 16)))

(defn- close? [one two] (< (abs (- (double one) (double two))) 1e-5))

;; ---- known answers -------------------------------------------------------------------------------------------------

(deftest no-vector-is-left-out
  (is (= #{"about" "splitmix64" "hash_color" "genesis" "lch" "fork" "split_child_seed_1069" "tripartite_1069"
           "unworld_chain_0x42D"}
         (set (keys vectors)))))

(deftest splitmix64-vectors
  (doseq [[seed numbers] (vectors "splitmix64")]
    (is (= (map unsigned numbers) (map splitmix/unsigned (splitmix/splitmix64 (unsigned seed) 0 5))))
    (is (= (map unsigned numbers) (map #(splitmix/unsigned (splitmix/number-at (unsigned seed) %)) (range 5))))))

(deftest hash-vectors
  (doseq [{:strs [seed index hex]} (vectors "hash_color")]
    (is (= hex (:hex (streams/color-at :hash seed index))))))

(deftest genesis-vectors
  (doseq [{:strs [seed index hex trit_rgbsum trit_hue]} (vectors "genesis")]
    (is (= {:index index :hex hex :trit trit_rgbsum} (streams/color-at :genesis seed index)))
    (is (= [trit_hue] (streams/trits :genesis {:seed seed :start index :count 1 :trit-rule :hue})))))

(deftest lch-vectors
  (let [found (streams/lch-coordinates {:seed 1069 :count 5})]
    (doseq [[[lightness chroma hue] {:strs [L C H trit]}] (map vector found (vectors "lch"))]
      (is (close? lightness L))
      (is (close? chroma C))
      (is (close? hue H))
      (is (= trit (streams/trit-of-angle hue))))))

(deftest fork-vectors
  (doseq [{:strs [seed index child_seed hue saturation]} (vectors "fork")
          :let [found (streams/fork-at seed index)]]
    (is (= child_seed (:child-seed found)))
    (is (close? hue (:hue found)))
    (is (close? saturation (:saturation found)))
    (is (= 0.9 (:lightness found)))))

(deftest unworld-vectors
  (let [chain (vectors "unworld_chain_0x42D")
        options {:seed 0x42D :count (count chain)}]
    (is (= (map #(get % "hex") chain) (streams/hexes :unworld options)))
    (is (= (map #(get % "trit") chain) (streams/trits :unworld options)))
    (is (= (map #(unsigned (get % "seed")) chain) (map splitmix/unsigned (streams/unworld-seeds options))))))

(deftest split-and-tripartite-vectors
  (doseq [[index seed] (map vector [0 1 2 7] (vectors "split_child_seed_1069"))]
    (is (= (unsigned seed) (splitmix/unsigned (streams/split 1069 index)))))
  (is (= (vectors "tripartite_1069")
         (streams/tripartite {:seed 1069 :count (count (vectors "tripartite_1069"))}))))

;; ---- oracles -------------------------------------------------------------------------------------------------------

(def ^:private modulus (.shiftLeft BigInteger/ONE 64))

(defn- modulo [number] (bigint (.mod (biginteger number) modulus)))

(defn- big-xor [one two] (bigint (.xor (biginteger one) (biginteger two))))

(defn- shifted [number places] (bigint (.shiftRight (biginteger number) (int places))))

(defn- big-mix [word]
  (let [z (modulo (*' (big-xor word (shifted word 30)) 0xBF58476D1CE4E5B9))
        z (modulo (*' (big-xor z (shifted z 27)) 0x94D049BB133111EB))]
    (big-xor z (shifted z 31))))

(def ^:private seeds (gen/one-of [gen/large-integer (gen/fmap splitmix/unsigned gen/large-integer) gen/nat]))

(def ^:private names (gen/elements (keys streams/streams)))

(defspec numbers-are-those-of-big-integers 100
  (prop/for-all [seed seeds, index (gen/one-of [gen/nat (gen/fmap splitmix/unsigned gen/large-integer)])]
    (= (splitmix/unsigned (splitmix/number-at seed index))
       (big-mix (modulo (+' seed (*' (inc' index) 0x9E3779B97F4A7C15)))))))

(defspec split-seeds-are-those-of-big-integers 100
  (prop/for-all [seed seeds, index gen/large-integer]
    (= (splitmix/unsigned (streams/split seed index))
       (big-xor (modulo seed) (modulo (*' index 0x9E3779B97F4A7C15))))))

(defspec uniform-doubles-are-upper-bits 50
  (prop/for-all [seed seeds]
    (= (streams/uniform seed 5)
       (map #(* (double (shifted (splitmix/unsigned %) 11)) (Math/pow 2 -53)) (splitmix/splitmix64 seed 0 5)))))

;; ---- promises ------------------------------------------------------------------------------------------------------

(defspec a-slice-is-a-slice 60
  (prop/for-all [name names, seed seeds, start (gen/choose 0 9000), before (gen/choose 0 40), size (gen/choose 0 40)]
    (= (streams/stream name {:seed seed :start (+ start before) :count size})
       (subvec (streams/stream name {:seed seed :start start :count (+ before size)}) before))))

(defspec seeds-are-modulo-2-to-the-64 40
  (prop/for-all [name names, seed gen/large-integer]
    (= (streams/hexes name {:seed seed}) (streams/hexes name {:seed (splitmix/unsigned seed)}))))

(deftest pmap-is-map-in-any-order
  (doseq [name (keys streams/streams)
          :let [indices (range 4000 4600)
                one-by-one (mapv #(streams/color-at name 7 %) indices)
                shuffled (shuffle indices)]]
    (testing name
      (is (= one-by-one (streams/stream name {:seed 7 :start 4000 :count 600})))
      (is (= one-by-one (pmap #(streams/color-at name 7 %) indices)))
      (is (= one-by-one (map (zipmap shuffled (pmap #(streams/color-at name 7 %) shuffled)) indices)))
      (is (= one-by-one (take 600 (streams/color-seq name {:seed 7 :start 4000})))))))

(deftest a-crowd-of-seeds-is-not-confused
  (let [asked (for [seed (range 150), start [5000 1]] [seed start])
        ask (fn [[seed start]] (streams/hexes :genesis {:seed seed :start start :count 3}))]
    (is (= (map ask asked) (reverse (pmap ask (reverse asked)))))))

(deftest every-form-holds-the-same-colours
  (doseq [name (keys streams/streams)
          :let [drawn (streams/rgb-bytes name {:count 50})
                floats (streams/rgb-floats name {:count 50})
                hexes (streams/hexes name {:count 50})]]
    (is (= hexes (map :hex (streams/stream name {:count 50}))))
    (is (= hexes (map #(apply format "#%02X%02X%02X" %) (partition 3 drawn))))
    (is (= (map #(/ (bit-and % 255) 255.0) drawn) (map #(/ (Math/round (* 255.0 (double %))) 255.0) floats)))
    (is (= (map :trit (streams/stream name {:count 50})) (streams/trits name {:count 50})))))

(deftest lazy-colours-end-with-the-indices
  (let [near-the-end (-' 18446744073709551616 700)
        last-colours (streams/color-seq :hash {:start near-the-end})]
    (is (= 700 (count last-colours)))
    (is (= 18446744073709551615 (:index (last last-colours))))
    (is (= (map :index last-colours) (take 700 (iterate inc' near-the-end))))))

(defspec triples-sum-to-zero 50
  (prop/for-all [seed seeds, start gen/nat]
    (every? #(zero? (mod (reduce + %) 3)) (streams/tripartite {:seed seed :start start :count 8}))))

(defspec short-forms-say-what-options-say 60
  (prop/for-all [stream-name names, seed seeds, start (gen/choose 0 500), size (gen/choose 1 20)]
    (let [wanted (streams/stream stream-name {:seed seed :start start :count size})]
      (and (= wanted (streams/stream (str (name stream-name) ":" seed ":" start "-" (+ start size -1))))
           (= (streams/stream stream-name {:seed seed :count size})
              (streams/stream (str " " (string/upper-case (name stream-name)) ":" seed ":" size)))))))

(deftest short-forms
  (is (= {:name :genesis :seed 1069 :start 1 :count 12} (streams/parse "genesis")))
  (is (= {:name :hash :seed -5 :start 0 :count 12} (streams/parse "hash:-5")))
  (is (= {:name :genesis :seed 1069 :start 1 :count 32} (streams/parse "genesis:0x42D:1-32")))
  (is (= {:name :lch :seed 3 :start 0 :count 4} (streams/parse "lch:+3:4")))
  (is (streams/spec? "genesis:1069:1-32"))
  (is (not (streams/spec? "teal")))
  (is (not (streams/spec? "#e67f86")))
  (is (= (streams/stream :genesis {:count 2}) (streams/stream "genesis" {:count 2}) (streams/stream 'genesis {:count 2}))))

;; ---- errors --------------------------------------------------------------------------------------------------------

(deftest errors-say-what-is-wrong
  (doseq [[message ask]
          {"did you mean :genesis?" #(streams/stream :genisis)
           "the streams are :genesis, :hash" #(streams/stream :teal)
           "42 is not a stream" #(streams/stream 42)
           "did you mean :seed?" #(streams/stream :hash {:sed 1})
           "options are a map" #(streams/stream :hash 12)
           "fit in 64 bits" #(streams/stream :hash {:seed 18446744073709551616})
           "seed 1.5 is not a whole number" #(streams/stream :hash {:seed 1.5})
           "start -1 is not an index" #(streams/stream :hash {:start -1})
           "count -1 is out of range" #(streams/stream :hash {:count -1})
           "count 134217729 is out of range" #(streams/stream :hash {:count 134217729})
           "would pass the last index" #(streams/stream :hash {:start 18446744073709551615 :count 2})
           "67108864 is too far" #(streams/color-at :genesis 67108864)
           "18446744073709551615 is too far" #(streams/color-at :unworld 18446744073709551615)
           ":sum is not a trit rule" #(streams/stream :hash {:trit-rule :sum})
           "holds no colour" #(streams/stream "hash:1:5-4")
           "write NAME" #(streams/stream "hash:1:2:3")}]
    (testing message
      (let [thrown (is (thrown? ExceptionInfo (ask)))]
        (is (string/includes? (ex-message thrown) message))
        (is (= :ffcolor/stream (:type (ex-data thrown))))
        (is (contains? (ex-data thrown) :value))))))
