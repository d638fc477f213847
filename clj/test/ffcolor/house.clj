(ns ffcolor.house
  "House rules that a machine can check: no reflection or boxed arithmetic where it is watched for, a docstring on every
  namespace and public var. Run it in a process of its own: every namespace is loaded anew."
  (:require
   [clojure.java.io :as io]
   [clojure.string :as string])
  (:import
   (java.io File StringWriter)))

(set! *warn-on-reflection* true)

(defn- sources
  "The names of all namespaces of the library."
  []
  (let [folder (.getParentFile (io/file (io/resource "ffcolor/streams.clj")))]
    (sort (for [^File file (file-seq folder)
                :when (string/ends-with? (.getName file) ".clj")]
            (symbol (string/join "." (cons "ffcolor"
                                           (-> (.toPath folder) (.relativize (.toPath file)) str
                                               (string/replace #"\.clj$" "") (string/replace "_" "-")
                                               (string/split #"[/\\]")))))))))

(defn- warnings
  "What the compiler warns of when a namespace is loaded."
  [name]
  (let [said (StringWriter.)]
    (binding [*err* said *warn-on-reflection* true]
      (require name :reload))
    (remove string/blank? (string/split-lines (str said)))))

(defn- generated?
  "Whether a var is a constructor that deftype or defrecord made."
  [name]
  (re-find #"^(map)?->" (str name)))

(defn- undocumented
  "The namespace and those of its public vars that have no docstring."
  [name]
  (concat
    (when-not (:doc (meta (the-ns name))) [(str name " has no docstring")])
    (for [[var-name place] (sort (ns-publics name))
          :when (not (or (generated? var-name) (:doc (meta place))))]
      (str name "/" var-name " has no docstring"))))

(defn -main
  "Prints every problem, and leaves with 1 if there is one."
  []
  (let [names (sources)
        problems (mapcat #(concat (warnings %) (undocumented %)) names)]
    (run! println problems)
    (println (count names) "namespaces," (count problems) "problems")
    (shutdown-agents)
    (System/exit (if (empty? problems) 0 1))))
