(ns ffcolor.items
  "Reading one colour, however it is written, into a row of a sheet."
  (:require
   [clojure.string :as string]
   [ffcolor.names :as names]
   [ffcolor.sheet :as sheet])
  (:import
   (clojure.lang Named Sequential)
   (ffcolor.sheet Sheet)
   (java.util ArrayList List Map)))

(set! *warn-on-reflection* true)

;; ---- text ----------------------------------------------------------------------------------------------------------

(defn- hex-number
  "The hex digits of a text, with or without #, as a number and how many there are; or -1."
  ^long [^String text]
  (let [start (if (.startsWith text "#") 1 0)
        length (- (.length text) start)]
    (if (or (= length 6) (= length 3) (= length 8) (= length 4))
      (loop [i start, number 0]
        (if (= i (.length text))
          number
          (let [digit (Character/digit (.charAt text i) 16)]
            (if (or (neg? digit) (> (int (.charAt text i)) 127)) -1 (recur (inc i) (+ (* 16 number) digit))))))
      -1)))

(defn- doubled
  "Four hex digits, each written twice."
  ^long [^long number]
  (reduce (fn [^long found ^long shift] (+ (* 256 found) (* 17 (bit-and 15 (bit-shift-right number shift))))) 0 [12 8 4 0]))

(defn- rgb24!
  [sheet place value ^long number]
  (sheet/put! sheet place value
    (bit-and 255 (bit-shift-right number 16)) (bit-and 255 (bit-shift-right number 8)) (bit-and 255 number) 255.0))

(defn- other!
  "Leaves an item to the engine."
  [^Sheet sheet place value]
  (.add ^ArrayList (.others sheet) [(Math/max (long place) 0) value]))

(defn- text!
  [sheet place value ^String given]
  (let [text (.trim given)
        number (hex-number text)]
    (if (neg? number)
      (if-let [named (names/css (string/lower-case text))]
        (rgb24! sheet place value named)
        (other! sheet place given))
      (let [digits (- (.length text) (if (.startsWith text "#") 1 0))
            number (case digits 3 (doubled (+ (* 16 number) 15)) 4 (doubled number) 6 (+ (* 256 number) 255) number)]
        (sheet/opaque! place value (bit-and 255 number) 255.0)
        (rgb24! sheet place value (bit-shift-right number 8))))))

;; ---- maps ----------------------------------------------------------------------------------------------------------

(defn- hsl-channel
  "One channel of HSL as sRGB: `turn` is 0 for red, 8 for green, 4 for blue. Source: CSS Color 4, section 7.1."
  ^double [^double turn ^double hue ^double saturation ^double lightness]
  (let [turned (rem (+ turn (/ hue 30.0)) 12.0)
        k (if (neg? turned) (+ turned 12.0) turned)
        reach (* saturation (Math/min lightness (- 1.0 lightness)))]
    (- lightness (* reach (Math/max -1.0 (Math/min 1.0 (Math/min (- k 3.0) (- 9.0 k))))))))

(defn- hsl!
  [sheet place value row]
  (when-not (and (= 3 (count row)) (every? number? row))
    (sheet/not-a-color place value "hue, saturation and lightness are three numbers"))
  (let [[hue saturation lightness] (map double row)]
    (when-not (and (< (Math/abs (double hue)) Double/POSITIVE_INFINITY) (<= 0.0 saturation 1.0) (<= 0.0 lightness 1.0))
      (sheet/not-a-color place value "hue is in degrees, saturation and lightness are in 0..1"))
    (sheet/put! sheet place value (hsl-channel 0.0 hue saturation lightness) (hsl-channel 8.0 hue saturation lightness)
      (hsl-channel 4.0 hue saturation lightness) 1.0)))

