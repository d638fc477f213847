"""The JVM bridge: Python hosts the Java virtual machine, so that Clojure calls the engine in its own process."""
