(ns ffcolor.colors
  "Every way to write colours in Clojure becomes one flat array of floats: red, green, blue, red, green, blue, … in 0..1.

  One colour is
    \"#ff8800\" \"f80\" \"teal\" \"oklch(0.7 0.1 200)\"   text: hex, a CSS name, a function of CSS
    :rebeccapurple                             a keyword: a CSS name
    [0.9 0.2 0.1]                              numbers, three, or four with alpha: see below
    {:hue 262 :saturation 0.7 :lightness 0.5}  also {:h :s :l}, {:r :g :b}, {:red :green :blue}, {:L :C :H} (CIE LCh, D65)
    {:hsl {…}} {:hsl [h s l]} {:hex …} {:rgb …} {:color …}   a map that holds a colour, whatever else is in it
    java.awt.Color
  Many colours are any sequence or collection with an order of those, in any mix; text that holds several; a stream in its short
  form, \"genesis:1069:1-32\", alone or in a sequence; or a primitive array of triples.

  What numbers count is told by their type, never guessed from their values: a row with any floating-point number (or ratio) is in
  0..1, a row of whole numbers is in 0..255. A row of only 0 and 1 takes the scale that the other rows show, or is an error.
  Primitive arrays go by the same rule; the bytes of a byte[] are unsigned.

  The rules, and the floats they give, are those of the Python library."
  (:require
   [clojure.string :as string]
   [ffcolor.header :as header]
   [ffcolor.names :as names]
   [ffcolor.streams :as streams])
  (:import
   (clojure.lang IPersistentVector Keyword Named Sequential)
   (java.util ArrayList List Map Set)))

(set! *warn-on-reflection* true)

;; Colours as they were read: flat floats; those that only the engine can read, as [place value]; whether one alone was given,
;; not a sequence; and the items that were given, one a colour, or nil.
(deftype Colors [^floats array others one? items]
  header/Argument
  (write! [_ out arrays]
    (if (seq others)
      (do (.append ^StringBuilder out "{\"$colors\":")
          (.append ^StringBuilder out (.size ^ArrayList arrays))
          (.append ^StringBuilder out ",\"others\":")
          (header/write! others out arrays)
          (.append ^StringBuilder out (if one? ",\"lone\":true}" ",\"lone\":false}"))
          (.add ^ArrayList arrays array))
      (header/write! array out arrays))))

;; What reading collects: the floats so far; whether rows showed the scale 0..1 and 0..255; places (and alphas) of whole rows of 0
;; and 1; items left to the engine.
(deftype ^:private Sheet [^floats out ^booleans shown ^ArrayList unsure ^ArrayList others])

(def ^:private wanted "write #rgb, #rrggbb, a CSS name or [r g b] in 0..1")

(defn- show
  "A value as messages show it: on one line, and shortened."
  [value]
  (let [text (binding [*print-length* 6 *print-level* 3] (pr-str value))]
    (if (> (count text) 80) (str (subs text 0 77) "...") text)))

(defn- fail
  "Throws; `place` is the position in a sequence, or -1 where one colour was given alone."
  ([^long place value why] (fail place value why :invalid-color))
  ([^long place value why code]
   (let [alone (neg? place)]
     (throw (ex-info (str (when-not alone (str "color " place ": ")) why)
                     (cond-> {:type (keyword "ffcolor" (name code)) :code code :value value}
                       (not alone) (assoc :position place)))))))

(defn- not-a-color
  ([place value why] (not-a-color place value why :invalid-color))
  ([place value why code] (fail place value (str (show value) " is not a colour: " why) code)))

;; ---- numbers -------------------------------------------------------------------------------------------------------

(defn- clipped
  "A number in 0..1, as a float; NaN if it is farther outside than rounding explains."
  ^double [^double x]
  (let [f (double (unchecked-float x))]
    (cond
      (and (>= f 0.0) (<= f 1.0)) f
      (and (< f 0.0) (>= f (double (float -0.0001)))) 0.0
      (and (> f 1.0) (<= f (double (float 1.0001)))) 1.0
      :else Double/NaN)))

(defn- out-of-range
  [place value number top]
  (let [number (double number), top (double top)]
    (not-a-color place value
               (cond
                 (not (< (Math/abs number) Double/POSITIVE_INFINITY)) (str number " is not a finite number")
                 :else (str (if (== number (Math/rint number)) (long number) number) " is outside 0.." (long top)
                            (when (and (== top 1.0) (< 1.0 number 255.1)) "; for 0..255 write whole numbers"))))))

