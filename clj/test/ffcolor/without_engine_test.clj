(ns ffcolor.without-engine-test
  "What there is without an engine, under plain java: everything loads, colours are read, and a call says how to start one. Under
  ffcolor-java, the same call is answered."
  (:require
   [clojure.string :as string]
   [clojure.test :refer [deftest is]]
   [ffcolor.bridge :as bridge]
   [ffcolor.core :as ff])
  (:import
   (clojure.lang ExceptionInfo)))

(set! *warn-on-reflection* true)

(deftest a-call-is-answered-or-says-how-to-start-an-engine
  (if (bridge/engine?)
    (is (contains? (ff/info) :version))
    (let [e (is (thrown? ExceptionInfo (ff/ff-color-learning [:red] [:blue])))]
      (is (= {:type :ffcolor/no-engine :code :no-engine} (ex-data e)))
      (doseq [words ["JAVA_CMD=ffcolor-java lein repl" "ffcolor repl" "pip install ffcolor" "ffcolor java-cmd"]]
        (is (string/includes? (ex-message e) words))))))

(deftest wrong-arguments-are-told-first
  (is (= :unknown-option (:code (ex-data (is (thrown? ExceptionInfo (ff/ff-color-learning [:red] [:blue] {:sead 1})))))))
  (is (= :invalid-color (:code (ex-data (is (thrown? ExceptionInfo (ff/ff-color-learning [[1 2 300]] [:blue]))))))))

(deftest streams-need-none
  (is (= ["#E67F86"] (map :hex (ff/stream :genesis {:count 1})))))

(deftest nothing-of-clojure-core-is-shadowed
  (is (empty? (filter (ns-publics 'clojure.core) (keys (ns-publics 'ffcolor.core))))))
