(ns ffcolor.verbs
  "Verbs of the ffcolor command by name: see `ffcolor.core/verb`."
  (:require
   [clojure.string :as string]
   [ffcolor.bridge :as bridge]
   [ffcolor.colors :as colors]
   [ffcolor.options :as options]
   [ffcolor.sheet :as sheet])
  (:import
   (java.io File)
   (java.nio.file Path)))

(set! *warn-on-reflection* true)

(def ^:private colored
  "The arguments that are colours, unless they are numbers: a palette's :background is a colour, that of :learn a share."
  #{:colors :color :liked :disliked :locked :background :palette})

(def ^:private bridges-own
  "Operations of the bridge that are no verbs."
  #{"release" "kept" "save" "load_model" "goodness" "ff_color_learning" "make_layer" "forward" "local_update"})

(defn- plain
  "An argument as the bridge takes it."
  [argument value scale]
  (cond
    (or (instance? File value) (instance? Path value)) (str value)
    (and (= :model argument) (map? value)) (or (:model value)
                                               (throw (options/invalid (str (sheet/show value) " is not a model; learn and load-model make one")
                                                                       :model value)))
    (and (colored argument) (not (number? value)))
    (colors/read-some value {:scale scale :any-order? (boolean (#{:liked :disliked} argument))})
    :else value))

(defn run
  "See `ffcolor.core/verb`."
  [verb arguments]
  (when-not (or (string? verb) (instance? clojure.lang.Named verb))
    (throw (options/invalid (str (pr-str verb) " is not a verb; write the name of one, such as :score") :unknown-verb verb)))
  (when-not (or (nil? arguments) (map? arguments))
    (throw (options/invalid (str (name verb) " takes a map of arguments, and was given " (pr-str arguments)) :invalid-option arguments)))
  (let [verb-name (string/replace (name verb) "-" "_")]
    (when (or (bridges-own verb-name) (not (re-matches #"[a-zA-Z0-9_]+" verb-name)))
      (throw (options/invalid (str (pr-str verb) " is not a verb; (:verbs (info)) lists them") :unknown-verb verb))))
  (bridge/call (string/replace (name verb) "-" "_")
               (into {} (map (fn [[argument value]] [argument (plain argument value (:scale arguments))]))
                     (dissoc arguments :on-step :scale))
               (options/on-step arguments)))
