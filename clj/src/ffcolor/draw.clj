(ns ffcolor.draw
  "How each stream draws its colours, into arrays of bytes: red, green, blue, red, green, blue, …

  Every function takes a checked word for a seed, a word for the first index, and a count. The arithmetic is that of the
  Python library, step for step, so the bytes are the same."
  (:require
   [ffcolor.chains :as chains]
   [ffcolor.splitmix :as splitmix]))

(set! *warn-on-reflection* true)
(set! *unchecked-math* :warn-on-boxed)

(defn- eight-bits
  "A channel in 0..1, or outside, as a clipped and rounded byte."
  ^long [^double channel]
  (long (+ (* (Math/min 1.0 (Math/max 0.0 channel)) 255.0) 0.5)))

(defn- hsl-channel
  "One channel of HSL as sRGB: `turn` is 0 for red, 8 for green, 4 for blue. Source: CSS Color 4, section 7.1."
  ^long [^double turn ^double hue ^double saturation ^double lightness]
  (let [k (rem (+ turn (/ hue 30.0)) 12.0)
        reach (* saturation (Math/min lightness (- 1.0 lightness)))]
    (eight-bits (- lightness (* reach (Math/max -1.0 (Math/min 1.0 (Math/min (- k 3.0) (- 9.0 k)))))))))

