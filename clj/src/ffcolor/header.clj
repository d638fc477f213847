(ns ffcolor.header
  "The arguments of a call to the engine as JSON. What JSON cannot hold goes beside it: an array of numbers crosses as it is, and
  its place in the header is taken by {\"$array\": i}."
  (:import
   (clojure.lang Keyword Named Sequential)
   (java.util ArrayList Map Map$Entry)))

(set! *warn-on-reflection* true)

(defprotocol Argument
  "What can be an argument of a call."
  (write! [value out arrays]
    "Writes a value as JSON to a StringBuilder; appends what crosses as an array to an ArrayList."))

(defn- write-text!
  [^String text ^StringBuilder out]
  (.append out \")
  (dotimes [i (.length text)]
    (let [letter (.charAt text i)
          code (int letter)]
      (cond
        (or (= letter \") (= letter \\)) (doto out (.append \\) (.append letter))
        (or (< code 32) (<= 0xD800 code 0xDFFF)) (.append out (format "\\u%04x" code))
        :else (.append out letter))))
  (.append out \"))

(defn- write-all!
  [values ^StringBuilder out arrays]
  (.append out \[)
  (reduce (fn [separator value]
            (.append out ^String separator)
            (write! value out arrays)
            ",")
          "" values)
  (.append out \]))

(defn- key-text
  "A key as Python has it: :min-delta-e is min_delta_e."
  ^String [key]
  (if (instance? Named key) (.replace (name key) \- \_) (str key)))

(defn- write-map!
  [^Map fields ^StringBuilder out arrays]
  (.append out \{)
  (reduce (fn [separator ^Map$Entry field]
            (.append out ^String separator)
            (write-text! (key-text (.getKey field)) out)
            (.append out \:)
            (write! (.getValue field) out arrays)
            ",")
          "" fields)
  (.append out \}))

(defn- write-array!
  [array ^StringBuilder out ^ArrayList arrays]
  (doto out (.append "{\"$array\":") (.append (.size arrays)) (.append \}))
  (.add arrays array))

(defn- write-number!
  [number ^StringBuilder out]
  (.append out (cond
                 (integer? number) (str number)
                 (Double/isNaN (double number)) "NaN"
                 (Double/isInfinite (double number)) (if (pos? (double number)) "Infinity" "-Infinity")
                 :else (str (double number)))))

(extend-protocol Argument
  nil (write! [_ ^StringBuilder out _] (.append out "null"))
  Boolean (write! [value ^StringBuilder out _] (.append out (boolean value)))
  Number (write! [value out _] (write-number! value out))
  String (write! [value out _] (write-text! value out))
  Keyword (write! [value out _] (write-text! (name value) out))
  Sequential (write! [value out arrays] (write-all! value out arrays))
  Map (write! [value out arrays] (write-map! value out arrays))
  Object (write! [value _ _]
           (throw (ex-info (str (pr-str value) " cannot be an argument: give numbers, strings, keywords, vectors or maps")
                           {:type :ffcolor/invalid-option :code :invalid-option :value value}))))

(extend-type (Class/forName "[F")
  Argument
  (write! [value out arrays] (write-array! value out arrays)))

(defn write
  "Returns the header of a map of arguments, as [json arrays]."
  [arguments]
  (let [out (StringBuilder.)
        arrays (ArrayList. 2)]
    (write! arguments out arrays)
    [(str out) (.toArray arrays)]))
