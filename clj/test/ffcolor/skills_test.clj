(ns ffcolor.skills-test
  (:require
   [clojure.test :refer [deftest is]]
   [ffcolor.gf3 :as gf3]
   [ffcolor.skills :as skills])
  (:import
   (java.io File StringReader)))

(deftest our-own-skill
  (let [{:keys [name trit color triads path]} (skills/skill)]
    (is (= ["forward-forward-learning" 1 "#D82626" "skills/forward-forward-learning/SKILL.md"] [name trit color path]))
    (is (= [[["sheaf-cohomology" -1] ["sheaf-laplacian-coordination" 0] ["forward-forward-learning" 1]]
            [["proofgeneral-narya" -1] ["unworld" 0] ["forward-forward-learning" 1]]
            [["persistent-homology" -1] ["open-games" 0] ["forward-forward-learning" 1]]]
           triads))
    (is (every? #(gf3/balanced? (map second %)) triads))))

(deftest the-manifest-is-plain-data
  (is (= 1 (:ffcolor/schema (skills/manifest))))
  (is (= (skills/skill) (skills/skill "forward-forward-learning")))
  (is (nil? (skills/skill "no-such-skill"))))

(deftest any-lock-file
  (let [file (File/createTempFile "skills" ".lock.edn")
        text "{:ffcolor/schema 1 :skills [{:name \"a\" :path \"a/SKILL.md\" :trit -1 :color nil :triads []}]}"]
    (try
      (spit file text)
      (is (= -1 (:trit (skills/skill (skills/manifest file) "a"))))
      (is (= -1 (:trit (skills/skill (skills/manifest (StringReader. text)) "a"))))
      (spit file "{:skills []}")
      (is (thrown-with-msg? clojure.lang.ExceptionInfo #"is not a lock file" (skills/manifest file)))
      (finally (.delete file)))))
