(ns ffcolor.layers
  "The classic Forward-Forward layer in Clojure's hands: activations and goodness are plain vectors, whose metadata remembers the
  layer and the inputs they came from, so that a local update can teach them again. `ffcolor.core` has the same four functions; from here
  they can be referred alone."
  (:require
   [ffcolor.bridge :as bridge]
   [ffcolor.colors :as colors]
   [ffcolor.handles]
   [ffcolor.header :as header]
   [ffcolor.options :as options]
   [ffcolor.sheet :as sheet])
  (:import
   (ffcolor.handles Layer)))

(set! *warn-on-reflection* true)

(extend-type Layer
  header/Argument
  (write! [layer out arrays] (header/write! (.handle layer) out arrays)))

(defn make-ff-layer
  "Returns a layer of a number of inputs and units: see `ffcolor.core/make-ff-layer`."
  ([inputs units] (make-ff-layer inputs units nil))
  ([inputs units options]
   (options/check "make-ff-layer" options [:seed :threshold :learning-rate :normalize?])
   (let [{:keys [seed threshold learning-rate normalize?]} options
         settings {:inputs inputs :units units :seed seed :threshold threshold :learning-rate learning-rate :normalize normalize?}
         made (bridge/call "make_layer" (into {} (filter (comp some? val)) settings))]
     (Layer. (:layer made) inputs units (atom {:updates 0})))))

(defn- layer-of
  ^Layer [given]
  (if (instance? Layer given)
    given
    (throw (options/invalid (str (pr-str given) " is not a layer; make-ff-layer makes one") :model given))))

(defn- rows
  "Rows of numbers as a flat float array."
  [^Layer layer given]
  (let [size (.inputs layer)]
    (when-not (sequential? given)
      (throw (options/invalid (str "this layer takes vectors of " size " numbers; it was given " (sheet/show given)) :shape given)))
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

(defn- split
  "The numbers of a flat array as vectors of `size`."
  [^floats flat ^long size]
  (mapv (fn [^long start]
          (loop [at start, row (transient [])]
            (if (< at (+ start size))
              (recur (inc at) (conj! row (double (aget flat at))))
              (persistent! row))))
        (range 0 (alength flat) size)))

(defn forward
  "Returns activations of inputs, with the layer and the inputs in their metadata: see `ffcolor.core/forward`."
  [layer given]
  (let [layer (layer-of layer)
        inputs (inputs-of layer given)]
    (with-meta (split (first (bridge/call "forward" {:layer layer :x inputs})) (.units layer))
      {::layer layer ::inputs inputs})))

(defn compute-goodness
  "Returns the goodness of activations, and keeps their metadata: see `ffcolor.core/compute-goodness`."
  [activations]
  (when-not (and (sequential? activations) (every? #(and (sequential? %) (seq %) (every? number? %)) activations))
    (throw (options/invalid (str "compute-goodness takes the activations that forward returns, vectors of numbers; it was given "
                                 (sheet/show activations))
                            :shape activations)))
  (with-meta (mapv (fn [row]
                     (/ (double (reduce (fn [^double sum x] (let [x (double x)] (+ sum (* x x)))) 0.0 row))
                        (count row)))
                   activations)
             (meta activations)))

(defn local-update
  "Teaches a layer by one local step, and returns it: see `ffcolor.core/local-update`."
  [layer positive negative]
  (let [layer (layer-of layer)]
    (doseq [side [positive negative]]
      (when-not (identical? layer (::layer (meta side)))
        (throw (options/invalid (str "local-update takes the goodness that compute-goodness made of this layer's own forward; "
                                     "it was given " (binding [*print-length* 4] (pr-str side)))
                                :not-of-this-layer side))))
    (let [[^floats told] (bridge/call "local_update"
                                      {:layer layer :positive (::inputs (meta positive)) :negative (::inputs (meta negative))})
          loss (double (aget told 0))]
      (swap! (.state layer) #(-> % (update :updates inc) (assoc :loss loss)))
      layer)))
