(ns ffcolor.learned
  "What learning gives back: a map whose palette is chosen when it is first read, and which is short where it is printed."
  (:require
   [ffcolor.once :refer [deftype-once]])
  (:import
   (clojure.lang LazySeq MultiFn)
   (java.io Closeable Writer)))

(set! *warn-on-reflection* true)

(defrecord Learned [model accuracy threshold drawn? goodness probability loss palette])

(deftype-once Summary [text])

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

(defn- pretty!
  "Lets clojure.pprint print such maps as short as print does, if somebody has loaded it."
  []
  (when-let [dispatch (some-> (find-ns 'clojure.pprint) (ns-resolve 'simple-dispatch) deref)]
    (when-not (contains? (methods dispatch) Learned)
      (.addMethod ^MultiFn dispatch Learned (fn [given] (dispatch (shortened given)))))))

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
  (pretty!)
  (map->Learned (-> found (dissoc :palette-of) (assoc :palette (palette-later palette-of choose)))))
