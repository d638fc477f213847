(ns ffcolor.bridge
  "The one crossing between Clojure and the engine. Use `ffcolor.core`; it is built on this.

  The engine lives in this very process, in threads of its own, if the process was started by `ffcolor-java` (or `ffcolor repl`).
  A call puts its arguments into a queue and waits. So

    * a waiting thread can be interrupted (future-cancel, Thread.interrupt, an editor's interrupt) and leaves at once;
    * a callback runs on the thread that made the call, with its bindings, and the caller gets the identical exception it throws;
    * an error of the engine is an ex-info with :type (:ffcolor/invalid-color …), :code and, where they apply, :value, :position
      and :traceback."
  (:require
   [clojure.edn :as edn]
   [ffcolor.colors :as colors]
   [ffcolor.handles :as handles]
   [ffcolor.header :as header])
  (:import
   (ffcolor.handles Model)
   (java.lang.ref Reference)
   (java.lang.reflect Field Method)
   (java.util ArrayList)
   (java.util.function Function)))

(set! *warn-on-reflection* true)

;; ---- the engine ----------------------------------------------------------------------------------------------------

(def ^:private no-engine
  (str "there is no ffcolor engine in this process: start it with ffcolor-java in place of java,\n"
       "  as in  JAVA_CMD=ffcolor-java lein repl   or  JAVA_CMD=ffcolor-java clojure\n"
       "  or start ffcolor's own REPL:  ffcolor repl   or  ffcolor nrepl\n"
       "  (pip install ffcolor brings them; ffcolor java-cmd prints the lines for your tool)"))

(defn- find-engine
  "The ways into the engine, or nil: its class is there, and its threads take calls."
  []
  (when-let [^Class engine (try (Class/forName "ffcolor.Engine" true (ClassLoader/getSystemClassLoader))
                                (catch ClassNotFoundException _ nil))]
    (when (boolean (.invoke ^Method (.getMethod engine "present" (make-array Class 0)) nil (object-array 0)))
      {:call (.get ^Field (.getField engine "DOOR") nil)
       :release (.get ^Field (.getField engine "RELEASE") nil)})))

(def ^:private found (atom nil))

(defn- engine
  []
  (or @found
      (reset! found (find-engine))
      (throw (ex-info no-engine {:type :ffcolor/no-engine :code :no-engine}))))

(defn engine?
  "Whether the engine is in this process."
  []
  (some? (or @found (reset! found (find-engine)))))

;; ---- live objects --------------------------------------------------------------------------------------------------

(extend-type Model
  header/Argument
  (write! [model ^StringBuilder out _]
    (when-not (handles/open? model)
      (throw (ex-info "this model is closed" {:type :ffcolor/closed-model :code :closed-model})))
    (doto out (.append "{\"$model\":") (.append (.id model)) (.append "}"))))

(defn- hold
  "Makes the model of an object in the engine's table."
  [id text digest]
  (handles/model id text digest (:release (engine))))

;; ---- answers -------------------------------------------------------------------------------------------------------

(defn numbers
  "Returns what a primitive array holds as a vector; floats become doubles."
  [array]
  (if (instance? (Class/forName "[F") array)
    (let [^floats array array]
      (loop [i 0, found (transient [])]
        (if (< i (alength array)) (recur (inc i) (conj! found (double (aget array i)))) (persistent! found))))
    (vec array)))

(defn- failure
  [{:keys [message] :as told}]
  (ex-info message (dissoc told :message)))

(defn- rows
  "Columns by name, as a vector of maps: one for each place."
  [columns]
  (apply mapv (fn [& row] (zipmap (keys columns) row)) (vals columns)))

(defn- read-answer
  "An answer of the engine as plain data; an error as an exception, not thrown."
  [^objects answer]
  (if-let [text (aget answer 0)]
    (edn/read-string {:readers {'ffcolor/array #(numbers (aget answer (inc (long %))))
                                'ffcolor/colors #(colors/hexes (aget answer (inc (long %))))
                                'ffcolor/columns rows
                                'ffcolor/model (fn [[id text digest]] (hold id text digest))
                                'ffcolor/error failure}}
                     text)
    (vec (rest answer))))

(defn call
  "Runs an operation of the engine and returns its answer: plain data with live models in it, or a vector of primitive arrays.

  Arguments are a map; colours in it are `ffcolor.colors/Colors`. `ask`, if it is not nil, is called with what the engine tells
  meanwhile: [step steps loss] in learning.

  An operation is a verb, a verb with the columns of its answer that are wanted (\"score:score,probability\"), or one of the bridge's
  own: see bridge/ffcolor_bridge/operations.py. Throws ex-info for whatever the engine complains of, InterruptedException if this thread is interrupted, and whatever `ask`
  throws, the identical object."
  ([operation arguments] (call operation arguments nil))
  ([operation arguments ask]
   (let [^Function door (:call (engine))
         header (StringBuilder.)
         arrays (ArrayList. 2)]
     (try
       (header/write! arguments header arrays)
       (let [callback (when ask (reify Function (apply [_ told] (ask (vec ^objects told)))))
             answer (read-answer (.apply door (object-array [operation (str header) (into-array (Class/forName "[F") arrays) callback])))]
         (if (instance? clojure.lang.ExceptionInfo answer) (throw answer) answer))
       (finally
         (Reference/reachabilityFence arguments))))))
