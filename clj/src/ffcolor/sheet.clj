(ns ffcolor.sheet
  "A sheet of colours while it is filled: rows of numbers become floats in 0..1, and what is not a colour is an error.

  Functions take the sheet, the row's place in the sequence that was given (-1 where one colour was given alone), and the value to
  show in a message."
  (:require
   [ffcolor.once :refer [once]])
  (:import
   (clojure.lang IPersistentVector)
   (java.util ArrayList)))

(set! *warn-on-reflection* true)

;; What reading collects: the floats so far; whether rows showed the scale 0..1 and 0..255; places (and alphas) of whole rows of 0
;; and 1; items left to the engine. The scale of rows of numbers is 1 or 255 if it was said, else 0.
(once
  (deftype Sheet [^floats out ^booleans shown ^ArrayList unsure ^ArrayList others ^double scale]))

(def wanted
  "What would be accepted, for messages."
  "write #rgb, #rrggbb, a CSS name or [r g b] in 0..1")

(defn show
  "A value as messages show it: on one line, and shortened."
  [value]
  (let [text (binding [*print-length* 6 *print-level* 3] (pr-str value))]
    (if (> (count text) 80) (str (subs text 0 77) "...") text)))

(defn fail
  "Throws; `place` is the position in a sequence, or -1 where one colour was given alone."
  ([^long place value why] (fail place value why :invalid-color))
  ([^long place value why code]
   (let [alone (neg? place)]
     (throw (ex-info (str (when-not alone (str "colour " place ": ")) why)
                     (cond-> {:type (keyword "ffcolor" (name code)) :code code :value value}
                       (not alone) (assoc :position place)))))))

(defn not-a-color
  "Throws: the value is not a colour, and why."
  ([place value why] (not-a-color place value why :invalid-color))
  ([place value why code] (fail place value (str (show value) " is not a colour: " why) code)))

;; ---- numbers -------------------------------------------------------------------------------------------------------

(defn clipped
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
  (let [size (double number)]
    (not-a-color place value
                 (if (< (Math/abs size) Double/POSITIVE_INFINITY)
                   (str number " is outside 0.." (long top)
                        (when (and (== (double top) 1.0) (< 1.0 size 255.1)) "; for 0..255 write whole numbers"))
                   (str number " is not a finite number")))))

(defn channel!
  "Writes a channel in 0..1; returns it, or NaN if it is outside."
  ^double [^floats out ^long at ^double x]
  (let [inside (clipped x)]
    (aset out at (float inside))
    inside))

(defn put!
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

(defn opaque!
  "Throws for an alpha below 1 (it counts in 0..top)."
  [place value alpha top]
  (let [a (clipped (/ (double alpha) (double top)))]
    (when (Double/isNaN a) (out-of-range place value (double alpha) top))
    (when (< a 1.0)
      (fail place value (str (show value) " is translucent (alpha " (format "%.3g" a) "); drop its alpha") :alpha))))

(defn shown!
  "Notes that a row showed the scale 0..1 (0) or 0..255 (1)."
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

(defn settle!
  "Gives whole rows of 0 and 1 the scale that the other rows show, if these agree."
  [^Sheet sheet]
  (when-let [unsure (seq (.unsure sheet))]
    (let [[unit? byte?] (.shown sheet)
          [place value] (first unsure)]
      (when (= unit? byte?)
        (fail place value (str (show value) " could count in 0..1 or in 0..255; write 1.0, or say {:scale 255}") :ambiguous-scale))
      (doseq [[place value r g b alpha] unsure
              :let [top (if unit? 1.0 255.0)]]
        (put! sheet place value r g b top)
        (when alpha (opaque! place value alpha top))))))

(defn numbers!
  "Reads a row of numbers, a vector of three or four."
  [^Sheet sheet place value row]
  (doseq [number row]
    (when-not (number? number)
      (not-a-color place value (str (show number) " is not a number; " wanted))))
  (when-not (<= 3 (count row) 4)
    (not-a-color place value (str "it has " (count row) " numbers, not 3 (or 4 with alpha)") :shape))
  (let [[r g b alpha] row
        said (.scale sheet)]
    (if (and (zero? said) (every? integer? row))
      (whole! sheet place value r g b alpha)
      (let [top (if (zero? said) 1.0 said)]
        (put! sheet place value r g b top)
        (when alpha (opaque! place value alpha top))
        (shown! sheet 0)))))

(defn row!
  "Reads a vector of three doubles, which is most common, the short way; returns whether it was one."
  [^Sheet sheet place row]
  (when (and (< (.scale sheet) 255.0) (instance? IPersistentVector row) (= 3 (.length ^IPersistentVector row)))
    (let [row ^IPersistentVector row, r (.nth row 0), g (.nth row 1), b (.nth row 2)]
      (when (and (instance? Double r) (instance? Double g) (instance? Double b))
        (let [out (.out sheet), at (* 3 (long place))]
          (aset ^booleans (.shown sheet) 0 true)
          (when (Double/isNaN (+ (channel! out at (double r)) (channel! out (+ at 1) (double g))
                                 (channel! out (+ at 2) (double b))))
            (put! sheet place row r g b 1.0)))
        true))))

(defn floats!
  "Reads flat doubles (as a float[] or double[]) in 0..1."
  [^Sheet sheet array]
  (let [out ^floats (.out sheet)
        bad (if (instance? (Class/forName "[F") array)
              (let [^floats array array]
                (loop [at 0]
                  (cond (= at (alength array)) -1
                        (Double/isNaN (channel! out at (double (aget array at)))) at
                        :else (recur (inc at)))))
              (let [^doubles array array]
                (loop [at 0]
                  (cond (= at (alength array)) -1
                        (Double/isNaN (channel! out at (aget array at))) at
                        :else (recur (inc at))))))]
    (when-not (neg? (long bad))
      (let [place (quot (long bad) 3)
            row (mapv #(double (java.lang.reflect.Array/get array (+ (* 3 place) (long %)))) [0 1 2])]
        (put! sheet place row (row 0) (row 1) (row 2) 1.0)))))

(defn bytes!
  "Reads flat unsigned bytes."
  [^Sheet sheet ^bytes array]
  (let [out ^floats (.out sheet)]
    (dotimes [at (alength array)]
      (aset out at (float (/ (double (bit-and 255 (aget array at))) 255.0))))
    (shown! sheet 1)))

(defn sheet
  "Returns an empty sheet of a number of rows; their numbers count up to the scale, 1 or 255, or as their type says (nil)."
  ^Sheet [^long size scale]
  (Sheet. (float-array (* 3 size)) (boolean-array 2) (ArrayList. 0) (ArrayList. 0) (if scale (double scale) 0.0)))
