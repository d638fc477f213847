(ns ffcolor.layers
  "The classic Forward-Forward layer in Clojure's hands: activations and goodness are plain vectors, whose metadata remembers the
  layer and the inputs they came from, so that a local update can teach them again."
  (:require
   [ffcolor.bridge :as bridge]
   [ffcolor.colors :as colors]
   [ffcolor.header :as header]
   [ffcolor.options :as options])
  (:import
   (clojure.lang IDeref)
   (ffcolor.bridge Model)
   (java.io Closeable Writer)))

(set! *warn-on-reflection* true)

(deftype Layer [^Model handle ^long inputs ^long units state]
  Closeable
  (close [_] (.close handle))
  IDeref
  (deref [_] (assoc @state :inputs inputs :units units))
  header/Argument
  (write! [_ out arrays] (header/write! handle out arrays))
  Object
  (toString [_] (str inputs " inputs, " units " units, " (:updates @state) " updates"
                     (when-let [loss (:loss @state)] (format ", loss %.4g" loss)))))

(defmethod print-method Layer [layer ^Writer out]
  (.write out (str "#<ffcolor layer: " layer ">")))

(prefer-method print-method Layer IDeref)

(defn make
  "See `ffcolor.core/make-ff-layer`."
  [inputs units options]
  (options/check "make-ff-layer" options [:seed :threshold :learning-rate :normalize?])
  (let [{:keys [seed threshold learning-rate normalize?]} options
        settings {:inputs inputs :outputs units :seed seed :threshold threshold :lr learning-rate :normalize normalize?}
        made (bridge/call "make_layer" (into {} (filter (comp some? val)) settings))]
    (Layer. (:layer made) inputs units (atom {:updates 0}))))

(defn- layer-of
  ^Layer [given]
  (if (instance? Layer given)
    given
    (throw (options/invalid (str (pr-str given) " is not a layer; make-ff-layer makes one") :model given))))

(defn- rows
  "Rows of numbers as a flat float array."
  [^Layer layer given]
  (let [size (.inputs layer)]
    (doseq [[place row] (map-indexed vector given)]
      (when-not (and (sequential? row) (= size (count row)) (every? number? row))
        (throw (ex-info (str "input " place " is " (pr-str row) "; this layer takes " size " numbers")
                        {:type :ffcolor/shape :code :shape :value row :position place}))))
    (float-array (apply concat given))))

(defn- inputs-of
  [^Layer layer given]
  (if (and (= 3 (.inputs layer)) (not (::layer (meta given))))
    (colors/read-colors given)
    (rows layer given)))

(defn forward
  "See `ffcolor.core/forward`."
  [layer given]
  (let [layer (layer-of layer)
        inputs (inputs-of layer given)
        [flat] (bridge/call "forward" {:layer layer :x inputs})]
    (with-meta (mapv vec (partition (.units layer) (bridge/numbers flat)))
      {::layer layer ::inputs inputs})))

(defn goodness
  "See `ffcolor.core/compute-goodness`."
  [activations]
  (with-meta (mapv (fn [row] (/ (double (reduce + (map #(* (double %) (double %)) row))) (count row))) activations)
    (meta activations)))

(defn update!
  "See `ffcolor.core/local-update`."
  [layer positive negative]
  (let [layer (layer-of layer)]
    (doseq [side [positive negative]]
      (when-not (identical? layer (::layer (meta side)))
        (throw (options/invalid (str "local-update takes the goodness that compute-goodness made of this layer's own forward; "
                                     "it was given " (binding [*print-length* 4] (pr-str side)))
                                :not-of-this-layer side))))
    (let [loss (bridge/call "local_update"
                            {:layer layer :positive (::inputs (meta positive)) :negative (::inputs (meta negative))})]
      (swap! (.state layer) #(-> % (update :updates inc) (assoc :loss loss)))
      layer)))
