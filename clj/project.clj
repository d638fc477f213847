(defproject ffcolor "0.1.0"
  :description "Teach a computer a person's taste in colour, by Forward-Forward learning, from Clojure."
  :license {:name "MIT"}
  ;; The engine is in the process when the java is ffcolor-java:
  ;;   JAVA_CMD=ffcolor-java lein repl | test
  ;;   JAVA_CMD=java lein test :pure          what needs no engine
  :dependencies [[org.clojure/clojure "1.11.1"]]
  :source-paths ["src"]
  :test-paths ["test"]
  :global-vars {*warn-on-reflection* true}
  :test-selectors {:pure (complement :engine)
                   :engine :engine}
  :repl-options {:init (require '[ffcolor.core :refer :all])}
  :profiles
  {:dev {:dependencies [[org.clojure/test.check "1.1.0"]
                        [org.clojure/core.async "1.5.648"]]}
   ;; lein with-profile +debian test: everything from Debian's packages, nothing from the network
   :debian {:local-repo "/usr/share/maven-repo"
            :offline? true
            :dependencies [[org.clojure/core.async "debian"]]}})
