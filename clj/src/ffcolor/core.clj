(ns ffcolor.core
  "Teach a computer a taste in colour by Forward-Forward learning, from Clojure, in milliseconds.

    (require '[ffcolor.core :refer :all])

    (def learned (learn [\"#ffd1dc\" \"#c1e1c1\" \"#aec6cf\"] [\"#8b0000\" :black]))
    (score (:model learned) :lavender)                  ; one colour in, one number out: above 0 is liked
    (rank (:model learned) [\"#fdfd96\" \"#220011\"])      ; the most liked first
    (:palette learned)                                  ; colours that are liked and differ

  Colours are written in any way that `ffcolor.colors` lists: \"#ff8800\", :teal, [0.9 0.2 0.1], {:hue 262 :saturation 0.7
  :lightness 0.5}, whole maps with a colour under :hsl, :hex, :rgb or :color, java.awt.Color, \"genesis:1069:1-32\", primitive
  arrays, and any sequence of them. One colour in gives one number out, many in (a sequence, an array) give a vector, none give [].
  Rows of numbers say by their type what they count; the option {:scale 255} (or 1) of any function that takes colours says it for all.

  A model is a value: nothing changes it, and `update-model` returns a new one. You may close it (`with-open`), but you need not:
  a model that nothing refers to any more is freed. Any number of threads may use one model.

  `verb` runs anything else that the ffcolor command can do. `learn` is also called `ff-color-learning`, as music-topos has it; but
  `:refer :all` leaves that name to a function of your own: write it in full, (ffcolor.core/ff-color-learning …).

  Errors are ex-info with {:type :ffcolor/invalid-color :code :invalid-color :value … :position …}; those of the engine also have
  the Python :traceback. Every call can be interrupted, and an interrupted call changes nothing; only a file's
  writing or a layer's step that is under way may still be finished."
  (:require
   [ffcolor.bridge :as bridge]
   [ffcolor.colors :as colors]
   [ffcolor.handles :as handles]
   [ffcolor.layers :as layers]
   [ffcolor.learned :as learned]
   [ffcolor.options :as options]
   [ffcolor.sheet :as sheet]
   [ffcolor.streams :as streams]
   [ffcolor.vars :as vars]
   [ffcolor.verbs :as verbs])
  (:import
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
    (if (handles/model? model)
      model
      (throw (options/invalid (str (sheet/show given) " is not a model; learn and load-model make one") :model given)))))

(defn- path-of
  ^String [given]
  (cond
    (string? given) given
    (instance? File given) (.getPath ^File given)
    (instance? Path given) (str given)
    :else (throw (options/invalid (str (pr-str given) " is not a path; give a string, a File or a Path")
                                  :model-file given))))

;; ---- learning ------------------------------------------------------------------------------------------------------

(declare palette)

(defn- sides
  "The liked and the disliked colours of what may be a map that holds both, as [liked disliked]."
  [given]
  (let [held (if (map? given) (:ternary-acset given given) nil)]
    (or (some (fn [[liked disliked]] (when (contains? held liked) [(liked held) (disliked held)]))
              [[:liked :disliked] [:positive-colors :negative-colors]])
        [given nil])))

(defn learn
  "Learns a taste from liked and disliked colours. Returns a map:

    :model        the learned model, closeable
    :goodness     {:liked [..] :disliked [..]}: how strongly the layers respond to each given colour
    :threshold    the goodness above which a colour is liked
    :probability  {:liked [..] :disliked [..]}: the probability that each colour is liked, in 0..1
    :accuracy     the mean share of liked and of disliked colours that are judged right
    :loss         the loss before each step
    :palette      liked colours that differ as much as they can, as hex strings. A lazy sequence, because choosing them takes longer
                  than learning: they are chosen when it is first read, even after :model is closed
    :drawn?       whether the disliked colours were drawn
    :warnings     strings, only if there are any

  Printing the map neither chooses the palette nor shows every loss. With nothing for the disliked colours, some are drawn, away from
  the liked ones. Either side may be a set. Both may come in one map, with :liked and :disliked, or with :positive-colors and
  :negative-colors, as a ternary ACSet of music-topos has them. Options:
    :seed          of everything random; the same seed and colours give the same model (0)
    :hidden        units of the layer (8), or a vector: units of each layer
    :steps         local steps of each layer (60)
    :threshold     goodness between good and not good, for each layer (6.0)
    :background    share of the disliked side that is spread over all colours, so that what was never shown counts as not liked (0.15)
    :palette-size  how many colours the palette has (5)
    :scale         what rows of numbers count up to, 1 or 255; by default their type says it
    :on-step       called after each step, on this thread, with {:step 1 :steps 60 :loss 0.69}; if it throws, learning stops"
  ([liked] (learn liked nil nil))
  ([liked disliked] (learn liked disliked nil))
  ([liked disliked options]
   (options/check "learn" options
                  [:seed :hidden :steps :threshold :background :palette-size :scale :on-step])
   (let [reading (assoc (select-keys options [:scale]) :any-order? true)
         [liked disliked] (if (nil? disliked) (sides liked) [liked disliked])
         settings (into {} (filter (comp some? val)) (select-keys options [:seed :hidden :steps :threshold :background]))
         size (or (:palette-size options) 5)
         _ (when-not (and (integer? size) (<= 1 (long size) 256))
             (throw (options/invalid (str ":palette-size is " (pr-str size) "; it must be a whole number from 1 to 256")
                                     :invalid-option size)))
         found (bridge/call "ff_color_learning"
                            (merge {:liked (colors/read-colors liked reading) :disliked (colors/read-some disliked reading)}
                                   settings)
                            (options/on-step options))]
     (learned/learned found #(palette % size)))))

(def ^{:arglists '([liked] [liked disliked] [liked disliked options])} ff-color-learning
  "The name that music-topos has for `learn`. `:refer :all` leaves it out, so that a function of your own may have it; nor can
  it be referred to by name: call it in full, or (def ff-color-learning ffcolor.core/learn)."
  learn)

(vars/leave-out! #'ff-color-learning)

(defn update-model
  "Returns a new model that has learned a few more colours on top of what the given one knows. The given one does not change.

  Either side may be nil, empty or a set. Options :scale and :on-step as in learn."
  ([model liked] (update-model model liked nil nil))
  ([model liked disliked] (update-model model liked disliked nil))
  ([model liked disliked options]
   (options/check "update-model" options [:scale :on-step])
   (let [reading (assoc (select-keys options [:scale]) :any-order? true)]
     (:model (bridge/call "update"
                          {:model (model-of model) :liked (colors/read-some liked reading) :disliked (colors/read-some disliked reading)}
                          (options/on-step options))))))

;; ---- judging -------------------------------------------------------------------------------------------------------

(defn- judged
  "A number for one colour, a vector for many, [] for none."
  [function operation model source options]
  (options/check function options [:scale])
  (let [model (model-of model)]
    (if-let [^Colors read (colors/read-some source options)]
      (let [^floats found (first (bridge/call operation {:model model :colors read}))]
        (if (.one? read) (double (aget found 0)) (bridge/numbers found)))
      [])))

(defn score
  "Returns the score of one colour as a number, or of many as a vector: goodness minus the threshold, so above 0 is liked. Option
  :scale."
  ([model colors] (score model colors nil))
  ([model colors options] (judged "score" "score:score" model colors options)))

(defn probability
  "Returns the probability that a colour is liked, in 0..1: a number for one colour, a vector for many. Option :scale."
  ([model colors] (probability model colors nil))
  ([model colors options] (judged "probability" "score:probability" model colors options)))

(defn goodness
  "Returns the goodness of one colour as a number, or of many as a vector: the sum of the layers' squared activations, at least 0.
  Option :scale."
  ([model colors] (goodness model colors nil))
  ([model colors options] (judged "goodness" "goodness" model colors options)))

(defn rank
  "Returns colours from the most to the least liked, ties in the order given, as maps:

    :color        the colour as it was given (its hex string, if it came in an array or from a stream)
    :index        its place among the given colours
    :hex :score :probability :liked?

  Options :top, how many to return, and :scale."
  ([model colors] (rank model colors nil))
  ([model colors options]
   (let [{:keys [top]} (options/check "rank" options [:top :scale])
         model (model-of model)]
     (if-let [^Colors read (colors/read-some colors (assoc (select-keys options [:scale]) :any-order? true))]
       (let [[indices rgb scores probabilities] (bridge/call "rank:index,hex,score,probability"
                                                             {:model model :colors read :top top})
             hexes (colors/hexes rgb)
             given (if-let [items (.items read)] (map items indices) hexes)]
         (mapv (fn [color index hex score probability]
                 {:color color :index index :hex hex :score score :probability probability
                  :liked? (not (neg? (double score)))})
               given indices hexes (bridge/numbers scores) (bridge/numbers probabilities)))
       []))))

(defn explain
  "Returns why one colour is liked or not, as a map: :score, :probability, :goodness, the nearest liked and disliked colours, and
  what small steps from it would change (:changes, the most helpful first). Option :scale."
  ([model color] (explain model color nil))
  ([model color options]
   (options/check "explain" options [:scale])
   (bridge/call "explain" {:model (model-of model) :color (colors/read-colors color options)})))

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
    :order        :lightness, :hue or :chosen
    :scale        what rows of numbers count up to, 1 or 255"
  ([model] (palette model 5 nil))
  ([model n] (if (map? n) (palette model 5 n) (palette model n nil)))
  ([model n options]
   (options/check "palette" options [:locked :background :contrast :vision :power :min-delta-e :order :scale])
   (let [{:keys [locked background vision]} options
         found (bridge/call "palette"
                            (cond-> (assoc (dissoc options :scale :locked)
                                           :model (when (some? model) (model-of model)) :n n)
                              (some? locked) (assoc :locked (colors/read-some locked options))
                              (some? background) (assoc :background (colors/read-colors background options))
                              (keyword? vision) (assoc :vision [vision])
                              (set? vision) (assoc :vision (vec (sort-by name vision)))))]
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
  "Returns a description of colours as a map: :min-delta-e, and for each of :colors its :hex, :name, :oklch and contrasts. Option
  :scale."
  ([colors] (show colors nil))
  ([colors options]
   (options/check "show" options [:scale])
   (bridge/call "show" {:colors (colors/read-colors colors options)})))

(defn convert
  "Returns colours written in a palette format: a string for :hex :css :json :gpl :svg :ansi :mpl, a byte array for :ase :aco :png.
  `(:formats (info))` describes each. Options :names (one for each colour), :title and :scale."
  ([colors format] (convert colors format nil))
  ([colors format options]
   (options/check "convert" options [:names :title :scale])
   (let [{:keys [text base64]} (bridge/call "convert"
                                            (assoc (dissoc options :scale)
                                                   :colors (colors/read-colors colors options) :format format))]
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
    :against       a git revision; whatever was lost or changed since then is a problem, too
    :new-since     a git revision; problems that it has already are left out
    :all-markdown  true to check the triads of all other Markdown files, too"
  ([paths] (validate-skills paths nil))
  ([paths options]
   (options/check "validate-skills" options [:select :ignore :against :new-since :all-markdown])
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
  "Returns a Forward-Forward layer with the given numbers of inputs (3 for colours) and units, which `local-update` teaches. This and
  the next three functions are in `ffcolor.layers`, too, where they can be referred alone.

    (let [layer (make-ff-layer 3 16)]
      (dotimes [_ 100]
        (local-update layer
                      (compute-goodness (forward layer [\"#ffd1dc\" \"#c1e1c1\"]))
                      (compute-goodness (forward layer [\"#8b0000\" :black]))))
      @layer)                                     ; {:inputs 3 :units 16 :updates 100 :loss …}

  Unlike a model, a layer has state: `local-update` changes it. It is the textbook's plain layer; learn sees colours
  through perceptual features and learns far better. Options:
    :seed           of the first weights (0)
    :threshold      goodness between positive and negative (2.0)
    :learning-rate  of the layer's Adam (0.03)
    :normalize?     scale each input to a root mean square of 1, for a layer above another (false)"
  ([inputs units] (layers/make-ff-layer inputs units))
  ([inputs units options] (layers/make-ff-layer inputs units options)))

(defn forward
  "Returns the layer's activations, a vector of numbers for each input. A layer of 3 inputs takes colours; any other layer, and one
  above another, takes vectors of numbers."
  [layer inputs]
  (layers/forward layer inputs))

(defn compute-goodness
  "Returns the goodness of activations, the mean of their squares: a vector with one number for each input."
  [activations]
  (layers/compute-goodness activations))

(defn local-update
  "Teaches a layer by one local step, which raises the goodness of the positive inputs and lowers that of the negative ones. The
  inputs are those that the goodness was computed from. Returns the layer."
  [layer positive-goodness negative-goodness]
  (layers/local-update layer positive-goodness negative-goodness))
