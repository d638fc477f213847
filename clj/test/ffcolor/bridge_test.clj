(ns ffcolor.bridge-test
  {:engine true}
  (:require
   [clojure.string :as string]
   [clojure.test :refer [deftest is testing]]
   [ffcolor.bridge :as bridge]
   [ffcolor.colors :as colors]
   [ffcolor.core :as ff]
   [ffcolor.handles :as handles])
  (:import
   (clojure.lang ExceptionInfo)
   (java.util.concurrent CountDownLatch TimeUnit)))

(set! *warn-on-reflection* true)

(def ^:private pastels ["#ffd1dc" "#c1e1c1" "#aec6cf" "#fdfd96"])
(def ^:private darks ["#8b0000" "#003300" "#000000" "#4b0082"])

(defn- data-of
  [f]
  (try (f)
       nil
       (catch ExceptionInfo e (assoc (ex-data e) :message (ex-message e)))))

(deftest the-engine-is-here
  (is (bridge/engine?)))

(deftest an-error-of-the-engine-is-ex-info
  (let [{:keys [type code value message traceback]} (data-of #(bridge/call "show" {:colours 1}))]
    (is (= [:ffcolor/unknown-argument :unknown-argument "colours"] [type code value]))
    (is (= "show has no argument :colours: did you mean :colors?" message))
    (is (string/includes? traceback "FfcolorError")))
  (is (= :unknown-verb (:code (data-of #(bridge/call "sho" {})))))
  (testing "of what ffcolor did not foresee, too"
    (let [found (data-of #(bridge/call "forward" {:layer 7 :x 8}))]
      (is (= [:python-error "AttributeError"] [(:code found) (:python-class found)]))
      (is (string/starts-with? (:message found) "AttributeError inside the engine: ")))))

(deftest any-text-crosses-whole
  (doseq [text ["" "\"quoted\" \\ back" "tab\tline\nreturn\r nul\u0000" "Ünïcödé €" "日本" "\ud83c\udfa8 paint"]]
    (is (= text (:title (bridge/call "show" {:colors (colors/read-colors [:red]) :title text}))) (pr-str text)))
  (is (= "\ud800" (:value (data-of #(bridge/call "show" {:colors (colors/read-colors [:red]) :title "\ud800"}))))))

(deftest arguments-that-cannot-cross-say-so
  (let [{:keys [code message]} (data-of #(bridge/call "stream" {:seed (Object.)}))]
    (is (= :invalid-option code))
    (is (string/includes? message "cannot be an argument"))))

;; ---- callbacks and leaving -----------------------------------------------------------------------------------------

(def ^:dynamic *mine* nil)

(deftest a-callback-runs-on-the-thread-that-asked
  (let [seen (atom [])]
    (binding [*mine* :bound]
      (ff/ff-color-learning pastels darks {:steps 3 :on-step #(swap! seen conj [(Thread/currentThread) *mine* (:step %)])}))
    (is (= [[(Thread/currentThread) :bound 1] [(Thread/currentThread) :bound 2] [(Thread/currentThread) :bound 3]] @seen))))

(deftest what-a-callback-throws-arrives-as-it-is
  (doseq [mine [(ex-info "mine" {:a 1}) (Error. "an error") (InterruptedException. "mine") (Exception. "checked")]]
    (is (identical? mine (try (ff/ff-color-learning pastels darks {:on-step (fn [_] (throw mine))})
                              (catch Throwable t t))))
    (is (not (Thread/interrupted)))))

(deftest a-callback-may-ask-the-engine
  (let [depth 12
        deepest (fn deepest [level]
                  (if (zero? level)
                    (ff/score (:model (ff/ff-color-learning pastels darks {:steps 1})) :pink)
                    (let [found (promise)]
                      (ff/ff-color-learning pastels darks {:steps 1 :on-step (fn [_] (deliver found (deepest (dec level))))})
                      @found)))]
    (is (number? (deepest depth)))
    (testing "on many threads at once, more than the engine has"
      (is (every? number? (mapv deref (mapv (fn [_] (future (deepest 3))) (range 40))))))))

(defn- seconds-to-leave
  "Interrupts a thread that runs f, by `stop`, when f has said that it is under way; how long it then takes to leave, and what came
  out of it."
  [f]
  (let [under-way (CountDownLatch. 1)
        outcome (promise)
        thread (doto (Thread. (fn [] (deliver outcome (try (f #(.countDown under-way))
                                                           (catch Throwable t t)))))
                 (.start))]
    (.await under-way 60 TimeUnit/SECONDS)
    (let [begin (System/nanoTime)]
      (.interrupt thread)
      [(deref outcome 60000 :never) (/ (- (System/nanoTime) begin) 1e9)])))

(deftest an-interrupted-call-leaves-at-once
  (let [model (:model (ff/ff-color-learning pastels darks))
        before (ff/score model pastels)]
    (testing "in the middle of learning"
      (let [[outcome seconds] (seconds-to-leave (fn [begun] (ff/ff-color-learning pastels darks {:steps 1000000 :on-step (fn [_] (begun))})))]
        (is (instance? InterruptedException outcome))
        (is (< seconds 5))))
    (testing "without any callback"
      (let [[outcome] (seconds-to-leave (fn [begun] (begun) (ff/ff-color-learning pastels darks {:steps 10000000})))]
        (is (instance? InterruptedException outcome))))
    (testing "in an update, which leaves the model as it was"
      (let [[outcome] (seconds-to-leave (fn [begun] (ff/update-model model [:lime] nil {:on-step (fn [_] (begun) (Thread/sleep 10000))})))]
        (is (instance? InterruptedException outcome))
        (is (= before (ff/score model pastels)))))
    (testing "a future that is cancelled"
      (let [under-way (promise)
            left (promise)
            learning (future (try (ff/ff-color-learning pastels darks {:steps 1000000 :on-step (fn [_] (deliver under-way true))})
                                  (catch InterruptedException _ (deliver left true))))]
        @under-way
        (is (future-cancel learning))
        (is (true? (deref left 60000 :never)))))
    (testing "a thread that is interrupted already"
      (.interrupt (Thread/currentThread))
      (is (thrown? InterruptedException (ff/score model :red)))
      (is (not (Thread/interrupted))))
    (testing "and the engine goes on"
      (is (= before (ff/score model pastels))))))

;; ---- many threads --------------------------------------------------------------------------------------------------

(deftest many-threads-get-the-answers-of-one
  (let [{:keys [model]} (ff/ff-color-learning pastels darks)
        asked (mapv #(vector (/ (mod (* 7 %) 97) 97.0) (/ (mod (* 5 %) 89) 89.0) (/ (mod (* 3 %) 83) 83.0)) (range 1000))
        expected (mapv #(ff/score model %) asked)]
    (is (= expected (vec (pmap #(ff/score model %) asked))))
    (testing "a layer's, too"
      (let [layer (ff/make-ff-layer 3 16)
            some-asked (take 50 asked)
            one (ff/forward layer some-asked)]
        (is (every? #(= one %) (pmap (fn [_] (ff/forward layer some-asked)) (range 50))))))
    (testing "many models at once"
      (let [seeds (range 30)
            learned (fn [seed] (ff/score (:model (ff/ff-color-learning pastels darks {:seed seed})) pastels))]
        (is (= (map learned seeds) (pmap learned seeds)))))
    (testing "a lock held across the bridge"
      (let [lock (Object.)
            total (atom 0)]
        (run! deref (mapv (fn [_] (future (dotimes [_ 20] (locking lock (ff/score model :red) (swap! total inc))))) (range 10)))
        (is (= 200 @total))))))

;; ---- quick calls ---------------------------------------------------------------------------------------------------

(defn- quick
  "The names of the operations that a thread runs itself."
  []
  (let [field (doto (.getDeclaredField (Class/forName "ffcolor.Quick" true (ClassLoader/getSystemClassLoader)) "OPERATIONS")
                (.setAccessible true))]
    (.get field nil)))

(deftest a-quick-call-answers-as-any-other
  (let [{:keys [^java.io.Closeable model]} (ff/learn pastels darks)
        layers (repeatedly 2 #(ff/make-ff-layer 3 4 {:seed 5}))
        calls #(vector (ff/score model :red) (ff/score model pastels) (ff/probability model darks) (ff/goodness model [0.1 0.2 0.3]))
        step (fn [layer]
               (ff/local-update layer (ff/compute-goodness (ff/forward layer pastels)) (ff/compute-goodness (ff/forward layer darks)))
               [@layer (ff/forward layer pastels)])
        ^java.util.Set operations (quick)]
    (.clear operations)
    (let [slow [(calls) (step (first layers))]]
      (dotimes [_ 60] (ff/score model :red))                     ; a thread that calls often runs its calls itself
      (.addAll operations ["score:score" "score:probability" "goodness" "forward" "local_update"])
      (is (= slow [(calls) (step (second layers))])))
    (testing "and its mistakes are told as any other's"
      (is (= :not-finite (:code (data-of #(ff/forward (ff/make-ff-layer 2 3) [[0.5 ##NaN]])))))
      (is (= :invalid-color (:code (data-of #(ff/score model "oklch(nothing)"))))))
    (testing "many at once have no room, and many colours are not few"
      (is (= (repeat 200 (ff/score model :red)) (pmap (fn [_] (ff/score model :red)) (range 200))))
      (is (= 1 (count (distinct (ff/score model (repeat 500 :red)))))))
    (testing "nor does a thread that is gone leave anything"
      (let [seen (repeatedly 300 #(promise))]
        (run! #(.start (Thread. (fn [] (deliver % (ff/score model :red))))) seen)
        (is (= #{(ff/score model :red)} (set (map deref seen))))))
    (.close model)
    (is (= :closed-model (:code (data-of #(ff/score model :red)))))))

;; ---- models --------------------------------------------------------------------------------------------------------

(deftest a-closed-model-says-so
  (let [{:keys [^java.io.Closeable model]} (ff/ff-color-learning pastels darks)]
    (is (handles/open? model))
    (.close model)
    (.close model)
    (is (not (handles/open? model)))
    (is (= :closed-model (:code (data-of #(ff/score model :red)))))
    (is (= :closed-model (:code (data-of #(ff/save! model "never.safetensors")))))
    (is (string/includes? (pr-str model) "closed"))))

(defn- kept
  "How many objects the engine keeps for Java."
  []
  (:kept (bridge/call "kept" {})))

(deftest forgotten-models-are-freed
  (let [start (kept)]
    (dotimes [_ 60] (ff/ff-color-learning pastels darks {:steps 1}))
    (loop [tries 200]
      (when (and (pos? tries) (> (kept) (+ start 2)))
        (System/gc)
        (Thread/sleep 50)
        (recur (dec tries))))
    (is (<= (kept) (+ start 2)))))

(deftest answers-that-nobody-takes-are-freed
  (let [start (kept)]
    (dotimes [_ 20]
      (let [learning (future (ff/ff-color-learning pastels darks {:steps 2}))]
        (Thread/sleep (rand-int 12))
        (future-cancel learning)))
    (loop [tries 200]
      (when (and (pos? tries) (> (kept) start))
        (System/gc)
        (Thread/sleep 50)
        (recur (dec tries))))
    (is (<= (kept) start))))
