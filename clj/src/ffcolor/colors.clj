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

  The scale of numbers is told by their type, never guessed from their values: a row with any floating-point number (or ratio) is in
  0..1, a row of whole numbers is in 0..255. A row of only 0 and 1 takes the scale that the other rows show, or is an error.
  Primitive arrays go by the same rule; the bytes of a byte[] are unsigned.

  The rules, and the floats they give, are those of the Python library."
  (:require
   [ffcolor.header :as header]
   [ffcolor.items :as items]
   [ffcolor.sheet :as sheet]
   [ffcolor.streams :as streams])
  (:import
   (ffcolor.sheet Sheet)
   (java.lang.reflect Array)
   (java.util ArrayList LinkedHashSet Map Set SortedSet)))

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

(defn- finished
  [^Sheet sheet one? items]
  (sheet/settle! sheet)
  (Colors. (.out sheet) (vec (.others sheet)) one? items))

(defn- read-one
  [item]
  (let [sheet (sheet/sheet 1)]
    (items/item! sheet -1 item item)
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
        sheet (sheet/sheet size)]
    (when (zero? size)
      (throw (ex-info "there are no colours here" {:type :ffcolor/no-colors :code :no-colors :value items})))
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

(defn- read-text
  [text]
  (let [items (vec (re-seq #"[^\s,;()]*\([^()]*\)|[^\s,;]+" text))]
    (when-let [triple (could-be-numbers items)]
      (throw (ex-info (str (sheet/show text) " could be numbers or hex; write [" (apply str (interpose " " triple)) "], or hex with #")
                      {:type :ffcolor/ambiguous-scale :code :ambiguous-scale :value text})))
    (if (or (not= 1 (count items)) (stream? text))
      (read-many items)
      (read-one (first items)))))

(defn- read-array
  "Reads a primitive array of triples."
  [array]
  (let [size (Array/getLength array)
        sheet (sheet/sheet (quot size 3))]
    (when (zero? size)
      (throw (ex-info "there are no colours here" {:type :ffcolor/no-colors :code :no-colors :value array})))
    (when-not (zero? (rem size 3))
      (throw (ex-info (str "an array of colours holds triples: its length, " size ", is not a multiple of 3")
                      {:type :ffcolor/shape :code :shape :value size})))
    (case (.getName (.getComponentType (class array)))
      ("float" "double") (sheet/floats! sheet array)
      "byte" (sheet/bytes! sheet array)
      (dorun (map-indexed #(sheet/numbers! sheet %1 %2 %2) (map vec (partition 3 (items/numbers-of array))))))
    (finished sheet false nil)))

(defn- unordered?
  [source]
  (and (instance? Set source) (not (instance? SortedSet source)) (not (instance? LinkedHashSet source))))

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
    (unordered? source) (throw (ex-info "a set has no order, and colours need one; pass a sorted sequence"
                                        {:type :ffcolor/shape :code :shape :value source}))
    (items/numbers? source) (read-array source)
    (or (instance? Iterable source) (instance? (Class/forName "[Ljava.lang.Object;") source))
    (let [given (if (vector? source) source (vec source))]
      (if (or (number? (first given)) (boolean? (first given))) (read-one given) (read-many given)))
    :else (read-one source)))

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
