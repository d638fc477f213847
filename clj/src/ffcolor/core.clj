(ns ffcolor.core
  "Teach a computer a taste in colour by Forward-Forward learning, from Clojure, in milliseconds.

    (require '[ffcolor.core :refer :all])

    (def learned (ff-color-learning [\"#ffd1dc\" \"#c1e1c1\" \"#aec6cf\"] [\"#8b0000\" :black]))
    (score (:model learned) :lavender)                  ; one colour in, one number out: above 0 is liked
    (rank (:model learned) [\"#fdfd96\" \"#220011\"])      ; the most liked first
    (:palette learned)                                  ; colours that are liked and differ

  Colours are written in any way that `ffcolor.colors` lists: \"#ff8800\", :teal, [0.9 0.2 0.1], {:hue 262 :saturation 0.7
  :lightness 0.5}, whole maps with a colour under :hsl, :hex, :rgb or :color, java.awt.Color, \"genesis:1069:1-32\", primitive
  arrays, and any sequence of them. One colour in gives one number out, many in (a sequence, an array) give a vector.

  A model is a value: nothing changes it, and `update-model` returns a new one. You may close it (`with-open`), but you need not:
  a model that nothing refers to any more is freed. Any number of threads may use one model.

  `verb` runs anything else that the ffcolor command can do.

  Errors are ex-info with {:type :ffcolor/invalid-color :code :invalid-color :value … :position …}; those of the engine also have
  the Python :traceback. Every call can be interrupted, and an interrupted call changes nothing."
  (:require
   [ffcolor.bridge :as bridge]
   [ffcolor.colors :as colors]
   [ffcolor.layers :as layers]
   [ffcolor.options :as options]
   [ffcolor.streams :as streams]
   [ffcolor.verbs :as verbs])
  (:import
   (clojure.lang LazySeq)
   (ffcolor.bridge Model)
   (ffcolor.colors Colors)
   (java.io File)
   (java.nio.file Path)
   (java.util Base64)))

(set! *warn-on-reflection* true)

;; ---- arguments -----------------------------------------------------------------------------------------------------

(defn- model-of
  "Returns the model, which may be given as the map that ff-color-learning returns."
  [given]
  (let [model (if (map? given) (:model given) given)]
    (if (instance? Model model)
      model
      (throw (options/invalid (str (pr-str given) " is not a model; ff-color-learning and load-model make one")
                              :model given)))))

(defn- path-of
  ^String [given]
  (cond
    (string? given) given
    (instance? File given) (.getPath ^File given)
    (instance? Path given) (str given)
    :else (throw (options/invalid (str (pr-str given) " is not a path; give a string, a File or a Path")
                                  :model-file given))))

(defn- some-colors
  [source]
  (when (some? source) (colors/read-colors source)))

;; ---- learning ------------------------------------------------------------------------------------------------------

(declare palette)

(defn- palette-later
  "A lazy sequence of a model's palette, which is chosen when the sequence is first read; the model is then closed. After an
  interrupt the sequence can be read again (with `lazy-seq` it could not: that forgets what it closes over)."
  [^Model model size]
  (LazySeq. (fn []
              (let [chosen (palette model size)]
                (.close model)
                (seq chosen)))))

(defn ff-color-learning
  "Learns a taste from liked and disliked colours. Returns a map:

    :model        the learned model, closeable
    :goodness     {:liked [..] :disliked [..]}: how strongly the layers respond to each given colour
    :threshold    the goodness above which a colour is liked
    :probability  {:liked [..] :disliked [..]}: the probability that each colour is liked, in 0..1
    :accuracy     the mean share of liked and of disliked colours that are judged right
    :loss         the loss before each step
    :palette      liked colours that differ as much as they can, as hex strings. A lazy sequence, because choosing them takes longer
                  than learning: they are chosen when it is first read (printing the map reads it), even after :model is closed
    :drawn?       whether the disliked colours were drawn
    :warnings     strings, only if there are any

  With nil for the disliked colours, some are drawn, away from the liked ones. Options:
    :seed          of everything random; the same seed and colours give the same model (0)
    :hidden        units of the layer (8), or a vector: units of each layer
    :steps         local steps of each layer (60)
    :threshold     goodness between good and not good, for each layer (6.0)
    :background    share of the disliked side that is spread over all colours, so that what was never shown counts as not liked (0.15)
    :palette-size  how many colours the palette has (5)
    :on-step       called after each step, on this thread, with {:step 1 :steps 60 :loss 0.69}; if it throws, learning stops"
  ([liked disliked] (ff-color-learning liked disliked nil))
  ([liked disliked options]
   (options/check "ff-color-learning" options
                  [:seed :hidden :steps :threshold :background :palette-size :on-step])
   (let [learned (bridge/call "ff_color_learning"
                              (merge {:liked (colors/read-colors liked) :disliked (some-colors disliked)}
                                     (select-keys options [:seed :hidden :steps :threshold :background]))
                              (options/on-step options))
         later (palette-later (:palette-of learned) (:palette-size options 5))]
     (-> learned (dissoc :palette-of) (assoc :palette later)))))

(defn update-model
  "Returns a new model that has learned a few more colours on top of what the given one knows. The given one does not change.

  Either side may be nil. Option :on-step as in ff-color-learning."
  ([model liked] (update-model model liked nil nil))
  ([model liked disliked] (update-model model liked disliked nil))
  ([model liked disliked options]
   (options/check "update-model" options [:on-step])
   (:model (bridge/call "update"
                        {:model (model-of model) :liked (some-colors liked) :disliked (some-colors disliked)}
                        (options/on-step options)))))

;; ---- judging -------------------------------------------------------------------------------------------------------

(defn- judged
  "A number for one colour, a vector for many."
  [operation model source]
  (let [^Colors read (colors/read-colors source)
        ^floats found (first (bridge/call operation {:model (model-of model) :colors read}))]
    (if (.one? read) (double (aget found 0)) (bridge/numbers found))))

(defn score
  "Returns the score of one colour as a number, or of many as a vector: goodness minus the threshold, so above 0 is liked."
  [model colors]
  (judged "score:score" model colors))

(defn probability
  "Returns the probability that a colour is liked, in 0..1: a number for one colour, a vector for many."
  [model colors]
  (judged "score:probability" model colors))

(defn goodness
  "Returns the goodness of one colour as a number, or of many as a vector: the sum of the layers' squared activations, at least 0."
  [model colors]
  (judged "goodness" model colors))

(defn rank
  "Returns colours from the most to the least liked, ties in the order given, as maps:

    :color        the colour as it was given (its hex string, if it came in an array or from a stream)
    :index        its place among the given colours
    :hex :score :probability :liked?

  Option :top is how many to return."
  ([model colors] (rank model colors nil))
  ([model colors options]
   (let [{:keys [top]} (options/check "rank" options [:top])
         ^Colors read (colors/read-colors colors)
         [indices rgb scores probabilities] (bridge/call "rank:index,hex,score,probability"
                                                         {:model (model-of model) :colors read :top top})
         hexes (colors/hexes rgb)
         given (if-let [items (.items read)] (map items indices) hexes)]
     (mapv (fn [color index hex score probability]
             {:color color :index index :hex hex :score score :probability probability
              :liked? (not (neg? (double score)))})
           given indices hexes (bridge/numbers scores) (bridge/numbers probabilities)))))

(defn explain
  "Returns why one colour is liked or not, as a map: :score, :probability, :goodness, the nearest liked and disliked colours, and
  what small steps from it would change (:changes, the most helpful first)."
  [model color]
  (bridge/call "explain" {:model (model-of model) :color (colors/read-colors color)}))

;; ---- making --------------------------------------------------------------------------------------------------------

(defn palette
  "Returns n (5) colours that the model likes and that differ from each other as much as they can, as a vector of hex strings. Its
  metadata has more: :colors (with their scores) and :min-delta-e. With nil for the model, the whole gamut is searched.

  Options:
    :locked       colours that must be in it, exactly as given
    :background   a colour that every colour must stand out from
    :contrast     the least WCAG 2.1 contrast ratio against it (4.5); only with a background
    :vision       :deutan, :protan, :tritan, several of them, or :all: colour vision with which the colours must differ, too
    :power        from daring (0) to safe (50) (10)
    :min-delta-e  the least CIEDE2000 difference between two colours
    :order        :lightness, :hue or :chosen"
  ([model] (palette model 5 nil))
  ([model n] (if (map? n) (palette model 5 n) (palette model n nil)))
  ([model n options]
   (options/check "palette" options [:locked :background :contrast :vision :power :min-delta-e :order])
   (let [{:keys [locked background vision]} options
         found (bridge/call "palette"
                            (cond-> (assoc options :model (when (some? model) (model-of model)) :n n)
                              (and (coll? locked) (empty? locked)) (dissoc :locked)
                              (and (some? locked) (not (and (coll? locked) (empty? locked))))
                              (assoc :locked (colors/read-colors locked))
                              (some? background) (assoc :background (colors/read-colors background))
                              (keyword? vision) (assoc :vision [vision])))]
     (with-meta (mapv :hex (:colors found)) (dissoc found :title)))))

(defn stream
  "Returns colours of a deterministic stream, as `ffcolor.streams/stream` does: maps of :index :hex :trit, which every function that
  takes colours accepts. Needs no engine. Options :seed :start :count :trit-rule.

    (stream :genesis {:seed 1069 :count 3})
    (stream \"genesis:1069:1-32\")"
  ([] (streams/stream :genesis))
  ([stream-name] (streams/stream stream-name))
  ([stream-name options] (streams/stream stream-name options)))

(defn show
  "Returns a description of colours as a map: :min-delta-e, and for each of :colors its :hex, :name, :oklch and contrasts."
  [colors]
  (bridge/call "show" {:colors (colors/read-colors colors)}))

(defn convert
  "Returns colours written in a palette format: a string for :hex :css :json :gpl :svg :ansi :mpl, a byte array for :ase :aco :png.
  `(:formats (info))` describes each. Options :names (one for each colour) and :title."
  ([colors format] (convert colors format nil))
  ([colors format options]
   (options/check "convert" options [:names :title])
   (let [{:keys [text base64]} (bridge/call "convert"
                                            (assoc options :colors (colors/read-colors colors) :format format))]
     (or text (.decode (Base64/getDecoder) ^String base64)))))

;; ---- files ---------------------------------------------------------------------------------------------------------

(defn save!
  "Writes a model to one .safetensors file; a failure leaves no half-written file. Returns the model."
  [model path]
  (bridge/call "save" {:model (model-of model) :path (path-of path)})
  model)

(defn load-model
  "Returns the model that `save!`, or the ffcolor command, wrote to a file. The path is a string, a File or a Path."
  [path]
  (:model (bridge/call "load_model" {:path (path-of path)})))

(defn info
  "Returns what a model learned from and how, as a map; without a model, describes ffcolor: :version, :formats, :streams, :verbs."
  ([] (bridge/call "info" {}))
  ([model] (bridge/call "info" {:model (model-of model)})))

(defn validate-skills
  "Checks skills: one path, or a sequence of paths, of folders or files. Returns a vector of problems, empty if there are none, each a
  map of :code :severity :path :line :column :message :suggestion. Its metadata counts the :files and the problems of each severity.

  Options:
    :select        the only checks to apply: codes, or their beginnings (\"GF3\")
    :ignore        checks to leave out, in the same way
    :against       a git revision; whatever was lost since then is a problem, too
    :all-markdown  true to check the triads of all other Markdown files, too"
  ([paths] (validate-skills paths nil))
  ([paths options]
   (options/check "validate-skills" options [:select :ignore :against :all-markdown])
   (let [found (bridge/call "skills_check"
                            (assoc options :paths (if (sequential? paths) (mapv path-of paths) [(path-of paths)])))]
     (with-meta (vec (:problems found)) (dissoc found :problems)))))

;; ---- everything else -----------------------------------------------------------------------------------------------

(defn verb
  "Runs a verb of the ffcolor command by its name and returns its answer as plain data; `(:verbs (info))` lists them all.

  Arguments are those of the Python table of verbs, as a map with keywords in kebab case. Colours, models, paths and callbacks are
  written as everywhere in this namespace; a model may also be the path of its file. The functions above are more convenient where
  there is one.

    (verb :image {:image \"photo.jpg\" :model model :output \"mine.png\"})
    (verb :skills-fix {:paths \"skills\"})"
  ([verb-name] (verb verb-name nil))
  ([verb-name arguments] (verbs/run verb-name arguments)))

;; ---- the classic layer ---------------------------------------------------------------------------------------------

(defn make-ff-layer
  "Returns a Forward-Forward layer with the given numbers of inputs (3 for colours) and units, which `local-update` teaches.

    (let [layer (make-ff-layer 3 16)]
      (dotimes [_ 100]
        (local-update layer
                      (compute-goodness (forward layer [\"#ffd1dc\" \"#c1e1c1\"]))
                      (compute-goodness (forward layer [\"#8b0000\" :black]))))
      @layer)                                     ; {:inputs 3 :units 16 :updates 100 :loss …}

  Unlike a model, a layer has state: `local-update` changes it. It is the textbook's plain layer; ff-color-learning sees colours
  through perceptual features and learns far better. Options:
    :seed           of the first weights (0)
    :threshold      goodness between positive and negative (2.0)
    :learning-rate  of the layer's Adam (0.03)
    :normalize?     scale each input to a root mean square of 1, for a layer above another (false)"
  ([inputs units] (make-ff-layer inputs units nil))
  ([inputs units options] (layers/make inputs units options)))

(defn forward
  "Returns the layer's activations, a vector of numbers for each input. A layer of 3 inputs takes colours; any other layer, and one
  above another, takes vectors of numbers."
  [layer inputs]
  (layers/forward layer inputs))

(defn compute-goodness
  "Returns the goodness of activations, the mean of their squares: a vector with one number for each input."
  [activations]
  (layers/goodness activations))

(defn local-update
  "Teaches a layer by one local step, which raises the goodness of the positive inputs and lowers that of the negative ones. The
  inputs are those that the goodness was computed from. Returns the layer."
  [layer positive-goodness negative-goodness]
  (layers/update! layer positive-goodness negative-goodness))
