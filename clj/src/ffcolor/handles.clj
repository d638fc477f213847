(ns ffcolor.handles
  "Models and layers as a program holds them. What was learned before the namespaces are loaded again (`:reload-all`, tools.namespace)
  lives on."
  (:require
   [ffcolor.once :refer [once]])
  (:import
   (clojure.lang IDeref IObj)
   (java.io Closeable Writer)
   (java.lang.ref Cleaner Cleaner$Cleanable)
   (java.util.concurrent.atomic AtomicBoolean)
   (java.util.function LongConsumer)))

(set! *warn-on-reflection* true)

;; A model: its number in the engine's table, how it is shown, what its content amounts to (nil if it is like nothing else), whether
;; it is open, and the cleaner's business with it. Models of equal content are equal, closed or not.
(once
  (deftype Model [^long id ^String text digest ^AtomicBoolean open token ^Cleaner$Cleanable cleanable fields]
    Closeable
    (close [_] (.clean cleanable))
    IObj
    (meta [_] fields)
    (withMeta [_ changed] (Model. id text digest open token cleanable changed))
    Object
    (equals [this other]
      (or (identical? this other)
          (and (instance? Model other)
               (if (nil? digest)
                 (identical? token (.token ^Model other))
                 (= digest (.digest ^Model other))))))
    (hashCode [_] (if (nil? digest) (System/identityHashCode token) (.hashCode ^Object digest)))
    (toString [_] (str text (when-not (.get open) ", closed")))))

;; A layer: the model that holds its weights, and an atom of what local updates have come to.
(once
  (deftype Layer [^Model handle ^long inputs ^long units state]
    Closeable
    (close [_] (.close handle))
    IDeref
    (deref [_] (assoc @state :inputs inputs :units units))
    Object
    (toString [_] (str inputs " inputs, " units " units, " (:updates @state) " updates"
                       (when-let [loss (:loss @state)] (format ", loss %.4g" loss))))))

(defmethod print-method Model [model ^Writer out]
  (.write out (str "#<ffcolor model: " model ">")))

(defmethod print-method Layer [layer ^Writer out]
  (.write out (str "#<ffcolor layer: " layer ">")))

(prefer-method print-method Layer IDeref)

(defonce ^:private cleaner (delay (Cleaner/create)))

(defn model
  "Returns the model of an object in the engine's table; the engine lets go of the object when the model is closed or forgotten."
  [id text digest ^LongConsumer release]
  (let [open (AtomicBoolean. true)
        token (Object.)
        cleanable (.register ^Cleaner @cleaner token
                             (fn []
                               (.set open false)
                               (.accept release id)))]
    (Model. id text digest open token cleanable nil)))

(defn model?
  "Whether a value is a model."
  [value]
  (instance? Model value))

(defn open?
  "Whether a model has not been closed."
  [^Model model]
  (.get ^AtomicBoolean (.open model)))
