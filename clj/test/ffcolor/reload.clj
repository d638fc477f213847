(ns ffcolor.reload
  "Loads the library again and again under live models and layers, as :reload-all and tools.namespace do. Run it in a process of its
  own: code that was compiled against the namespaces before may not find them any more."
  (:require
   [clojure.test :as test :refer [is]]
   [ffcolor.core :as ff]))

(set! *warn-on-reflection* true)

(defn- now
  "What a function of the namespace as it is now returns."
  [function & arguments]
  (apply @(ns-resolve 'ffcolor.core function) arguments))

(defn- unload
  "Forgets the library, as tools.namespace does before it loads it again."
  []
  (doseq [known (map ns-name (all-ns)) :when (re-find #"^ffcolor\.(?!reload)" (str known))]
    (remove-ns known)
    (dosync (commute @#'clojure.core/*loaded-libs* disj known))))

(defn- check
  "What was learned before is alive afterwards. It is no deftest, which would be run among the others."
  []
  (let [model (:model (ff/learn [:pink :khaki] [:black]))
        layer (ff/make-ff-layer 3 4)
        score ff/score
        answers [(score model :red) (ff/forward layer [:red])]]
    (dotimes [_ 2]
      (require 'ffcolor.core :reload-all)
      (is (= answers [(now 'score model :red) (now 'forward layer [:red])]))
      (is (= (first answers) (score model :red)) "a function from before")
      (is (= model (:model (now 'learn [:pink :khaki] [:black])))))
    (dotimes [_ 2]
      (unload)
      (require 'ffcolor.core)
      (is (= answers [(now 'score model :red) (now 'forward layer [:red])]))
      (is (= model (:model (now 'learn [:pink :khaki] [:black]))))
      (is (not (contains? (ns-publics 'ffcolor.core) 'ff-color-learning)))
      (is (re-find #"#<ffcolor model.*#<ffcolor layer" (pr-str model layer))))))

(defn -main
  "Runs the check, and leaves with 1 if it fails."
  []
  (binding [test/*report-counters* (ref test/*initial-report-counters*)]
    (check)
    (let [{:keys [pass fail error]} @test/*report-counters*]
      (println pass "right," fail "failures," error "errors.")
      (shutdown-agents)
      (System/exit (if (zero? (+ (long fail) (long error))) 0 1)))))
