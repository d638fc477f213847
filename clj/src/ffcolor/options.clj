(ns ffcolor.options
  "Maps of options, checked: a wrong name is an error that says which was probably meant."
  (:require
   [clojure.string :as string]
   [ffcolor.suggest :as suggest]))

(set! *warn-on-reflection* true)

(defn invalid
  "The exception for an option that makes no sense."
  [message code value]
  (ex-info message {:type (keyword "ffcolor" (name code)) :code code :value value}))

(defn check
  "Returns the options (nil is none) if each is one of the names known to a function; else throws.

  (check \"rank\" {:tpo 3} [:top])  => rank has no option :tpo: did you mean :top? …"
  [function options known]
  (when-not (or (nil? options) (map? options))
    (throw (invalid (str function " takes a map of options, such as {" (first known) " …}, and was given " (pr-str options))
                    :invalid-option options)))
  (when-let [unknown (first (remove (set known) (keys options)))]
    (throw (invalid (str function " has no option " (pr-str unknown) ": " (suggest/hint unknown known)
                         "it takes " (string/join ", " known))
                    :unknown-option unknown)))
  options)

(defn callback
  "Returns the function in an option, or nil if there is none; throws if it is not a function."
  [options name]
  (when-some [found (get options name)]
    (if (ifn? found)
      found
      (throw (invalid (str name " is " (pr-str found) "; it must be a function") :invalid-option found)))))

(defn on-step
  "Returns a function that hands the engine's report of a learning step to the option :on-step as a map, or nil without one."
  [options]
  (when-let [on-step (callback options :on-step)]
    (fn [[step steps loss]] (on-step {:step step :steps steps :loss loss}))))
