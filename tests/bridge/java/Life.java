import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Properties;

/** A program that does one of the things that Java programs do with their lives; the first argument says which. */
public class Life {
    static class Broken {
        static {
            if (true) throw new IllegalStateException("broken from the start");
        }

        public static void main(String[] arguments) {}
    }

    static class NoMain {}

    static class NotStatic {
        public void main(String[] arguments) {}
    }

    static class Child {
        public static void main(String[] arguments) {
            System.out.println("child of " + Life.class.getName());
        }
    }

    /** What a signal does that comes before the host has prepared: Java is ending already. */
    private static void prepareLate() {
        Thread host = new Thread(() -> {
            try {
                Class.forName("ffcolor.Main").getMethod("prepare").invoke(null);
            } catch (ReflectiveOperationException problem) {
                problem.printStackTrace();
            }
        });
        host.setDaemon(true);
        host.start();
        try {
            host.join(500);
            host.interrupt();
            host.join(500);
        } catch (InterruptedException nobodyDoes) {
            System.out.println("interrupted");
        }
        System.out.println(host.isAlive() ? "the host waits" : "the host went on");
    }

    public static void main(String[] arguments) throws Throwable {
        switch (arguments.length == 0 ? "nothing" : arguments[0]) {
            case "nothing":
                break;
            case "engine":
                try {
                    Class<?> engine = Class.forName("ffcolor.Engine", true, ClassLoader.getSystemClassLoader());
                    boolean present = (boolean) engine.getMethod("present").invoke(null);
                    System.out.println(present ? "the engine is here" : "an engine that takes no calls");
                } catch (ClassNotFoundException absent) {
                    System.out.println("no engine here");
                }
                break;
            case "tell":
                tell(arguments);
                break;
            case "hex":
                for (String argument : Arrays.copyOfRange(arguments, 1, arguments.length)) {
                    StringBuilder line = new StringBuilder("hex ");
                    for (byte each : argument.getBytes(StandardCharsets.UTF_8)) line.append(String.format("%02x", each));
                    System.out.println(line);
                }
                for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
                    System.out.println("entry " + entry);
                }
                break;
            case "exit":
                System.out.println("leaving");
                System.exit(Integer.parseInt(arguments[1]));
                break;
            case "halt":
                hook("never seen");
                Runtime.getRuntime().halt(9);
                break;
            case "throw":
                RuntimeException trouble = new RuntimeException("trouble", new Exception("its cause", deep(3)));
                trouble.addSuppressed(new Exception("beside it"));
                throw trouble;
            case "throw-checked":
                throw new java.io.IOException("a checked one");
            case "throw-mute":
                throw new Error() {
                    @Override
                    public synchronized Throwable fillInStackTrace() {
                        return this;
                    }
                };
            case "throw-handled":
                Thread.setDefaultUncaughtExceptionHandler((thread, problem) ->
                        System.out.println(thread.getName() + " died of " + problem.getMessage()));
                throw new RuntimeException("something");
            case "overflow":
                System.out.println(recursive(0) > 1000);
                recursive(-1);
                break;
            case "throw-in-thread":
                start(false, () -> {
                    throw new IllegalStateException("elsewhere");
                });
                break;
            case "threads":
                hook("the hook runs last");
                start(true, () -> pause(60_000));
                start(false, () -> {
                    pause(100);
                    start(false, () -> {
                        pause(100);
                        System.out.println("a thread of a thread ends");
                    });
                });
                System.out.println("main ends");
                break;
            case "throw-and-threads":
                start(false, () -> {
                    pause(200);
                    System.out.println("still here");
                });
                throw new RuntimeException("main is gone");
            case "exit-in-thread":
                hook("hook");
                start(false, () -> System.exit(5));
                pause(60_000);
                break;
            case "exit-guarded":
                System.setSecurityManager(new SecurityManager() {
                    @Override
                    public void checkExit(int status) {
                        throw new SecurityException("no exit " + status);
                    }

                    @Override
                    public void checkPermission(java.security.Permission permission) {}
                });
                break;
            case "prepare-late":
                Runtime.getRuntime().addShutdownHook(new Thread(Life::prepareLate));
                System.exit(130);
                break;
            case "interrupted":
                Thread.currentThread().interrupt();
                System.out.println("interrupted and gone");
                break;
            case "echo":
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    System.out.write((line + " again\n").getBytes(StandardCharsets.UTF_8));
                    System.out.flush();
                }
                break;
            case "wait":
                hook("the hook ran");
                System.out.println("waiting " + ProcessHandle.current().pid());
                System.out.flush();
                pause(60_000);
                break;
            case "print":
                long lines = 0;
                while (!System.out.checkError()) System.out.println("line " + lines++);
                System.err.println("the reader has gone");
                System.exit(3);
                break;
            case "processes":
                // what a child process finds of signals: bit 13 - 1 is SIGPIPE, 25 - 1 SIGXFSZ, 2 - 1 SIGINT
                System.out.println(output("sh", "-c", "grep -E 'Sig(Blk|Ign)' /proc/self/status"));
                break;
            default:
                System.out.println("unknown: " + Arrays.toString(arguments));
                System.exit(99);
        }
    }

    /** Says what a program can see of how it was started. */
    private static void tell(String[] arguments) throws Exception {
        List<String> told = new ArrayList<>();
        for (String argument : arguments) told.add("argument " + argument);
        Properties properties = System.getProperties();
        for (String name : properties.stringPropertyNames()) {
            if (!name.equals("java.class.path")) told.add(name + "=" + properties.getProperty(name));
        }
        properties.forEach((name, value) -> {
            if (!(name instanceof String && value instanceof String)) told.add("not a string: " + name);
        });
        Thread main = Thread.currentThread();
        told.add(main + " " + main.isDaemon() + " " + main.getContextClassLoader().getClass().getName());
        told.add("loader " + Life.class.getClassLoader().getClass().getName());
        told.add("system loader " + ClassLoader.getSystemClassLoader().getClass().getName());
        told.add("asserts " + Life.class.desiredAssertionStatus());
        told.add("modules " + ModuleLayer.boot().modules().size());
        told.add("locale " + java.util.Locale.getDefault());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) told.add("option " + option);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!thread.isDaemon()) told.add("non-daemon " + thread.getName());
        }
        Collections.sort(told);
        for (String line : told) System.out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
            System.out.write(("entry " + entry + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static Exception deep(int depth) {
        return depth == 0 ? new Exception("the deepest") : deep(depth - 1);
    }

    private static int recursive(int depth) {
        try {
            return recursive(depth < 0 ? depth : depth + 1);
        } catch (StackOverflowError error) {
            if (depth < 0) throw new RuntimeException("too deep");
            return depth;
        }
    }

    private static void start(boolean daemon, Runnable task) {
        Thread thread = new Thread(task, "worker");
        thread.setDaemon(daemon);
        thread.start();
    }

    private static void hook(String text) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println(text)));
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException stop) {
            System.out.println("interrupted");
        }
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
