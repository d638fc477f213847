package ffcolor;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The life of a Java program inside a host process: it starts, ends and fails as under the java command.
 *
 * <p>The main class is found and checked by the JDK's own launcher code, so that jars, manifests and error messages are Java's. It
 * runs on a thread named "main". A daemon thread waits for all non-daemon threads and then ends the process with Java's status.
 */
public final class Main implements Runnable {
    private static final CountDownLatch ENDING = new CountDownLatch(1);
    private static final CountDownLatch READY = new CountDownLatch(1);

    private static volatile int status;
    private static volatile boolean watched;

    private final int mode;
    private final String what;
    private final String[] arguments;

    private Main(int mode, String what, String[] arguments) {
        this.mode = mode;
        this.what = what;
        this.arguments = arguments;
    }

    /**
     * Runs a main class on a thread of its own, and ends the process when it and all non-daemon threads have ended; returns at once.
     *
     * <p>The engine may come later: calls to it wait.
     *
     * @param mode 1 for a class name, 2 for a jar file: the numbers of the JDK's launcher
     * @param what the class name or the jar file
     * @param arguments what main gets
     */
    public static void start(int mode, String what, String[] arguments) {
        Thread host = Thread.currentThread();
        host.setName("ffcolor");
        ThreadGroup group = host.getThreadGroup();
        Thread main = new Thread(group, new Main(mode, what, arguments), "main");
        main.setDaemon(false);
        main.setPriority(Thread.NORM_PRIORITY);
        main.setContextClassLoader(ClassLoader.getSystemClassLoader());
        Thread last = new Thread(group, new End(main, host), "DestroyJavaVM");
        last.setDaemon(true);
        prepare();
        Engine.attach();
        main.start();
        last.start();
    }

    /**
     * Replaces JPype's shutdown hook, which would interrupt threads and call into Python, by one that tells the host of the end.
     *
     * <p>The host is given some seconds for what it has to do: others may be at work in its language. Does not return if Java is
     * ending already: a signal was faster.
     */
    public static void prepare() {
        try {
            replaceHook();
        } catch (IllegalStateException ending) {
            while (true) {
                LockSupport.park();
                Thread.interrupted(); // JPype's hook interrupts whom it finds
            }
        }
    }

    private static void replaceHook() {
        for (Thread hook : shutdownHooks()) {
            Object task = field(Thread.class, hook, "target");
            Object holder = task == null ? field(Thread.class, hook, "holder") : null; // Java 21 and newer
            if (holder != null) task = field(holder.getClass(), holder, "task");
            if (task != null && task.getClass().getName().startsWith("org.jpype.")) Runtime.getRuntime().removeShutdownHook(hook);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(new Last(), "ffcolor-end"));
    }

    /** Returns when the engine is called for the first time, or after a while: a short program need not wait for its start. */
    public static void awaitNeed(long milliseconds) {
        long end = System.nanoTime() + milliseconds * 1_000_000;
        while (Engine.waiting() == 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(5_000_000);
            Thread.interrupted(); // nobody has a reason to interrupt the host's threads
        }
    }

