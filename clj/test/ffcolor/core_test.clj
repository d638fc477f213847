(ns ffcolor.core-test
  {:engine true}
  (:require
   [clojure.java.io :as io]
   [clojure.pprint :as pprint]
   [clojure.string :as string]
   [clojure.test :refer [are deftest is testing]]
   [ffcolor.bridge]
   [ffcolor.colors :as colors]
   [ffcolor.core :as ff :refer :all])
  (:import
   (clojure.lang ExceptionInfo)
   (ffcolor.handles Model)
   (java.io File)
   (java.util ArrayList)))

(set! *warn-on-reflection* true)

(def ^:private pastels ["#ffd1dc" "#c1e1c1" "#aec6cf" "#fdfd96"])
(def ^:private darks ["#8b0000" "#003300" "#000000" "#4b0082"])
(def ^:private learned (delay (learn pastels darks)))

(defn- model [] (:model @learned))

(defn- data-of
  [f]
  (try (f)
       nil
       (catch ExceptionInfo e (assoc (ex-data e) :message (ex-message e)))))

(deftest learning-returns-plain-data
  (let [{:keys [model goodness threshold accuracy probability loss palette drawn?] :as found} @learned]
    (is (= #{:model :goodness :threshold :accuracy :probability :loss :palette :drawn?} (set (keys found))))
    (is (instance? Model model))
    (is (= [4 4 4 4] (map count (mapcat (juxt :liked :disliked) [goodness probability]))))
    (is (every? vector? (mapcat vals [goodness probability])))
    (is (every? #(> (double %) (double threshold)) (:liked goodness)))
    (is (every? #(< (double %) (double threshold)) (:disliked goodness)))
    (is (every? #(< 0.5 (double %)) (:liked probability)))
    (is (= [1.0 60 false] [accuracy (count loss) drawn?]))
    (is (< (double (peek loss)) (double (first loss))))
    (is (and (seq? palette) (= 5 (count palette)) (every? #(re-matches #"#[0-9A-F]{6}" %) palette)))
    (is (= palette (ff/palette model)))
    (is (= (:liked goodness) (ff/goodness model pastels)))
    (is (= (:liked probability) (ff/probability model pastels)))))

(deftest the-palette-outlives-the-model
  (let [{:keys [^Model model palette]} (learn pastels darks {:palette-size 3})]
    (.close model)
    (is (= 3 (count palette))))
  (is (= (ff/palette (model) 3) (:palette (learn pastels darks {:palette-size 3})))))

(deftest the-palette-can-be-tried-again-after-an-interrupt
  (let [{:keys [palette]} (learn pastels darks)]
    (.interrupt (Thread/currentThread))
    (is (thrown? InterruptedException (first palette)))
    (is (= 5 (count palette)))))

(deftest without-disliked-colours-some-are-drawn
  (let [found (learn pastels nil)]
    (is (:drawn? found))
    (is (< 100 (count (:disliked (:goodness found)))))
    (is (< 0.9 (double (:accuracy found))))
    (is (= [] (:disliked-colors (info (:model found)))))))

(deftest the-same-seed-gives-the-same-model
  (let [scores #(score (:model (learn pastels nil {:seed %})) pastels)]
    (is (= (scores 7) (scores 7)))
    (is (not= (scores 7) (scores 8)))))

(deftest options-reach-the-learner
  (let [{:keys [model loss threshold]} (learn pastels darks {:hidden [4 3] :steps 7 :threshold 3.0 :background 0.3})]
    (is (= [7 6.0] [(count loss) threshold]))
    (is (= {:hidden [4 3] :threshold 3.0 :background 0.3 :steps 7 :seed 0} (:settings (info model))))))

(deftest on-step-hears-of-every-step
  (let [heard (atom [])
        {:keys [loss]} (learn pastels darks {:steps 5 :on-step #(swap! heard conj %)})]
    (is (= (map-indexed (fn [i loss] {:step (inc (long i)) :steps 5 :loss loss}) loss) @heard))))

(deftest contradictions-are-warned-of
  (let [{:keys [warnings]} (learn ["#ff0000" "#00ff00"] ["#ff0000" "#0000ff"])]
    (is (= 1 (count warnings)))
    (is (string/includes? (first warnings) "#FF0000"))))

(deftest one-in-one-out-many-in-many-out
  (let [{:keys [model]} @learned]
    (doseq [judge [score probability goodness]]
      (is (number? (judge model :red)))
      (is (number? (judge model [0.9 0.2 0.1])))
      (is (number? (judge @learned {:hsl {:hue 10 :saturation 0.5 :lightness 0.5} :id 3})))
      (is (every? #(< -1e-5 (double %) 1e-5) (map - [(judge model :red) (judge model :lime)] (judge model [:red "#0f0"]))))
      (is (= [(judge model :red)] (judge model [:red]) (judge model (float-array [1 0 0]))))
      (is (vector? (judge model (list :red))))
      (is (= 32 (count (judge model "genesis:1069:1-32")))))
    (testing "colours that Python reads"
      (is (= ["#996B72" "#40B1B7" "#FF0000"] (map :hex (:colors (show [{:L 50 :C 20 :H 10} "oklch(0.7 0.1 200)" :red]))))))))

(deftest ranking-gives-back-what-was-given
  (let [forks [{:id 1 :color {:hue 0 :saturation 1 :lightness 0.2}} {:id 2 :color {:hue 350 :saturation 1 :lightness 0.9}}]
        rows (rank (model) forks)]
    (is (= [2 1] (map (comp :id :color) rows)))
    (is (= [1 0] (map :index rows)))
    (is (= [true false] (map :liked? rows)))
    (is (= (map :score rows) (score (model) (map :color rows))))
    (is (= (map :probability rows) (probability (model) (map :color rows))))
    (is (= (map :hex rows) (map :hex (:colors (show (map :color rows))))))
    (is (= 1 (count (rank (model) forks {:top 1}))))
    (is (= ["#E67F86" "#D06546"] (sort-by {"#E67F86" 0 "#D06546" 1} (map :color (rank (model) "genesis:1069:1-2")))))
    (testing "equals stay in order"
      (is (= (range 6) (map :index (rank (model) (repeat 6 :pink))))))))

(deftest updates-make-new-models
  (let [before (score (model) [:lime :red])
        newer (update-model (model) [:lime] [:red])]
    (is (= before (score (model) [:lime :red])))
    (is (> (double (score newer :lime)) (double (first before))))
    (is (= 1 (:updates (info newer))))
    (is (= 5 (:liked (info (update-model @learned [:lime])))))
    (is (= 5 (:disliked (info (update-model (model) nil [:red])))))
    (is (= :no-colors (:code (data-of #(update-model (model) nil)))))))

(deftest files
  (let [file (File/createTempFile "taste" ".safetensors")]
    (try
      (is (identical? (model) (save! (model) file)))
      (doseq [path [file (str file) (.toPath file)]]
        (with-open [^Model loaded (load-model path)]
          (is (= (score (model) pastels) (score loaded pastels)))))
      (spit file "no model")
      (is (= :model-file (:code (data-of #(load-model file)))))
      (finally (io/delete-file file))))
  (let [{:keys [code message]} (data-of #(load-model "no/such.safetensors"))]
    (is (= :model-file code))
    (is (string/includes? message "no/such.safetensors")))
  (is (= :file-write (:code (data-of #(save! (model) "/no/such/folder/x.safetensors"))))))

(deftest palettes
  (let [found (palette (model) 4 {:locked [:red] :order :chosen})]
    (is (vector? found))
    (is (= "#FF0000" (first found)))
    (is (= found (map :hex (:colors (meta found)))))
    (is (pos? (double (:min-delta-e (meta found))))))
  (is (= 3 (count (palette nil 3 {:background "#102030" :contrast 4.5 :vision :deutan}))))
  (is (= 5 (count (palette (model) {:power 1}))))
  (is (= (palette (model) 3) (palette (model) 3 {:locked []})))
  (is (= :palette-infeasible (:code (data-of #(palette nil 200 {:min-delta-e 100}))))))

(deftest explaining-showing-converting
  (let [found (explain (model) "#ffc0cb")]
    (is (= "#FFC0CB" (:color found)))
    (is (= (score (model) "#ffc0cb") (:score found)))
    (is (= "#FFD1DC" (:color (:nearest-liked found))))
    (is (contains? (set (map :step (:changes found))) "hue +20°")))
  (is (= "#FF0000\n#0000FF\n" (convert [:red :blue] :hex)))
  (is (= "ASEF" (String. ^bytes (convert [:red] :ase {:names ["rouge"] :title "t"}) 0 4 "US-ASCII")))
  (is (= {:hex "#008080" :name "#008080" :contrast-on-black 4.39}
         (select-keys (first (:colors (show [:teal]))) [:hex :name :contrast-on-black])))
  (is (= ["#E67F86" "#D06546"] (map :hex (stream :genesis {:count 2})) (map :hex (stream "genesis:1069:1-2"))))
  (is (contains? (:formats (info)) :css)))

(deftest skills
  (let [folder (.toFile (java.nio.file.Files/createTempDirectory "skills" (make-array java.nio.file.attribute.FileAttribute 0)))
        file (io/file folder "blue" "SKILL.md")]
    (io/make-parents file)
    (spit file "---\nname: blue\ndescription: Paints blue.\ntrit: 7\n---\n# Blue\n")
    (is (vector? (validate-skills folder)))
    (is (= 1 (:files (meta (validate-skills folder)))))
    (is (= [4 7] ((juxt :line :column) (first (filter #(= "GF203" (:code %)) (validate-skills [folder]))))))
    (is (= [] (validate-skills folder {:ignore ["GF"]})))
    (run! io/delete-file [file (io/file folder "blue") folder])))

(deftest wrong-arguments-say-what-is-right
  (are [code words f] (let [found (data-of f)]
                        (and (= code (:code found))
                             (= (keyword "ffcolor" (name code)) (:type found))
                             (string/includes? (:message found) words)))
    :unknown-option "has no option :sead: did you mean :seed?" #(learn pastels darks {:sead 1})
    :unknown-option "it takes :top"                            #(rank (model) pastels {:n 1})
    :invalid-option "takes a map of options"                   #(learn pastels darks 7)
    :invalid-option ":on-step is 7; it must be a function"     #(learn pastels darks {:on-step 7})
    :invalid-option "cannot be an argument"                    #(learn pastels darks {:seed (Object.)})
    :invalid-setting ":seed is 'x'"                             #(learn pastels darks {:seed "x"})
    :invalid-setting ":hidden is 0"                             #(learn pastels darks {:hidden 0})
    :invalid-setting ":top is 0; it must be a whole number"      #(rank (model) pastels {:top 0})
    :model "7 is not a model"                                  #(score 7 :red)
    :model "not a layer"                                       #(forward (model) :red)
    :invalid-color "did you mean 'blue'?"                      #(score (model) "bluw")
    :invalid-color "colour 1: 'bluw' is not a colour"          #(score (model) [:red "bluw"])
    :invalid-color "no image is opened here"                   #(score (model) "/etc/picture.png")
    :invalid-color "colour 1: '/etc/passwd' is not a colour"   #(score (model) [:red "/etc/passwd"])
    :no-colors "no colours"                                    #(learn [] darks)
    :invalid-setting ":learning-rate is -1"                    #(make-ff-layer 3 16 {:learning-rate -1})
    :palette ":min-delta-e is -1"                              #(palette (model) 3 {:min-delta-e -1})
    :unknown-argument "no argument :min-delta-x: did you mean :min-delta-e?" #(verb :palette {:min-delta-x 3})
    :ambiguous-scale "say {:scale 255}"                        #(score (model) [[1 0 1]])
    :invalid-option ":scale is 7; it must be 1 or 255"         #(score (model) [[1 0 1]] {:scale 7})
    :shape "give a sorted-set or a vector"                     #(score (model) #{:red :blue})
    :shape "one colour is wanted here"                        #(explain (model) [:red :blue])
    :palette-format "doc"                                      #(convert :red :doc)
    :unknown-verb "nil is not a verb"                          #(verb nil {})
    :unknown-verb "is not a verb; (:verbs (info)) lists them"  #(verb "score:score" {:model (model) :colors [:red]})
    :unknown-verb ":release is not a verb"                     #(verb :release)
    :unknown-verb "is not a verb"                              #(verb "score x" {})
    :model "is not a model"                                    #(verb :palette {:model {:modle (model)} :n 3})
    :invalid-color "hue, saturation and lightness"             #(score (model) {:hsl 5})
    :shape "takes the activations that forward returns"        #(compute-goodness [[:a]])
    :shape "this layer takes vectors of 5 numbers"             #(forward (make-ff-layer 5 4) 5)
    :not-finite "so large that the step is not finite"         #(let [l (make-ff-layer 5 4)
                                                                      g (compute-goodness (forward l [[1e30 2 3 4 5]]))]
                                                                  (local-update l g g))
    :invalid-setting ":steps is true"                          #(learn pastels darks {:steps true})
    :invalid-setting ":threshold is ##Inf"                     #(learn pastels darks {:threshold ##Inf})
    :invalid-option ":palette-size is 0"                       #(learn pastels darks {:palette-size 0})
    :palette "n is nil"                                       #(palette (model) nil)
    :palette "300"                                             #(palette (model) 300)))

;; ---- what comes in, what goes out -----------------------------------------------------------------------------------

(defrecord ColorForkSeed [base-seed iteration depth metadata])
(defrecord TernaryColorACSet [negative-colors zero-colors positive-colors metadata])

(defrecord RGB [r g b])

(deftest records-with-the-keys-of-a-colour
  (is (= (score (model) [1 2 3]) (score (model) (RGB. 1 2 3)) (score (model) {:color (RGB. 1 2 3)}))))

(deftest forks-and-ternary-sets-of-music-topos
  (let [tree (mapv #(ColorForkSeed. % 3 2 {:fork-index 0}) [7453010330678292335 12345 99])
        acset (TernaryColorACSet. darks [] pastels {:created 0})
        scores #(score (:model %) (concat pastels darks))]
    (is (= 1.0 (:accuracy (learn acset))))
    (is (= (scores @learned) (scores (learn acset)) (scores (learn {:ternary-acset acset}))
           (scores (learn {:liked pastels :disliked darks})) (scores (learn acset nil {:seed nil}))))
    (is (= 3 (count (score (model) tree))))
    (is (= tree (sort-by :base-seed > (map :color (rank (model) tree)))))
    (is (= (score (model) {:hue (mod (* 137.508 99) 360.0) :saturation (+ 0.33 (* 0.3 (/ 99 256))) :lightness 0.9})
           (score (model) (peek tree))))
    (is (:drawn? (learn tree)))
    (is (= :invalid-color (:code (data-of #(score (model) [(ColorForkSeed. nil 0 0 {})])))))))

(deftest nothing-in-nothing-out
  (doseq [none [[] () nil #{} (ArrayList.) (float-array 0) (map identity []) (.iterator ^Iterable [])]]
    (is (= [] (score (model) none)))
    (is (= [] (probability (model) none)))
    (is (= [] (goodness (model) none)))
    (is (= [] (rank (model) none)))
    (is (= (model) (:model (learn pastels darks))))
    (is (:drawn? (learn pastels none)))
    (is (= (score (update-model (model) [:lime]) :lime) (score (update-model (model) [:lime] none) :lime)))))

(deftest sets-iterators-and-streams
  (is (= (model) (:model (learn (set pastels) (set darks)))))
  (is (= (score (model) (sort darks)) (score (model) (apply sorted-set darks))))
  (is (= (set pastels) (set (map :color (rank (model) (set pastels))))))
  (is (= (score (model) pastels) (score (model) (.iterator ^Iterable pastels)) (score (model) (.stream ^java.util.Collection pastels)))))

(deftest the-scale-can-be-said
  (is (= (score (model) [[1.0 0.0 1.0]]) (score (model) [[1 0 1]] {:scale 1}) (score (model) [[255 0 255]])))
  (is (= (score (model) ["#010001"]) (score (model) [[1 0 1]] {:scale 255}) (score (model) [[1.0 0.0 1.0]] {:scale 255})
         (score (model) (double-array [1 0 1]) {:scale 255})))
  (is (= (score (model) ["#010001"]) (map :score (:colors (verb :score {:model (model) :colors [[1 0 1]] :scale 255})))))
  (is (= ["#010001"] (map :hex (:colors (show [[1 0 1]] {:scale 255}))) (map :hex (rank (model) [[1 0 1]] {:scale 255}))
         (re-seq #"#\w+" (convert [[1 0 1]] :hex {:scale 255}))))
  (is (= (model) (:model (learn (map #(mapv (fn [c] (* 255.0 (double c))) (.array (colors/read-colors %))) pastels) darks {:scale 255}))
         (:model (learn pastels darks)))
      "floats in 0..255"))

(deftest printing-a-result-neither-chooses-nor-lists
  (let [found (learn pastels darks)
        printed (pr-str found)
        pretty (with-out-str (pprint/pprint found))]
    (doseq [text [printed pretty]]
      (is (string/includes? text ":palette #<chosen when read>"))
      (is (re-find #":loss\s+#<60 numbers, \S+ to \S+>" text)))
    (is (not (realized? (:palette found))))
    (is (= 60 (count (:loss found))))
    (is (map? found))
    (is (= [1.0 6.0] (map found [:accuracy :threshold])))
    (is (= printed (str found)))
    (is (not (realized? (:palette found))))
    (is (= {:accuracy 1.0} (select-keys found [:accuracy])))
    (is (string/includes? (pr-str (update found :palette doall)) (pr-str (:palette found))))))

(deftest models-of-equal-content-are-equal
  (let [other (:model (learn (reverse pastels) darks))
        newer (update-model (model) [:lime])
        file (File/createTempFile "model" ".safetensors")]
    (is (= other (model)))
    (is (= (hash other) (hash (model))))
    (is (= 1 (count (set [other (model)]))))
    (is (not= newer (model)))
    (is (= (model) (load-model (do (save! (model) file) file))))
    (is (= {:who "me"} (meta (with-meta other {:who "me"}))))
    (is (= other (with-meta other {:who "me"})))
    (is (= (score other :red) (score (with-meta other {:who "me"}) :red)))
    (is (not= (make-ff-layer 3 4) (make-ff-layer 3 4)) "a layer has state")))

;; ---- the classic layer ---------------------------------------------------------------------------------------------

(defn ff-color-learning
  "Learn color preferences via Forward-Forward"
  [positive-colors negative-colors]
  (let [ff-layer (make-ff-layer 3 16)
        goodness-pos (compute-goodness (forward ff-layer positive-colors))
        goodness-neg (compute-goodness (forward ff-layer negative-colors))]
    (local-update ff-layer goodness-pos goodness-neg)))

(deftest the-textbook-function
  (let [layer (ff-color-learning pastels darks)]
    (is (= {:inputs 3 :units 16 :updates 1} (dissoc @layer :loss)))
    (is (string/includes? (pr-str layer) "1 updates"))
    (testing "teaching it again and again learns"
      (let [first-loss (:loss @layer)
            sides #(map (comp compute-goodness (partial forward layer)) [pastels darks])]
        (dotimes [_ 100] (apply local-update layer (sides)))
        (is (= 101 (:updates @layer)))
        (is (< (double (:loss @layer)) (/ (double first-loss) 3)))
        (let [[positive negative] (sides)]
          (is (> (double (apply min positive)) 2.0 (double (apply max negative)))))))))

(deftest every-name-may-be-taken-after-referring-to-all
  (is (not (contains? (ns-publics 'ffcolor.core) 'ff-color-learning)))
  (is (= 1.0 (:accuracy (ff/ff-color-learning pastels darks))) "by its full name it is there")
  (is (:doc (meta #'ff/ff-color-learning)))
  (is (= '#{make-ff-layer forward compute-goodness local-update} (set (keys (ns-publics 'ffcolor.layers))))))

(deftest layers-stack
  (let [below (make-ff-layer 3 4)
        above (make-ff-layer 4 5 {:normalize? true :seed 3 :threshold 1.5 :learning-rate 0.1})
        activations (forward above (forward below pastels))]
    (is (= [4 5] [(count activations) (count (first activations))]))
    (is (every? #(not (neg? (double %))) (flatten activations)))
    (is (= (forward above [[1 2 3 4]]) (forward above [[2 4 6 8]])) "normalised inputs")
    (is (= [5.0] (compute-goodness [[1.0 3.0]])))
    (is (= :shape (:code (data-of #(forward above [[1 2 3]])))))
    (is (= :not-of-this-layer (:code (data-of #(local-update above [1.0] [2.0])))))
    (is (= :not-of-this-layer (:code (data-of #(local-update above (compute-goodness (forward below pastels)) [2.0])))))
    (is (= :unknown-option (:code (data-of #(make-ff-layer 3 4 {:treshold 1})))))))
