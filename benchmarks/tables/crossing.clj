;; What benchmarks/tables/jvm.py times inside the Java machine: one EDN map of medians on the last line.
;; Arguments: the port of an HTTP server that scores (0 for none), the command of a subprocess that scores.
(require '[clojure.string :as str]
  '[ffcolor.core :as ff]
  '[ffcolor.streams :as streams])
(import (java.net URI)
        (java.net.http HttpClient HttpRequest HttpRequest$BodyPublishers HttpResponse$BodyHandlers)
        (java.util Random))

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

(let [[port & command] *command-line-args*
      liked (mapv :hex (streams/stream :genesis {:seed 1069 :start 1 :count 16}))
      disliked (mapv :hex (streams/stream :hash {:seed 7 :start 1 :count 16}))
      learned (ff/learn liked disliked)
      model (:model learned)
      random (Random. 0)
      nested (vec (repeatedly 100000 #(vector (double (.nextFloat random)) (double (.nextFloat random)) (double (.nextFloat random)))))
      flat (float-array (mapcat identity nested))
      client (HttpClient/newHttpClient)
      body (fn [colors] (str "[" (str/join "," (map (fn [color] (str "[" (str/join "," color) "]")) colors)) "]"))
      post (fn [text]
             (let [request (-> (HttpRequest/newBuilder (URI. (str "http://127.0.0.1:" port "/")))
                               (.POST (HttpRequest$BodyPublishers/ofString text))
                               .build)]
               (mapv parse-double (str/split (subs (.body (.send client request (HttpResponse$BodyHandlers/ofString))) 1) #"[,\]]"))))
      interrupted (fn []
                    (let [started (promise)
                          learner (promise)
                          work (future (deliver learner (Thread/currentThread))
                                       (try (ff/learn liked disliked {:steps 100000000 :on-step (fn [_] (deliver started true))})
                                            (catch InterruptedException _ :interrupted)))]
                      @started
                      (let [start (System/nanoTime)]
                        (.interrupt ^Thread @learner)
                        @work
                        (/ (- (System/nanoTime) start) 1e6))))]
  (println
    (pr-str
      (cond-> {:score-one (milliseconds 10000 2001 #(ff/score model [0.9 0.2 0.1]))
               :score-nested (milliseconds 4 7 #(ff/score model nested))
               :score-flat (milliseconds 4 7 #(ff/score model flat))
               :learn (milliseconds 100 41 #(.close ^java.io.Closeable (:model (ff/learn liked disliked))))
               :learn-and-look (milliseconds 5 11 #(count (:palette (ff/learn liked disliked))))
               :interrupt (apply max (repeatedly 10 interrupted))}
        (not= port "0")
        (assoc :http-one (milliseconds 200 201 #(first (post (body [[0.9 0.2 0.1]]))))
               :http-many (milliseconds 2 5 #(post (body nested))))
        command
        (assoc :subprocess-one
               (milliseconds 1 5
                 #(let [process (.start (ProcessBuilder. ^java.util.List (vec command)))]
                    (slurp (.getInputStream process))
                    (.waitFor process)))))))
  (shutdown-agents))
