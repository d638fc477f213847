(ns ffcolor.repl
  "What `ffcolor repl` and `ffcolor nrepl` run: a REPL with everything loaded, at a terminal, in a pipe or on the network."
  (:require
   [clojure.edn :as edn]
   [clojure.java.io :as io]
   [clojure.main :as main]
   [clojure.repl :as repl]
   [clojure.string :as string])
  (:import
   (java.io File)
   (java.net InetAddress SocketException UnknownHostException)))

(set! *warn-on-reflection* true)

(defn refer-everything
  "Brings ffcolor.core and the streams into the namespace `user`."
  []
  (binding [*ns* (create-ns 'user)]
    (require '[ffcolor.core :refer :all] '[ffcolor.streams :as streams])
    (let [known (find-var 'ffcolor.core/ff-color-learning)] ; one of user's own, so that it can be defined anew
      (intern 'user (with-meta 'ff-color-learning (select-keys (meta known) [:doc :arglists])) @known))
    nil))

(defn load-everything
  "Brings ffcolor.core, the streams and the helpers of Clojure's own REPL into the namespace `user`."
  []
  (binding [*ns* (create-ns 'user)]
    (apply require main/repl-requires)
    (refer-everything)))

(defn banner
  "Returns the lines that greet a person."
  []
  (str "ffcolor " (when-let [version (System/getProperty "ffcolor.version")] (str version ", "))
       "Clojure " (clojure-version) ", Java " (System/getProperty "java.version") "\n"
       "ffcolor.core is at hand: (learn [\"#ffd1dc\" \"#c1e1c1\"] [\"#8b0000\" \"black\"])\n"
       "(doc learn) tells more, (dir ffcolor.core) lists all, Ctrl-D leaves.\n"))

;; ---- at a terminal or in a pipe ------------------------------------------------------------------------------------

(defn- interruptible
  "An eval during which Ctrl-C interrupts what is evaluated; a second Ctrl-C, or one at the prompt, leaves with 130."
  []
  (let [^Thread reader (Thread/currentThread)
        state (atom :idle)]
    (repl/set-break-handler!
      (fn [_]
        (if (compare-and-set! state :busy :interrupted)
          (.interrupt reader)
          (do (println) (System/exit 130)))))
    (fn [form]
      (reset! state :busy)
      (try
        (eval form)
        (finally
          (reset! state :idle)
          (Thread/interrupted))))))

(defn- converse
  "Reads, evaluates and prints until the input ends. In a pipe there are no prompts, only results."
  [{:keys [quiet]}]
  (if quiet
    (main/repl :init load-everything :prompt (constantly nil) :need-prompt (constantly false))
    (main/repl :init (fn [] (load-everything) (print (banner)) (flush))
               :eval (interruptible)))
  (flush)
  (shutdown-agents)
  (System/exit 0))

;; ---- on the network ------------------------------------------------------------------------------------------------

(defn- keep-port-file
  "Writes the port where editors look for it, and removes it at exit if it is still this server's."
  [^long port]
  (let [^File file (io/file ".nrepl-port")
        text (str port)]
    (spit file text)
    (.addShutdownHook (Runtime/getRuntime)
                      (Thread. ^Runnable (fn []
                                           (when (and (.exists file) (= text (string/trim (slurp file))))
                                             (.delete file)))))))

(defn- fail
  [& words]
  (binding [*out* *err*] (println (apply str "ffcolor: " words)))
  (System/exit 1))

(defn- middleware-vars
  "The vars of middleware that symbols name; a symbol may also name a list of such symbols, as CIDER's does."
  [symbols]
  (mapcat (fn [symbol]
            (let [place (requiring-resolve symbol)]
              (cond
                (nil? place) (throw (ClassNotFoundException. (str "there is no " symbol)))
                (sequential? @place) (middleware-vars @place)
                :else [place])))
          symbols))

(defn- serve
  "Starts an nREPL server, and waits until the process ends."
  [{:keys [port bind middleware]}]
  (let [address (try
                  (InetAddress/getByName bind)
                  (catch UnknownHostException _ (fail "there is no address " bind " to bind to")))
        start (requiring-resolve 'nrepl.server/start-server)
        default-handler (requiring-resolve 'nrepl.server/default-handler)
        handler (try
                  (apply default-handler (middleware-vars middleware))
                  (catch Exception error
                    (fail "the middleware " (string/join ", " middleware) " cannot be loaded: " (ex-message error))))
        _ (load-everything)
        server (try
                 (start :port port :bind bind :handler handler)
                 (catch SocketException error
                   (fail "port " port " on " bind " cannot be had (" (ex-message error)
                         "): choose another with --port, or 0 for any")))
        port (long (:port server))]
    (keep-port-file port)
    (when-not (.isLoopbackAddress ^InetAddress address)
      (binding [*out* *err*]
        (println "ffcolor: warning: whoever reaches" bind "can run any code as you")))
    (println (str "nREPL server started on port " port " on host " bind " - nrepl://" bind ":" port))
    (flush)
    @(promise)))

(defn -main
  "Runs a REPL here, or with {:nrepl {:port 0 :bind \"127.0.0.1\" :middleware []}} a server; {:quiet true} shows results only."
  ([] (-main "{}"))
  ([options]
   (let [{:keys [nrepl] :as options} (edn/read-string options)]
     (if nrepl (serve nrepl) (converse options)))))