(defn- channel!
  "Writes a channel in 0..1; returns it, or NaN if it is outside."
  ^double [^floats out ^long at ^double x]
  (let [inside (clipped x)]
    (aset out at (float inside))
    inside))

(defn- put!
  "Writes one colour, its numbers counted in 0..top, to the row at `place` of the sheet (0 where one colour is alone)."
  [^Sheet sheet place value r g b top]
  (let [out (.out sheet)
        top (double top)
        at (* 3 (Math/max (long place) 0))
        red (channel! out at (/ (double r) top))
        green (channel! out (+ at 1) (/ (double g) top))
        blue (channel! out (+ at 2) (/ (double b) top))]
    (when (Double/isNaN (+ red green blue))
      (out-of-range place value (cond (Double/isNaN red) r (Double/isNaN green) g :else b) top))))

(defn- opaque!
  "Complains of an alpha below 1 (it counts in 0..top)."
  [place value alpha top]
  (let [a (clipped (/ (double alpha) (double top)))]
    (when (Double/isNaN a) (out-of-range place value (double alpha) top))
    (when (< a 1.0)
      (fail place value (str (show value) " is translucent (alpha " (format "%.3g" a) "); drop its alpha") :alpha))))

(defn- shown!
  [^Sheet sheet ^long scale]
  (aset ^booleans (.shown sheet) scale true))

(defn- whole!
  "Reads a row of whole numbers: in 0..255, unless they are only 0 and 1; alpha is nil or counts alike."
  [^Sheet sheet place value r g b alpha]
  (let [bit? #(or (== 0 ^Number %) (== 1 ^Number %))]
    (if (and (bit? r) (bit? g) (bit? b) (or (nil? alpha) (bit? alpha)))
      (do (put! sheet place value r g b 1.0)
          (if (and (== 0 ^Number r) (== 0 ^Number g) (== 0 ^Number b) (or (nil? alpha) (== 0 ^Number alpha)))
            (when alpha (opaque! place value alpha 255.0))
            (.add ^ArrayList (.unsure sheet) [place value r g b alpha])))
      (do (put! sheet place value r g b 255.0)
          (when alpha (opaque! place value alpha 255.0))
          (shown! sheet 1)))))

(defn- settle!
  "Gives whole rows of 0 and 1 the scale that the other rows show, if these agree."
  [^Sheet sheet]
  (when-let [unsure (seq (.unsure sheet))]
    (let [[unit? byte?] (.shown sheet)
          [place value] (first unsure)]
      (when (= unit? byte?)
        (fail place value (str (show value) " could count in 0..1 or in 0..255; write 1.0") :ambiguous-scale))
      (doseq [[place value r g b alpha] unsure
              :let [top (if unit? 1.0 255.0)]]
        (put! sheet place value r g b top)
        (when alpha (opaque! place value alpha top))))))

(defn- numbers!
  "Reads a row of numbers, a vector of three or four."
  [^Sheet sheet place value row]
  (doseq [number row]
    (when-not (number? number)
      (not-a-color place value (str (show number) " is not a number; " wanted))))
  (when-not (<= 3 (count row) 4)
    (not-a-color place value (str "it has " (count row) " numbers, not 3 (or 4 with alpha)") :shape))
  (let [[r g b alpha] row]
    (if (every? integer? row)
      (whole! sheet place value r g b alpha)
      (do (put! sheet place value r g b 1.0)
          (when alpha (opaque! place value alpha 1.0))
          (shown! sheet 0)))))

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
  [^Sheet sheet place value ^long number]
  (put! sheet place value
        (bit-and 255 (bit-shift-right number 16)) (bit-and 255 (bit-shift-right number 8)) (bit-and 255 number) 255.0))

(defn- other!
  "Leaves an item to the engine."
  [^Sheet sheet ^long place value]
  (.add ^ArrayList (.others sheet) [(Math/max place 0) value]))