(defn- fork!
  "Reads a fork of music-topos that carries no colour yet, as its color-fork-to-hsl would show it.
  Source: the published src/music_topos/parallel_color_fork.clj, parts 1 and 3."
  [sheet place value {:keys [base-seed iteration depth]}]
  (when-not (every? #(and (number? %) (< (Math/abs (double %)) Double/POSITIVE_INFINITY)) [base-seed iteration depth])
    (sheet/not-a-color place value "a fork's :base-seed, :iteration and :depth are numbers"))
  (hsl! sheet place value
        [(mod (* 137.508 (double (mod base-seed 1000))) 360.0)
         (min 1.0 (+ 0.3 (/ (mod iteration 100) 100.0) (* 0.3 (/ (mod base-seed 256) 256.0))))
         (min 0.9 (max 0.2 (- (+ 70.3 (double (mod base-seed 70))) (/ depth 20.0))))]))

(defn- lch!
  [sheet place value row alpha]
  (when-not (every? number? row)
    (sheet/not-a-color place value "L, C and H are numbers"))
  (other! sheet place (zipmap ["L" "C" "H" "alpha"] (conj row (or alpha 1.0)))))

(defn- keyed
  "A map with its keys as keywords: \"hue\" and \":hue\" are :hue."
  [fields]
  (if (and (map? fields) (every? keyword? (keys fields)))
    fields
    (into {} (for [[key value] fields]
               [(keyword (string/replace (if (instance? Named key) (name key) (str key)) #"^:" "")) value]))))

(def ^:private triples
  [[:hue :saturation :lightness] [:h :s :l] [:red :green :blue] [:r :g :b] [:L :C :H]])

(declare item!)

(defn- map!
  [sheet place value given]
  (let [fields (keyed given)
        {:keys [hsl hex rgb color]} fields
        names (some (fn [names] (when (every? #(contains? fields %) names) names)) triples)
        alpha (get fields :alpha (:a fields))]
    (cond
      (instance? Map hsl) (map! sheet place value hsl)
      (some? hsl) (hsl! sheet place value (if (instance? List hsl) (vec hsl) []))
      (some? hex) (item! sheet place value hex)
      (and (nil? names) (every? #(contains? fields %) [:base-seed :iteration :depth])) (fork! sheet place value fields)
      (nil? names) (if-some [inner (if (some? rgb) rgb color)]
                     (item! sheet place value inner)
                     (sheet/not-a-color place value
                       (if (every? #(contains? fields %) [:l :c :h])
                         "l, c and h could be CIE LCh or OKLCh; write {:L :C :H} or \"oklch(…)\""
                         "a map holds :hue :saturation :lightness, :r :g :b, :L :C :H, :hsl, :rgb, :hex or :color")))
      :else (let [row (mapv #(get fields %) names)]
              (when (some? alpha)
                (when-not (and (number? alpha) (<= 0 alpha 1)) (sheet/not-a-color place value "its alpha is outside 0..1"))
                (when-not (= names [:L :C :H]) (sheet/opaque! place value alpha 1.0)))
              (case (first names)
                (:hue :h) (hsl! sheet place value row)
                :L (lch! sheet place value row alpha)
                (sheet/numbers! sheet place value row))))))

;; ---- items ---------------------------------------------------------------------------------------------------------

(def ^:private awt-rgb
  "java.awt.Color's method getRGB; not looked for until a colour of that class is seen, for it may not be installed."
  (delay (.getMethod (Class/forName "java.awt.Color") "getRGB" (make-array Class 0))))

(defn- awt?
  [value]
  (loop [^Class kind (class value)]
    (cond (nil? kind) false
          (= "java.awt.Color" (.getName kind)) true
          :else (recur (.getSuperclass kind)))))

(defn- awt!
  [sheet place value]
  (let [argb (long (.invoke ^java.lang.reflect.Method @awt-rgb value (object-array 0)))]
    (sheet/opaque! place value (bit-and 255 (bit-shift-right argb 24)) 255.0)
    (rgb24! sheet place value (bit-and 0xFFFFFF argb))))

(defn numbers?
  "Whether a value is a primitive array of numbers."
  [value]
  (let [kind (some-> (class value) .getComponentType)]
    (and (some? kind) (.isPrimitive ^Class kind) (not (#{Boolean/TYPE Character/TYPE} kind)))))

(defn numbers-of
  "Returns the numbers of a primitive array as a vector; bytes are unsigned."
  [array]
  (if (bytes? array) (mapv #(bit-and 255 (long %)) array) (vec array)))

(defn- primitive-row!
  "Reads a primitive array; one of bytes is in 0..255 whatever they are."
  [sheet place value row]
  (if (and (bytes? value) (= 3 (count row)))
    (do (apply sheet/put! sheet place value (conj row 255.0))
        (sheet/shown! sheet 1))
    (sheet/numbers! sheet place value row)))

(defn item!
  "Reads one item, which was found in `value` (mostly it is that), to the row at `place`."
  [sheet place value item]
  (cond
    (string? item) (text! sheet place value item)
    (instance? Sequential item) (sheet/numbers! sheet place value (vec item))
    (instance? Map item) (map! sheet place value item)
    (keyword? item) (text! sheet place value (name item))
    (instance? List item) (sheet/numbers! sheet place value (vec item))
    (awt? item) (awt! sheet place value)
    (numbers? item) (primitive-row! sheet place value (numbers-of item))
    :else (sheet/fail place value (str (sheet/show value) " is not a colour; " sheet/wanted))))
