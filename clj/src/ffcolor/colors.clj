(ns ffcolor.colors
  "Every way to write colours in Clojure becomes one flat array of floats: red, green, blue, red, green, blue, … in 0..1.

  One colour is
    \"#ff8800\" \"f80\" \"teal\" \"oklch(0.7 0.1 200)\"   text: hex, a CSS name, a function of CSS
    :rebeccapurple                             a keyword: a CSS name
    [0.9 0.2 0.1]                              numbers, three, or four with alpha: see below
    {:hue 262 :saturation 0.7 :lightness 0.5}  also {:h :s :l}, {:r :g :b}, {:red :green :blue}, {:L :C :H} (CIE LCh, D65)
    {:hsl {…}} {:hsl [h s l]} {:hex …} {:rgb …} {:color …}   a map that holds a colour, whatever else is in it
    java.awt.Color
    a fork of music-topos, {:base-seed … :iteration … :depth …}: the colour that its color-fork-to-hsl gives it
  Many colours are any sequence or collection with an order of those, in any mix; text that holds several; a stream in its short
  form, \"genesis:1069:1-32\", alone or in a sequence; a java.util.Iterator or java.util.stream.Stream of colours, which is then read
  to its end; or a primitive array of triples.

  The scale of numbers is told by their type, never guessed from their values: a row with any floating-point number (or ratio) is in
  0..1, a row of whole numbers is in 0..255. A row of only 0 and 1 takes the scale that the other rows show, or is an error.
  Primitive arrays go by the same rule; the bytes of a byte[] are unsigned. The option {:scale 255} (or 1) says it for all rows.

  The rules, and the floats they give, are those of the Python library."
  (:require
   [clojure.string :as string]
   [ffcolor.header :as header]
   [ffcolor.items :as items]
   [ffcolor.once :refer [once]]
   [ffcolor.sheet :as sheet]
   [ffcolor.streams :as streams])
  (:import
   (clojure.lang Sequential Sorted)
   (ffcolor.sheet Sheet)
   (java.lang.reflect Array)
   (java.util ArrayList Collection Iterator LinkedHashSet Map Set SortedSet)
   (java.util.stream BaseStream)))

(set! *warn-on-reflection* true)

;; Colours as they were read: flat floats; those that only the engine can read, as [place value]; whether one alone was given,
;; not a sequence; and the items that were given, one a colour, or nil.
(once
  (deftype Colors [^floats array others one? items]))

(extend-type Colors
  header/Argument
  (write! [colors out arrays]
    (let [others (.others colors), array (.array colors)]
      (if (seq others)
        (do (.append ^StringBuilder out "{\"$colors\":")
            (.append ^StringBuilder out (.size ^ArrayList arrays))
            (.append ^StringBuilder out ",\"others\":")
            (header/write! others out arrays)
            (.append ^StringBuilder out (if (.one? colors) ",\"lone\":true}" ",\"lone\":false}"))
            (.add ^ArrayList arrays array))
        (header/write! array out arrays)))))

(defn- finished
  [^Sheet sheet one? items]
  (sheet/settle! sheet)
  (Colors. (.out sheet) (vec (.others sheet)) one? items))

(defn- read-one
  [item scale]
  (let [sheet (sheet/sheet 1 scale)]
    (items/item! sheet -1 item item)
    (finished sheet true [item])))

(defn- stream?
  [item]
  (and (or (string? item) (keyword? item))
       (let [^String text (if (string? item) item (name item))]
         (and (not (.startsWith text "#")) (streams/spec? text)))))

(defn- none
  "The exception for no colours at all."
  [given]
  (ex-info "there are no colours here" {:type :ffcolor/no-colors :code :no-colors :value given}))