(defn- text!
  [^Sheet sheet place value ^String given]
  (let [text (.trim given)
        number (hex-number text)]
    (if (neg? number)
      (if-let [named (names/css (string/lower-case text))]
        (rgb24! sheet place value named)
        (other! sheet place given))
      (let [digits (- (.length text) (if (.startsWith text "#") 1 0))
            number (case digits 3 (doubled (+ (* 16 number) 15)) 4 (doubled number) 6 (+ (* 256 number) 255) number)]
        (opaque! place value (bit-and 255 number) 255.0)
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
    (not-a-color place value "hue, saturation and lightness are three numbers"))
  (let [[hue saturation lightness] (map double row)]
    (when-not (and (< (Math/abs (double hue)) Double/POSITIVE_INFINITY) (<= 0.0 saturation 1.0) (<= 0.0 lightness 1.0))
      (not-a-color place value "hue is in degrees, saturation and lightness are in 0..1"))
    (put! sheet place value (hsl-channel 0.0 hue saturation lightness) (hsl-channel 8.0 hue saturation lightness)
          (hsl-channel 4.0 hue saturation lightness) 1.0)))

(defn- lch!
  [sheet place value row alpha]
  (when-not (every? number? row)
    (not-a-color place value "L, C and H are numbers"))
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
      (some? hsl) (hsl! sheet place value (vec hsl))
      (some? hex) (item! sheet place value hex)
      (nil? names) (if-some [inner (if (some? rgb) rgb color)]
                     (item! sheet place value inner)
                     (not-a-color place value
                                  (if (every? #(contains? fields %) [:l :c :h])
                                    "l, c and h could be CIE LCh or OKLCh; write {:L :C :H} or \"oklch(…)\""
                                    "a map holds :hue :saturation :lightness, :r :g :b, :L :C :H, :hsl, :rgb, :hex or :color")))
      :else (let [row (mapv fields names)]
              (when (some? alpha)
                (when-not (and (number? alpha) (<= 0 alpha 1)) (not-a-color place value "its alpha is outside 0..1"))
                (when-not (= names [:L :C :H]) (opaque! place value alpha 1.0)))
              (case (first names)
                (:hue :h) (hsl! sheet place value row)
                :L (lch! sheet place value row alpha)
                (numbers! sheet place value row))))))

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
    (opaque! place value (bit-and 255 (bit-shift-right argb 24)) 255.0)
    (rgb24! sheet place value (bit-and 0xFFFFFF argb))))