(defmacro ^:private put!
  "Writes the three channels of colour number `place`."
  [out place red green blue]
  `(let [at# (* 3 ~place)]
     (aset ~out at# (unchecked-byte ~red))
     (aset ~out (+ at# 1) (unchecked-byte ~green))
     (aset ~out (+ at# 2) (unchecked-byte ~blue))))

(defn- unit-52
  "The lower 52 bits of a word as a double in [0, 1)."
  ^double [^long word]
  (* (double (bit-and word 0xFFFFFFFFFFFFF)) (/ 1.0 4503599627370496.0)))

(defn genesis
  "Draws `count` colours of the genesis chain: plain HSL, by three numbers of the generator split off at each index."
  [^long seed ^long start ^long count]
  (chains/check-reach chains/genesis start count)
  (let [out (byte-array (* 3 count))
        ^longs state (chains/state-at chains/genesis seed start)]
    (loop [place 0, seed (aget state 0), gamma (aget state 1)]
      (when (< place count)
        (let [one (+ seed gamma)
              two (+ one gamma)
              number (splitmix/mix64 one)
              hue (* 360.0 (unit-52 number))
              saturation (+ 0.5 (* 0.4 (unit-52 (splitmix/mix64 two))))
              lightness (+ 0.35 (* 0.4 (unit-52 (splitmix/mix64 (+ two gamma)))))]
          (put! out place
                (hsl-channel 0.0 hue saturation lightness)
                (hsl-channel 8.0 hue saturation lightness)
                (hsl-channel 4.0 hue saturation lightness))
          (recur (inc place) number (chains/mix-gamma two)))))
    out))

(defn hash-bytes
  "Draws `count` colours of the hash stream: the low three bytes of mix64((seed ^ index gamma) + gamma)."
  [^long seed ^long start ^long count]
  (let [out (byte-array (* 3 count))
        gamma (long splitmix/gamma)]
    (dotimes [place count]
      (let [word (splitmix/mix64 (+ gamma (bit-xor seed (* gamma (+ start place)))))]
        (put! out place word (bit-shift-right word 8) (bit-shift-right word 16))))
    out))

(defn- share
  "An unsigned word as a share of 2^64 - 1, rounded as a conversion of unsigned words rounds."
  ^double [^long word]
  (let [number (if (neg? word)
                 (* 2.0 (double (bit-or (unsigned-bit-shift-right word 1) (bit-and word 1))))
                 (double word))]
    (* number (/ 1.0 18446744073709551616.0))))

(defn lch-coordinates
  "Draws L (10 to 95), chroma (0 to 100) and hue in degrees of `count` colours: a double array of triples."
  [^long seed ^long start ^long count]
  (let [out (double-array (* 3 count))
        gamma (long splitmix/gamma)
        before (+ seed (* 3 start gamma))]
    (dotimes [place count]
      (let [at (* 3 place)
            state (+ before (* at gamma))]
        (aset out at (+ 10.0 (* 85.0 (share (splitmix/mix64 (+ state gamma))))))
        (aset out (+ at 1) (* 100.0 (share (splitmix/mix64 (+ state (* 2 gamma))))))
        (aset out (+ at 2) (* 360.0 (share (splitmix/mix64 (+ state (* 3 gamma))))))))
    out))

;; IEC 61966-2-1 primaries, linear light to CIE XYZ (D65), as the standard publishes them; white is their sum, so it is
;; exactly grey. Backwards by the adjugate.
(def ^:private linear-from-xyz
  (let [[a b c d e f g h i] [0.4124 0.3576 0.1805, 0.2126 0.7152 0.0722, 0.0193 0.1192 0.9505]
        minor (fn [^double p ^double q ^double r ^double s] (- (* p s) (* q r)))
        adjugate [(minor e f h i) (minor c b i h) (minor b c e f)
                  (minor f d i g) (minor a c g i) (minor c a f d)
                  (minor d e g h) (minor b a h g) (minor a b d e)]
        determinant (+ (* (double a) (double (nth adjugate 0)))
                       (* (double b) (double (nth adjugate 3)))
                       (* (double c) (double (nth adjugate 6))))
        white [(+ 0.4124 0.3576 0.1805) (+ 0.2126 0.7152 0.0722) (+ 0.0193 0.1192 0.9505)]]
    (double-array (map (fn [^double entry ^double light] (* light (/ entry determinant))) adjugate (cycle white)))))

(defn- from-lab
  "One of X, Y, Z, as a share of white, from its place on the cube root scale. Source: CIE 15:2004, appendix D."
  ^double [^double f]
  (if (> f (/ 6.0 29.0))
    (* f f f)
    (* 3.0 (/ 36.0 841.0) (- f (/ 4.0 29.0)))))

(defn- gamma-byte
  "One channel of linear light as an sRGB byte. Source: IEC 61966-2-1."
  ^long [^double linear]
  (eight-bits (if (<= linear 0.0031308)
                (* linear 12.92)
                (- (* 1.055 (Math/pow linear (/ 1.0 2.4))) 0.055))))

(defn- linear-byte
  "One channel, as a byte, from X, Y, Z as shares of white: row number `row` of the matrix, three places each."
  ^long [^long row ^double x ^double y ^double z]
  (let [^doubles matrix linear-from-xyz
        at (* 3 row)]
    (gamma-byte (+ (* (aget matrix at) x) (* (aget matrix (+ at 1)) y) (* (aget matrix (+ at 2)) z)))))

(defn lch
  "Draws `count` colours of the lch stream: CIE LCh(ab) under D65, clipped to sRGB."
  [^long seed ^long start ^long count]
  (let [out (byte-array (* 3 count))
        ^doubles drawn (lch-coordinates seed start count)]
    (dotimes [place count]
      (let [at (* 3 place)
            chroma (aget drawn (+ at 1))
            hue (Math/toRadians (aget drawn (+ at 2)))
            middle (/ (+ (aget drawn at) 16.0) 116.0)
            x (from-lab (+ middle (/ (* chroma (Math/cos hue)) 500.0)))
            y (from-lab middle)
            z (from-lab (- middle (/ (* chroma (Math/sin hue)) 200.0)))]
        (put! out place (linear-byte 0 x y z) (linear-byte 1 x y z) (linear-byte 2 x y z))))
    out))

(defn fork-seed
  "Returns the child seed of a fork: on signed words, where the right shift drags the sign along; so it is not a rotation."
  ^long [^long word]
  (bit-or (bit-shift-left word 13) (bit-shift-right word 51)))

(defn fork-hue
  "Returns the hue in degrees of a child seed: one of the golden angle's turns, by its remainder of 1,000."
  ^double [^long child]
  (rem (* (double (Math/floorMod child 1000)) 137.508) 360.0))

(defn fork-saturation
  "Returns the saturation, 0.31 to 0.61, of a child seed."
  ^double [^long child]
  (Math/min 1.0 (+ 0.3 0.01 (* (/ (double (Math/floorMod child 256)) 256.0) 0.3))))

(defn fork
  "Draws `count` colours of music-topos's forks. By its formulas the lightness always comes out as 0.9."
  [^long seed ^long start ^long count]
  (let [out (byte-array (* 3 count))]
    (dotimes [place count]
      (let [child (fork-seed (+ seed start place))
            hue (fork-hue child)
            saturation (fork-saturation child)]
        (put! out place
              (hsl-channel 0.0 hue saturation 0.9)
              (hsl-channel 8.0 hue saturation 0.9)
              (hsl-channel 4.0 hue saturation 0.9))))
    out))

(defn- unworld-channel
  "255 (0.15 + 0.7 part / 60), rounded down, in whole numbers; part is how far the channel has risen, 0 to 60."
  ^long [^long turn]
  (let [k (Math/floorMod turn 360)
        part (Math/max 0 (Math/min 60 (Math/min k (- 240 k))))]
    (quot (+ (* 119 part) 1530) 40)))

(defn unworld
  "Draws `count` colours of the unworld chain: the hue of a seed's trit and 30 degrees around, HSL 0.7 and 0.5."
  [^long seed ^long start ^long count]
  (chains/check-reach chains/unworld start count)
  (let [out (byte-array (* 3 count))
        ^longs state (chains/state-at chains/unworld seed start)]
    (loop [place 0, seed (aget state 0)]
      (when (< place count)
        (let [offset (rem (bit-and (unsigned-bit-shift-right seed 16) 255) 60)
              turn (+ (* 120 (- 1 (chains/seed-trit seed))) offset -30)]
          (put! out place (unworld-channel (+ turn 120)) (unworld-channel turn) (unworld-channel (- turn 120)))
          (recur (inc place) (chains/next-unworld seed)))))
    out))
