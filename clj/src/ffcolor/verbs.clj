(ns ffcolor.verbs
  "Verbs of the ffcolor command by name: see `ffcolor.core/verb`."
  (:require
   [clojure.string :as string]
   [ffcolor.bridge :as bridge]
   [ffcolor.colors :as colors]
   [ffcolor.options :as options])
  (:import
   (java.io File)
   (java.nio.file Path)))

(set! *warn-on-reflection* true)

(def ^:private colored
  "The arguments that are colours, unless they are numbers: a palette's :background is a colour, that of :learn a share."
  #{:colors :color :liked :disliked :locked :background :palette})

(defn- plain
  "An argument as the bridge takes it."
  [argument value]
  (cond
    (or (instance? File value) (instance? Path value)) (str value)
    (and (= :model argument) (map? value)) (:model value)
    (and (colored argument) (not (number? value))) (colors/read-some value {:any-order? (boolean (#{:liked :disliked} argument))})
    :else value))

(defn run
  "See `ffcolor.core/verb`."
  [verb arguments]
  (when-not (or (string? verb) (instance? clojure.lang.Named verb))
    (throw (options/invalid (str (pr-str verb) " is not a verb; write the name of one, such as :score") :unknown-verb verb)))
  (when-not (or (nil? arguments) (map? arguments))
    (throw (options/invalid (str (name verb) " takes a map of arguments, and was given " (pr-str arguments)) :invalid-option arguments)))
  (bridge/call (string/replace (name verb) "-" "_")
               (into {} (map (fn [[argument value]] [argument (plain argument value)])) (dissoc arguments :on-step))
               (options/on-step arguments)))