(defn- numbers-of
  "The numbers of a primitive array (bytes are unsigned) as a vector, or nil if it is none."
  [value]
  (let [kind (some-> (class value) .getComponentType)]
    (when (and kind (.isPrimitive ^Class kind) (not (#{Boolean/TYPE Character/TYPE} kind)))
      (if (= kind Byte/TYPE) (mapv #(bit-and 255 (long %)) value) (vec value)))))

(defn- primitive-row!
  [sheet place value row]
  (if (and (bytes? value) (= 3 (count row)))
    (do (apply put! sheet place value (conj row 255.0))
        (shown! sheet 1))
    (numbers! sheet place value row)))

(defn- item!
  "Reads one item, which was found in `value` (mostly it is that), to the row at `place`."
  [^Sheet sheet place value item]
  (cond
    (string? item) (text! sheet place value item)
    (instance? Sequential item) (numbers! sheet place value (vec item))
    (instance? Map item) (map! sheet place value item)
    (keyword? item) (text! sheet place value (name item))
    (instance? List item) (numbers! sheet place value (vec item))
    (awt? item) (awt! sheet place value)
    :else (if-let [row (numbers-of item)]
            (primitive-row! sheet place value row)
            (fail place value (str (show value) " is not a colour; " wanted)))))

(defn- row!
  "Reads one item of a sequence; a vector of three doubles, which is most common, the short way."
  [^Sheet sheet ^long place item]
  (if (and (instance? IPersistentVector item) (= 3 (.length ^IPersistentVector item)))
    (let [row ^IPersistentVector item, r (.nth row 0), g (.nth row 1), b (.nth row 2)]
      (if (and (instance? Double r) (instance? Double g) (instance? Double b))
        (let [out (.out sheet), at (* 3 place)]
          (aset ^booleans (.shown sheet) 0 true)
          (when (Double/isNaN (+ (channel! out at (double r)) (channel! out (+ at 1) (double g))
                                 (channel! out (+ at 2) (double b))))
            (put! sheet place item r g b 1.0)))
        (numbers! sheet place item item)))
    (item! sheet place item item)))

;; ---- sources -------------------------------------------------------------------------------------------------------

(defn- new-sheet
  ^Sheet [^long size]
  (Sheet. (float-array (* 3 size)) (boolean-array 2) (ArrayList. 0) (ArrayList. 0)))

(defn- finished
  [^Sheet sheet one? items]
  (settle! sheet)
  (Colors. (.out sheet) (vec (.others sheet)) one? items))

(defn- read-one
  [item]
  (let [sheet (new-sheet 1)]
    (item! sheet -1 item item)
    (finished sheet true [item])))

(defn- stream?
  [item]
  (and (or (string? item) (keyword? item))
       (let [^String text (if (string? item) item (name item))]
         (and (not (.startsWith text "#")) (streams/spec? text)))))

(defn- read-many
  [items]
  (let [given (if (vector? items) items (vec items))
        given (if (some stream? given)
                (into [] (mapcat #(if (stream? %) (streams/hexes (name %)) [%])) given)
                given)
        size (count given)
        sheet (new-sheet size)]
    (when (zero? size)
      (throw (ex-info "there are no colours here" {:type :ffcolor/no-colors :code :no-colors :value items})))
    (dotimes [place size]
      (row! sheet place (nth given place)))
    (finished sheet false given)))

(defn- read-text
  [text]
  (let [items (vec (re-seq #"[^\s,;()]*\([^()]*\)|[^\s,;]+" text))]
    (when (and (next items) (every? #(re-matches #"\d{1,3}|\d*\.\d+" %) items))
      (throw (ex-info (str (show text) " could be numbers or hex; write [" (string/join " " (take 3 items)) "], or hex with #")
                      {:type :ffcolor/ambiguous-scale :code :ambiguous-scale :value text})))
    (if (or (not= 1 (count items)) (stream? text))
      (read-many items)
      (read-one (first items)))))

(defn- read-floats
  [^floats given]
  (let [out (aclone given)]
    (dotimes [i (alength out)]
      (let [x (aget out i)]
        (when-not (and (>= x (float 0.0)) (<= x (float 1.0)))
          (let [inside (clipped x), place (quot i 3)]
            (when (Double/isNaN inside)
              (out-of-range place (vec (java.util.Arrays/copyOfRange given (* 3 place) (* 3 (inc place)))) x 1.0))
            (aset out i (float inside))))))
    (Colors. out [] false nil)))

(defn- read-array
  "Reads a primitive array of triples."
  [array size]
  (when (zero? (long size))
    (throw (ex-info "there are no colours here" {:type :ffcolor/no-colors :code :no-colors :value array})))
  (when-not (zero? (rem (long size) 3))
    (throw (ex-info (str "an array of colours holds triples: its length, " size ", is not a multiple of 3")
                    {:type :ffcolor/shape :code :shape :value size})))
  (if (instance? (Class/forName "[F") array)
    (read-floats array)
    (let [sheet (new-sheet (quot (long size) 3))]
      (dorun (map-indexed (fn [place row] (if (bytes? array)
                                            (do (apply put! sheet place row (conj row 255.0)) (shown! sheet 1))
                                            (numbers! sheet place row row)))
                          (map vec (partition 3 (numbers-of array)))))
      (finished sheet false nil))))

(defn read-colors
  "Returns colours, written in any way that this namespace's text lists, as a `Colors`.

  Throws ex-info with :type, :code, :value and, in a sequence, the :position of what is not a colour. Text that only the engine
  can read, such as \"oklch(0.7 0.1 200)\", is judged there."
  ^Colors [source]
  (cond
    (string? source) (read-text source)
    (keyword? source) (read-text (name source))
    (instance? Colors source) source
    (instance? Map source) (read-one source)
    (instance? Set source) (throw (ex-info "a set has no order, and colours need one; pass a sorted sequence"
                                           {:type :ffcolor/shape :code :shape :value source}))
    (some-> (class source) .isArray) (if (.isPrimitive (.getComponentType (class source)))
                                       (if-let [numbers? (not (#{Boolean/TYPE Character/TYPE}
                                                               (.getComponentType (class source))))]
                                         (read-array source (java.lang.reflect.Array/getLength source))
                                         (read-one source))
                                       (read-many (vec source)))
    (or (sequential? source) (instance? Iterable source)) (let [items (if (vector? source) source (vec source))]
                                                            (if (number? (first items)) (read-one items) (read-many items)))
    :else (read-one source)))

(defn hexes
  "Returns the colours in a flat array of floats as a vector of texts such as \"#E67F86\"."
  [^floats array]
  (let [channel #(long (Math/floor (+ (* 255.0 (double (aget array %))) 0.5)))]
    (mapv #(format "#%02X%02X%02X" (channel %) (channel (+ 1 (long %))) (channel (+ 2 (long %))))
          (range 0 (alength array) 3))))