(defn- read-many
  [items scale]
  (let [given (if (vector? items) items (vec items))
        given (if (some stream? given)
                (into [] (mapcat #(if (stream? %) (streams/hexes (name %)) [%])) given)
                given)
        size (count given)
        sheet (sheet/sheet size scale)]
    (when (zero? size) (throw (none items)))
    (dotimes [place size]
      (let [item (nth given place)]
        (when-not (sheet/row! sheet place item)
          (items/item! sheet place item item))))
    (finished sheet false given)))

(defn- could-be-numbers
  "The words of a text that could as well be numbers: all of them, or three in a row that are at most 255."
  [items]
  (if (and (next items) (every? #(re-matches #"\d{1,3}|\d*\.\d+" %) items))
    (take 3 items)
    (first (filter (fn [run] (every? #(and (re-matches #"\d{1,3}" %) (<= (Long/parseLong %) 255)) run))
                   (partition 3 1 items)))))

(defn- numbers-or-hex
  "The exception for text that could be either."
  [given triple]
  (ex-info (str (sheet/show given) " could be numbers or hex; write [" (string/join " " triple) "], or hex with #")
           {:type :ffcolor/ambiguous-scale :code :ambiguous-scale :value given}))

(defn- read-text
  [text]
  (let [items (vec (re-seq #"[^\s,;()]*\([^()]*\)|[^\s,;]+" text))]
    (when-let [triple (could-be-numbers items)]
      (throw (numbers-or-hex text triple)))
    (if (or (not= 1 (count items)) (stream? text))
      (read-many items nil)
      (read-one (first items) nil))))

(defn- read-array
  "Reads a primitive array of triples."
  [array scale]
  (let [size (Array/getLength array)
        sheet (sheet/sheet (quot size 3) scale)
        kind (.getName (.getComponentType (class array)))]
    (when (zero? size) (throw (none array)))
    (when-not (zero? (rem size 3))
      (throw (ex-info (str "an array of colours holds triples: its length, " size ", is not a multiple of 3")
                      {:type :ffcolor/shape :code :shape :value size})))
    (cond
      (= kind "byte") (sheet/bytes! sheet array)
      (and (not= scale 255) (#{"float" "double"} kind)) (sheet/floats! sheet array)
      :else (dorun (map-indexed #(sheet/numbers! sheet %1 %2 %2) (map vec (partition 3 (items/numbers-of array))))))
    (finished sheet false nil)))

(defn- unordered?
  [source]
  (and (instance? Set source) (not-any? #(instance? % source) [Sorted SortedSet LinkedHashSet])))

(defn- scale-of
  "The scale in options, as 1, 255 or nil."
  [options]
  (let [given (:scale options)]
    (cond
      (nil? given) nil
      (or (= :unit given) (and (number? given) (== 1 ^Number given))) 1
      (or (= :byte given) (and (number? given) (== 255 ^Number given))) 255
      :else (throw (ex-info (str ":scale is " (sheet/show given) "; it must be 1 or 255")
                            {:type :ffcolor/invalid-option :code :invalid-option :value given})))))

(defn- in-hand
  "What can be read once, an iterator or a stream, as a vector; anything else as it is."
  [source]
  (cond
    (instance? Iterator source) (vec (iterator-seq source))
    (instance? BaseStream source) (vec (iterator-seq (.iterator ^BaseStream source)))
    :else source))

(defn read-colors
  "Returns colours, written in any way that this namespace's text lists, as a `Colors`. Options:

    :scale       what rows of numbers count up to, 1 or 255, whatever their type
    :any-order?  whether a set without an order is fine

  Throws ex-info with :type, :code, :value and, in a sequence, the :position of what is not a colour. Text that only the engine
  can read, such as \"oklch(0.7 0.1 200)\", is judged there."
  (^Colors [source] (read-colors source nil))
  (^Colors [source options]
   (let [scale (scale-of options)
         source (in-hand source)]
     (cond
       (string? source) (read-text source)
       (keyword? source) (read-text (name source))
       (instance? Colors source) source
       (instance? Map source) (read-one source scale)
       (and (unordered? source) (not (:any-order? options)))
       (throw (ex-info "a set has no order, and these colours need one; give a sorted-set or a vector"
                       {:type :ffcolor/shape :code :shape :value source}))
       (items/numbers? source) (read-array source scale)
       (or (instance? Iterable source) (instance? (Class/forName "[Ljava.lang.Object;") source))
       (let [given (if (vector? source) source (vec source))]
         (when (and (<= 3 (count given) 4) (every? string? given) (every? #(re-matches #"\d{1,3}|\d*\.\d+" %) given))
           (throw (numbers-or-hex given given)))
         (if (or (number? (first given)) (boolean? (first given))) (read-one given scale) (read-many given scale)))
       :else (read-one source scale)))))

(defn read-some
  "As `read-colors`, but nil where there are no colours: for nil, and for anything empty."
  ^Colors [source options]
  (let [source (in-hand source)]
    (when-not (or (nil? source)
                  (and (or (instance? Collection source) (instance? Sequential source)) (empty? source))
                  (and (some-> (class source) .isArray) (zero? (Array/getLength source))))
      (read-colors source options))))

(defn- channel
  "A channel in 0..255, rounded in single precision, as Python rounds."
  ^long [^floats array ^long at]
  (long (unchecked-float (+ 0.5 (unchecked-float (* 255.0 (aget array at)))))))

(defn hexes
  "Returns the colours in a flat array of floats as a vector of texts such as \"#E67F86\"."
  [^floats array]
  (mapv (fn [^long at]
          (let [rgb (reduce (fn [^long rgb ^long place] (+ (* 256 rgb) (channel array (+ at place)))) 1 [0 1 2])]
            (str "#" (.toUpperCase (subs (Long/toHexString rgb) 1)))))
        (range 0 (alength array) 3)))
