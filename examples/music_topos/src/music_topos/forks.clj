(ns music-topos.forks
  "Deterministic colour forks: a seed has children, a child has a colour, the same on any thread and in any order.

  A fork is {:index i :fork {:seed :iteration :depth} :hsl {:hue :saturation :lightness}}.")

(def master-seed "\"gay_colo\", as bytes." 0x6761795f636f6c6f)

(defn child
  "Splits a fork's seed at an index."
  [{:keys [seed iteration depth]} index]
  (let [mixed (unchecked-add (long seed) (unchecked-add (long index) (long iteration)))]
    {:seed (bit-or (bit-shift-left mixed 13) (bit-shift-right mixed 51))
     :iteration (inc iteration)
     :depth (inc depth)}))

(defn hsl
  "The colour of a fork: hue by the golden angle, saturation and lightness from other bits of the seed."
  [{:keys [seed]}]
  {:hue (mod (* (mod seed 1000) 137.508) 360.0)
   :saturation (+ 0.3 (* 0.6 (/ (mod seed 256) 256.0)))
   :lightness (+ 0.25 (* 0.55 (/ (mod (quot seed 8192) 256) 256.0)))})

(defn forks
  "n forks of a seed, in parallel."
  ([n] (forks n master-seed))
  ([n seed]
   (let [root {:seed seed :iteration 0 :depth 0}]
     (vec (pmap (fn [i]
                  (let [fork (child root i)]
                    {:index i :fork fork :hsl (hsl fork)}))
            (range n))))))

(defn hex->hsl
  "The hue, saturation and lightness of \"#rrggbb\"."
  [hex]
  (let [[r g b] (map (fn [i] (/ (Integer/parseInt (subs hex i (+ i 2)) 16) 255.0)) [1 3 5])
        high (max r g b)
        low (min r g b)
        spread (- high low)
        lightness (/ (+ high low) 2)]
    {:hue (if (zero? spread)
            0.0
            (mod (* 60.0
                    (condp = high
                      r (/ (- g b) spread)
                      g (+ 2 (/ (- b r) spread))
                      b (+ 4 (/ (- r g) spread))))
                 360.0))
     :saturation (if (zero? spread) 0.0 (/ spread (- 1 (Math/abs (- (* 2 lightness) 1.0)))))
     :lightness lightness}))

(defn forks-near
  "n forks of a seed whose colours lie around one hue, saturation and lightness, closer the smaller `spread` is (0 to 1)."
  [n seed {:keys [hue saturation lightness]} spread]
  (let [around (fn [low high middle value] (-> (+ middle (* spread (- value middle))) (max low) (min high)))]
    (mapv (fn [fork]
            (update fork :hsl
              (fn [own]
                {:hue (mod (+ hue (* spread (- (mod (+ 180.0 (- (:hue own) hue)) 360.0) 180.0))) 360.0)
                 :saturation (around 0.0 1.0 saturation (:saturation own))
                 :lightness (around 0.0 1.0 lightness (:lightness own))})))
      (forks n seed))))
