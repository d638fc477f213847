(ns ffcolor.learned
  "What learning gives back: a map whose palette is chosen when it is first read, and which is short where it is printed."
  (:require
   [clojure.pprint :as pprint]
   [ffcolor.once :refer [once]])
  (:import
   (clojure.lang IFn LazySeq)
   (java.io Closeable Writer)))

(set! *warn-on-reflection* true)

(once
  (defrecord Learned [model accuracy threshold drawn? goodness probability loss palette]
    IFn
    (invoke [found k] (get found k))
    (invoke [found k other] (get found k other))
    (applyTo [found arguments] (apply get found arguments))
    Object
    (toString [found] (pr-str found))))

(once
  (deftype Summary [text]))

(defmethod print-method Summary [^Summary summary ^Writer out]
  (.write out ^String (.text summary)))

(defn- shortened
  "A plain map with words in place of what would be long, or would first have to be chosen."
  [{:keys [palette loss] :as given}]
  (cond-> (into (array-map) given)
    (and (instance? LazySeq palette) (not (realized? palette)))
    (assoc :palette (Summary. "#<chosen when read>"))
    (and (vector? loss) (next loss))
    (assoc :loss (Summary. (format "#<%d numbers, %.3g to %.3g>" (count loss) (first loss) (peek loss))))))

(defmethod print-method Learned [given ^Writer out]
  (print-method (shortened given) out))

(defmethod pprint/simple-dispatch Learned [given]
  (pprint/simple-dispatch (shortened given)))

(defn- palette-later
  "A lazy sequence of a model's palette, which is chosen when the sequence is first read; the model is then closed. After an
  interrupt the sequence can be read again (with `lazy-seq` it could not: that forgets what it closes over)."
  [model choose]
  (LazySeq. (fn []
              (let [chosen (choose model)]
                (.close ^Closeable model)
                (seq chosen)))))

(defn learned
  "Returns the engine's answer as the map that `ffcolor.core/learn` describes; `choose` makes the palette of a model."
  [{:keys [palette-of] :as found} choose]
  (let [{:keys [model accuracy threshold drawn? goodness probability loss]} found]
    (merge (Learned. model accuracy threshold drawn? goodness probability loss (palette-later palette-of choose))
           (select-keys found [:warnings]))))
