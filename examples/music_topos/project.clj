(defproject music-topos "0.1.0"
  :description "Forked colours, filtered by a learned taste, become a tune."
  :license {:name "MIT"}
  :dependencies [[org.clojure/clojure "1.11.1"]
                 [org.clojure/core.async "1.5.648"]]
  ;; The one line that brings the engine: a drop-in java (or start lein with JAVA_CMD=ffcolor-java).
  :java-cmd "ffcolor-java"
  :main music-topos.main
  ;; Where the network is out of reach: lein with-profile +debian run, with everything from Debian's packages.
  :profiles {:debian {:local-repo "/usr/share/maven-repo"
                      :offline? true
                      :dependencies [[org.clojure/core.async "debian"]]}})
