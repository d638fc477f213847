(ns ffcolor.gf3-test
  (:require
   [clojure.test :refer [deftest is testing]]
   [ffcolor.gf3 :as gf3]))

(deftest balanced-triples-are-one-of-each-or-three-alike
  (doseq [a gf3/trits, b gf3/trits, c gf3/trits]
    (is (= (contains? #{1 3} (count (set [a b c])))
           (gf3/balanced? [a b c])))))

(deftest the-missing-trit-balances
  (doseq [a gf3/trits, b gf3/trits]
    (is (gf3/balanced? [a b (gf3/needed [a b])]))
    (is (zero? (mod (- (gf3/add [a b]) (+ a b)) 3)))))

(deftest any-number-of-trits-in-any-collection
  (is (true? (gf3/balanced? [])))
  (is (true? (gf3/balanced? '(1 1 1 1 1 1))))
  (is (false? (gf3/balanced? (range 0 2))))
  (is (= -1 (gf3/add [1 1]) (gf3/add [-1N (int 0)]))))

(deftest what-is-no-trit-is-refused
  (doseq [wrong [2 -2 1.0 "1" nil :plus]]
    (testing (pr-str wrong)
      (is (not (gf3/trit? wrong)))
      (is (thrown-with-msg? clojure.lang.ExceptionInfo #"is not a trit" (gf3/balanced? [0 wrong])))
      (is (= {:type :ffcolor/trit, :code "trit", :value wrong}
             (try (gf3/needed [wrong]) (catch clojure.lang.ExceptionInfo e (ex-data e))))))))
