(ns ffcolor.colors-test
  (:require
   [clojure.string :as string]
   [clojure.test :refer [are deftest is testing]]
   [ffcolor.colors :as colors]
   [ffcolor.header :as header]
   [ffcolor.names :as names])
  (:import
   (clojure.lang ExceptionInfo)
   (ffcolor.colors Colors)
   (java.awt Color)
   (java.util ArrayList HashMap LinkedHashSet)))

(set! *warn-on-reflection* true)

(defn- floats-of
  [source]
  (vec (.array (colors/read-colors source))))

(defn- complaint
  [source]
  (try (colors/read-colors source)
       nil
       (catch ExceptionInfo e (assoc (ex-data e) :message (ex-message e)))))

(def ^:private orange (mapv #(float (/ % 255.0)) [255 136 0]))

(deftype Swatch [])

(deftest ways-to-write-one-colour
  (are [source] (and (= orange (floats-of source))
                     (.one? (colors/read-colors source))
                     (= orange (floats-of [source]))
                     (not (.one? (colors/read-colors [source]))))
    "#ff8800" "#FF8800" "ff8800" "#f80" "F80" "#f80f" "#ff8800ff" " #ff8800 "
    [255 136 0] '(255 136 0) [255 136 0 255] (map identity [255 136 0]) [(int 255) (short 136) 0N]
    [1 (/ 136 255) 0] [1.0 (/ 136.0 255.0) 0] [1.0 (/ 136.0 255.0) 0 1] [1.0 (/ 136.0 255.0) 0 1.00001] [1.0 (/ 136.0 255) 0M]
    {:r 255 :g 136 :b 0} {:r 255 :g 136 :b 0 :a 1} {"red" 255 "green" 136 "blue" 0} {":r" 255 'g 136 :b 0}
    {:hex "#ff8800"} {:rgb [255 136 0]} {:rgb {:r 255 :g 136 :b 0}} {:color "#ff8800"} {:color {:rgb [255 136 0]} :id 7}
    (HashMap. {"hex" "#f80"}) (Color. 255 136 0)))

(deftest hsl-in-all-its-forms
  (let [expected (floats-of {:hue 262.1 :saturation 0.7 :lightness 0.45})]
    (are [source] (= expected (floats-of source))
      {:h 262.1 :s 0.7 :l 0.45}
      {:hsl {:hue 262.1 :saturation 0.7 :lightness 0.45}}
      {:hsl [262.1 0.7 0.45] :seed 1069}
      {:id "fork-3" :trit -1 :color {:hue 262.1 :saturation 0.7 :lightness 0.45}}
      {"hsl" {":h" 262.1 ":s" 0.7 ":l" 0.45}}))
  (is (= [1.0 0.0 0.0] (mapv double (floats-of {:hue -360 :saturation 1 :lightness 1/2})))))

(deftest names-and-keywords
  (is (= (floats-of "#663399") (floats-of :rebeccapurple) (floats-of "RebeccaPurple")))
  (is (= 148 (count names/css)))
  (is (= [0.0 0.0 0.0 1.0 1.0 1.0] (mapv double (floats-of [:black "white"])))))

(deftest rows-of-written-numbers
  (is (= :ambiguous-scale (:code (complaint ["230" "127" "134"])) (:code (complaint "230 127 134"))))
  (is (= 9 (count (floats-of ["fff" "127" "134"])))))

(deftest many-colours
  (let [expected (floats-of [[0.1 0.2 0.3] [0.4 0.5 0.6]])]
    (are [source] (and (= expected (floats-of source)) (not (.one? (colors/read-colors source))))
      '([0.1 0.2 0.3] (0.4 0.5 0.6))
      (map identity [[0.1 0.2 0.3] [0.4 0.5 0.6]])
      (to-array [[0.1 0.2 0.3] [0.4 0.5 0.6]])
      (ArrayList. [[0.1 0.2 0.3] [0.4 0.5 0.6]])
      (LinkedHashSet. [[0.1 0.2 0.3]  [0.4 0.5 0.6]])
      (float-array [0.1 0.2 0.3 0.4 0.5 0.6])
      (double-array [0.1 0.2 0.3 0.4 0.5 0.6])
      [(float-array [0.1 0.2 0.3]) (double-array [0.4 0.5 0.6])]
      (into-array [(float-array [0.1 0.2 0.3]) (float-array [0.4 0.5 0.6])])
      (eduction (map identity) [[0.1 0.2 0.3] [0.4 0.5 0.6]])))
  (is (= (floats-of ["red" "blue" "lime"]) (floats-of "red, #00f\n lime") (floats-of (byte-array [-1 0 0 0 0 -1 0 -1 0]))
         (floats-of (int-array [255 0 0 0 0 255 0 255 0])) (floats-of (long-array [255 0 0 0 0 255 0 255 0]))))
  (testing "an array is many colours, even if it holds one"
    (is (not (.one? (colors/read-colors (float-array [0.1 0.2 0.3])))))))

(deftest streams-stand-for-their-colours
  (is (= (floats-of ["#E67F86" "#D06546" "#1316BB"]) (floats-of "genesis:1069:1-3")))
  (is (= (floats-of ["red" "#E67F86" "#D06546" :blue]) (floats-of [:red "genesis:1069:1-2" "blue"])))
  (is (= ["red" "#E67F86" "#D06546"] (.items (colors/read-colors ["red" "genesis:1069:1-2"]))))
  (is (= 36 (count (floats-of :genesis))))
  (is (not (.one? (colors/read-colors "hash:7:3-3")))))

(deftest the-type-of-numbers-says-their-scale
  (let [byte-one (float (/ 1 255.0))]
    (is (= [(float 1) (float 0) (float 1)] (subvec (floats-of [[1 0 1] [0.5 0.5 0.5]]) 0 3)))
    (is (= [byte-one (float 0) byte-one] (subvec (floats-of [[1 0 1] [255 0 0]]) 0 3)))
    (is (= [byte-one (float 0) byte-one] (subvec (floats-of [[1 0 1] (byte-array [1 2 3])]) 0 3)))
    (is (= [0.0 0.0 0.0] (mapv double (floats-of [0 0 0]))))
    (are [source place] (let [{:keys [code position]} (complaint source)] (and (= :ambiguous-scale code) (= place position)))
      [1 1 1] nil
      [[0 0 0] [1 1 0]] 1
      [[0.5 0.5 0.5] [1 1 0] [2 2 2]] 1
      (int-array [0 0 0 1 1 1]) 1)
    (is (= :alpha (:code (complaint [[1 1 1 1] [255 255 255]]))))
    (is (= [1.0 1.0 1.0] (mapv double (subvec (floats-of [[1 1 1 1] [0.5 0.5 0.5]]) 0 3))))))

(deftest what-is-not-a-colour
  (are [source code place words] (let [found (complaint source)]
                                   (and (= code (:code found))
                                        (= (keyword "ffcolor" (name code)) (:type found))
                                        (= place (:position found))
                                        (string/includes? (:message found) words)))
    [[0.1 0.2 0.3] [0.1 2.5 0.3]]         :invalid-color 1 "colour 1: [0.1 2.5 0.3] is not a colour: 2.5 is outside 0..1"
    [0.1 2.5 0.3]                         :invalid-color nil "for 0..255 write whole numbers"
    [256 0 0]                             :invalid-color nil "256 is outside 0..255"
    [-0.01 0.0 0.0]                       :invalid-color nil "-0.01 is outside 0..1"
    [[0.1 0.2 0.3] [##NaN 0.0 0.0]]       :invalid-color 1 "NaN is not a finite number"
    [##Inf 0.0 0.0]                       :invalid-color nil "Infinity"
    [1e300 0.0 0.0]                       :invalid-color nil "outside 0..1"
    (float-array [0 0 0 0 1.5 0])         :invalid-color 1 "1.5 is outside 0..1"
    (double-array [0 0 0 0 1.5 0])        :invalid-color 1 "1.5 is outside 0..1"
    [0.1 0.2]                             :shape nil "it has 2 numbers"
    [[0.1 0.2 0.3 0.4 0.5]]               :shape 0 "it has 5 numbers"
    (float-array 4)                       :shape nil "multiple of 3"
    [(float-array 6)]                     :shape 0 "it has 6 numbers"
    [0.1 "x" 0.2]                         :invalid-color nil "\"x\" is not a number"
    [0.1 nil 0.2]                         :invalid-color nil "nil is not a number"
    [0.1 true 0.2]                        :invalid-color nil "true is not a number"
    [[[0.1 0.2 0.3]]]                     :invalid-color 0 "[0.1 0.2 0.3] is not a number"
    [[0.1 0.2 0.3 0.5]]                   :alpha 0 "translucent (alpha 0.500)"
    "#ff000080"                           :alpha nil "translucent"
    (Color. 1 2 3 128)                    :alpha nil "translucent"
    {:hue 1 :saturation 2 :lightness 0.5} :invalid-color nil "hue is in degrees"
    {:hue 1 :saturation "x" :lightness 1} :invalid-color nil "three numbers"
    {:l 50 :c 20 :h 10}                   :invalid-color nil "{:L :C :H}"
    {:x 1}                                :invalid-color nil "a map holds :hue"
    {}                                    :invalid-color nil "a map holds"
    {:r 1.0 :g 0 :b 0 :alpha 2}           :invalid-color nil "alpha"
    [{:hex nil :color 7}]                 :invalid-color 0 "{:hex nil, :color 7} is not a colour"
    nil                                   :invalid-color nil "nil is not a colour"
    [:red nil]                            :invalid-color 1 "colour 1: nil is not a colour"
    \r                                    :invalid-color nil "\\r is not a colour"
    (Swatch.)                             :invalid-color nil "is not a colour"
    (char-array 3)                        :invalid-color nil "is not a colour"
    []                                    :no-colors nil "no colours"
    (float-array 0)                       :no-colors nil "no colours"
    " "                                   :no-colors nil "no colours"
    #{:red}                               :shape nil "a set has no order"
    "0.1 0.2 0.3"                         :ambiguous-scale nil "could be numbers or hex"))

(deftest text-that-only-the-engine-reads
  (let [read (colors/read-colors [:red "oklch(0.7 0.1 200)" {:L 50 :C 20 :H 10} "bluw"])
        out (StringBuilder.)
        arrays (ArrayList.)]
    (is (= [1 3] (map first (remove (comp map? second) (.others read)))))
    (header/write! read out arrays)
    (is (= (str "{\"$colors\":0,\"others\":[[1,\"oklch(0.7 0.1 200)\"],[2,{\"L\":50,\"C\":20,\"H\":10,\"alpha\":1.0}],[3,\"bluw\"]],"
                "\"lone\":false}")
           (str out)))
    (is (= 12 (alength ^floats (first arrays))))))

(deftest read-colours-are-colours-and-inputs-stay-as-they-are
  (let [read (colors/read-colors [:red])]
    (is (identical? read (colors/read-colors read))))
  (let [given (float-array [0.5 0.5 1.00001])
        ^floats read (.array (colors/read-colors given))]
    (is (= 1.0 (double (aget read 2))))
    (is (< 1.0 (aget given 2)))
    (is (not (identical? given read)))))

(deftest hexes-round-to-the-nearest
  (is (= ["#FF8000" "#008080"] (colors/hexes (float-array [1.0 0.5 0.0 0.0 (/ 128 255.0) (/ 128 255.0)])))))

(deftest a-long-vector
  (let [many (vec (repeat 20000 [0.25 0.5 0.75]))
        ^Colors read (colors/read-colors many)]
    (is (= 60000 (alength ^floats (.array read))))
    (is (= [0.25 0.5 0.75] (mapv double (take-last 3 (.array read)))))))