    /**
     * Waits until the process is about to end, or for a while; the host, if told so, then says that it is ready.
     *
     * @return whether the process is about to end
     */
    public static boolean awaitEnd(long milliseconds) {
        watched = true;
        try {
            return ENDING.await(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException nothingToStopFor) {
            return ENDING.getCount() == 0;
        }
    }

    /** Says that the host is ready for the end. */
    public static void readyToEnd() {
        READY.countDown();
    }

    @Override
    public void run() {
        Method main = method(load());
        try {
            Object receiver = Modifier.isStatic(main.getModifiers()) ? null : instance(main.getDeclaringClass());
            if (main.getParameterCount() == 0) main.invoke(receiver);
            else main.invoke(receiver, (Object) arguments);
        } catch (InvocationTargetException wrapper) {
            fail(wrapper.getCause());
        } catch (Throwable problem) {
            fail(problem);
        }
    }

    private Class<?> load() {
        try {
            Method check = Class.forName("sun.launcher.LauncherHelper")
                    .getMethod("checkAndLoadMain", boolean.class, int.class, String.class);
            return (Class<?>) check.invoke(null, true, mode, what);
        } catch (ReflectiveOperationException problem) {
            Throwable cause = problem instanceof InvocationTargetException ? problem.getCause() : problem;
            throw new IllegalStateException("cannot start " + what, cause);
        }
    }

    /** The method that the JDK's launcher would call: static and with arguments before Java 25. */
    private static Method method(Class<?> owner) {
        try {
            Class<?> finder = Class.forName("jdk.internal.misc.MethodFinder");
            Method main = (Method) finder.getMethod("findMainMethod", Class.class).invoke(null, owner);
            main.setAccessible(true);
            return main;
        } catch (ReflectiveOperationException | RuntimeException olderJava) {
            return method(owner, "main");
        }
    }

    private static Method method(Class<?> owner, String name) {
        try {
            Method main = owner.getMethod(name, String[].class);
            main.setAccessible(true);
            return main;
        } catch (NoSuchMethodException checkedBefore) {
            throw new IllegalStateException(checkedBefore);
        }
    }

    private static Object instance(Class<?> owner) throws ReflectiveOperationException {
        java.lang.reflect.Constructor<?> constructor = owner.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    private static void fail(Throwable problem) {
        status = 1;
        trim(problem, Collections.newSetFromMap(new IdentityHashMap<>()));
        throw Main.<RuntimeException>asItIs(problem);
    }

    /** Cuts the frames below main off, here and in all causes: a trace then reads as under the java command. */
    private static void trim(Throwable problem, Set<Throwable> seen) {
        if (problem == null || !seen.add(problem)) return;
        StackTraceElement[] frames = problem.getStackTrace();
        int end = frames.length;
        while (end > 0 && !frames[end - 1].getClassName().equals(Main.class.getName())) end--;
        if (end > 0) {
            while (end > 0 && ours(frames[end - 1].getClassName())) end--;
            problem.setStackTrace(Arrays.copyOf(frames, end));
        }
        trim(problem.getCause(), seen);
        for (Throwable other : problem.getSuppressed()) trim(other, seen);
    }

    private static boolean ours(String name) {
        return name.equals(Main.class.getName())
                || name.startsWith("java.lang.reflect.")
                || name.startsWith("java.lang.invoke.")
                || name.startsWith("jdk.internal.");
    }

    @SuppressWarnings("unchecked")
    private static Set<Thread> shutdownHooks() {
        try {
            Object hooks = field(Class.forName("java.lang.ApplicationShutdownHooks"), null, "hooks");
            return hooks == null ? Collections.emptySet() : new java.util.HashSet<>(((Map<Thread, Thread>) hooks).keySet());
        } catch (ClassNotFoundException elsewhere) {
            return Collections.emptySet();
        }
    }

    private static Object field(Class<?> owner, Object object, String name) {
        try {
            Field field = owner.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(object);
        } catch (ReflectiveOperationException | RuntimeException closed) {
            return null;
        }
    }

    /** Throws anything from where nothing is declared, the identical object. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T asItIs(Throwable problem) throws T {
        throw (T) problem;
    }

    /** The shutdown hook: the host gets its seconds, if it listens at all yet. */
    private static final class Last implements Runnable {
        @Override
        public void run() {
            ENDING.countDown();
            try {
                if (watched) READY.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException enough) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for all non-daemon threads, then ends the process. */
    private static final class End implements Runnable {
        private final Thread main;
        private final Thread host;

        End(Thread main, Thread host) {
            this.main = main;
            this.host = host;
        }

        @Override
        public void run() {
            join(main);
            for (Thread next = other(); next != null; next = other()) join(next);
            try {
                System.exit(status);
            } catch (SecurityException refused) { // a security manager's rule is for the program, not for its end
                shutdown(status);
            }
        }

        /** What System.exit does when it may. */
        private static void shutdown(int status) {
            try {
                Method exit = Class.forName("java.lang.Shutdown").getDeclaredMethod("exit", int.class);
                exit.setAccessible(true);
                exit.invoke(null, status);
            } catch (ReflectiveOperationException | RuntimeException unknownJava) {
                throw new IllegalStateException("cannot end the process", unknownJava);
            }
        }

        private Thread other() {
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread != host && !thread.isDaemon()) return thread;
            }
            return null;
        }

        private static void join(Thread thread) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException nothingToStopFor) {
                    continue;
                }
            }
        }
    }
}
