(ns ffcolor.runner
  "Runs the tests in this folder: (-main) all of them, (-main \"pure\") those that need no engine, (-main \"engine\") the
  others, (-main \"ffcolor.streams-test\" …) those named. A namespace that needs the engine is marked {:engine true}."
  (:require
   [clojure.java.io :as io]
   [clojure.string :as string]
   [clojure.test :as test])
  (:import
   (java.io File PushbackReader)))

(set! *warn-on-reflection* true)

(defn- declared
  "The name in the ns form at the head of a file, with its metadata; the file is not loaded."
  [file]
  (with-open [reader (PushbackReader. (io/reader file))]
    (let [[_ named & clauses] (read reader)]
      (vary-meta named merge (first (filter map? clauses))))))

(defn test-namespaces
  "Returns the names of all test namespaces beside this one, in order; those that need the engine have :engine metadata."
  []
  (let [folder (.getParentFile (io/file (io/resource "ffcolor/runner.clj")))]
    (->> (file-seq folder)
         (filter #(string/ends-with? (.getName ^File %) "_test.clj"))
         (map declared)
         (sort))))

(defn- chosen
  [words]
  (let [known (test-namespaces)
        engine? #(:engine (meta %))]
    (case (vec words)
      [] known
      ["pure"] (remove engine? known)
      ["engine"] (filter engine? known)
      (let [wanted (map symbol words)]
        (when-let [unknown (seq (remove (set known) wanted))]
          (throw (ex-info (str "no such test namespace: " (string/join ", " unknown) "; there are "
                               (string/join ", " known))
                          {})))
        wanted))))

(defn -main
  "Runs tests and leaves with 0 if all is well, with 1 if a test failed or there was none."
  [& words]
  (let [namespaces (chosen words)]
    (when (empty? namespaces)
      (println "there are no such tests")
      (System/exit 1))
    (apply require namespaces)
    (let [{:keys [fail error] :as counts} (apply test/run-tests namespaces)]
      (shutdown-agents)
      (System/exit (if (and (zero? (+ fail error)) (pos? (:test counts))) 0 1)))))
