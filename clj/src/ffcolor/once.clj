(ns ffcolor.once
  "Classes that are made once in a process, however often their namespace is loaded again: what was made before, and code that was
  compiled before, then go on with what is made now.")

(set! *warn-on-reflection* true)

(defmacro once
  "A deftype or defrecord, unless its class is there already. It can implement no protocol in its body (protocols are made anew;
  extend it), and what it defines besides the class is not there when it is loaded again: use the constructor."
  [[_ type-name :as definition]]
  (let [class-name (str (munge (ns-name *ns*)) "." type-name)]
    (if (try (Class/forName class-name false (clojure.lang.RT/baseLoader)) (catch ClassNotFoundException _ nil))
      `(import ~(symbol class-name))
      definition)))
