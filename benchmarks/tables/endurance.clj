;; Whether memory stays flat: resident MiB before and after much use, one EDN map on the last line.
;; Argument: how many calls; a hundredth of it models are made and dropped, and as many short-lived threads call.
(require '[clojure.string :as str]
  '[ffcolor.core :as ff])

(defn resident
  "Resident memory of this process in MiB, after a garbage collection."
  []
  (dotimes [_ 3] (System/gc) (Thread/sleep 100))
  (/ (parse-long (re-find #"\d+" (re-find #"VmRSS:.*" (String. (java.nio.file.Files/readAllBytes (java.nio.file.Path/of "/proc/self/status" (make-array String 0))))))) 1024.0))

(defn growth
  "MiB that work adds when it is done n times, after it was done `before` times."
  [before n work]
  (dotimes [_ before] (work))
  (let [then (resident)]
    (dotimes [_ n] (work))
    (- (resident) then)))

(let [calls (parse-long (first *command-line-args*))
      learn #(ff/learn [:red :gold] [:navy :teal] {:steps 5})
      model (:model (learn))
      once #(ff/score model [0.9 0.2 0.1])]
  (println
    (pr-str
      {:calls (growth (quot calls 10) calls once)
       :models (growth (quot calls 100) (quot calls 100) learn)
       :threads (growth (quot calls 1000) (quot calls 100) #(.join (doto (Thread. ^Runnable once) .start)))}))
  (shutdown-agents))
