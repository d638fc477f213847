;; What benchmarks/tables/jvm.py times inside the Java machine while other programs are at work, or none: one EDN map of medians on
;; the last line, in milliseconds.
(require '[ffcolor.core :as ff]
  '[ffcolor.streams :as streams])

(defn milliseconds
  "Wall time after warm-up: the median of n runs, in the quietest of five rounds."
  [warm-up n work]
  (dotimes [_ warm-up] (work))
  (apply min
    (repeatedly 5
      (fn []
        (nth (sort (repeatedly n
                     #(let [start (System/nanoTime)]
                        (work)
                        (/ (- (System/nanoTime) start) 1e6))))
          (quot n 2))))))

(let [liked (mapv :hex (streams/stream :genesis {:seed 1069 :start 1 :count 16}))
      disliked (mapv :hex (streams/stream :hash {:seed 7 :start 1 :count 16}))
      model (:model (ff/learn liked disliked))
      layer (ff/make-ff-layer 3 16)
      step #(ff/local-update layer
              (ff/compute-goodness (ff/forward layer liked))
              (ff/compute-goodness (ff/forward layer disliked)))]
  (println
    (pr-str
      {:score (milliseconds 10000 2001 #(ff/score model [0.9 0.2 0.1]))
       :step (milliseconds 3000 1001 step)
       :learn (milliseconds 100 41 #(.close ^java.io.Closeable (:model (ff/learn liked disliked))))}))
  (shutdown-agents))
