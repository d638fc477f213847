(ns ffcolor.vars
  "A var that can be called by its full name and yet is left out of `:refer :all`, which Clojure has no word for."
  (:import
   (clojure.lang IPersistentMap Var)
   (java.lang StackWalker StackWalker$StackFrame)
   (java.util.function Function Predicate)
   (java.util.stream Stream)))

(set! *warn-on-reflection* true)

(def ^:private asker "clojure.core$ns_publics")

(defn- listing?
  "Whether somebody lists the public vars of a namespace just now, as `refer` does."
  []
  (.walk (StackWalker/getInstance)
         (reify Function
           (apply [_ frames]
             (.anyMatch (.limit ^Stream frames 16)
                        (reify Predicate
                          (test [_ frame] (.startsWith (.getClassName ^StackWalker$StackFrame frame) asker))))))))

(defn- secretive
  "A var's metadata, which says :private to who lists public vars, and to nobody else."
  [^IPersistentMap fields]
  (reify IPersistentMap
    (valAt [_ k] (if (= :private k) (listing?) (.valAt fields k)))
    (valAt [_ k other] (if (= :private k) (listing?) (.valAt fields k other)))
    (containsKey [_ k] (.containsKey fields k))
    (entryAt [_ k] (.entryAt fields k))
    (assoc [_ k v] (secretive (.assoc fields k v)))
    (assocEx [_ k v] (secretive (.assocEx fields k v)))
    (without [_ k] (secretive (.without fields k)))
    (cons [_ entry] (secretive (.cons fields entry)))
    (count [_] (.count fields))
    (empty [_] (.empty fields))
    (equiv [_ other] (.equiv fields other))
    (iterator [_] (.iterator fields))
    (seq [_] (.seq fields))))

(defn leave-out!
  "Leaves a var out of what `:refer :all` of its namespace refers to, so that others may define the same name. Returns the var."
  [^Var place]
  (reset-meta! place (secretive (meta place)))
  place)
