package ffcolor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * Where Java threads and the engine's threads meet: Java threads put calls here and wait, the engine's threads take and answer them.
 *
 * <p>The engine never holds a Java thread up: whoever waits here can be interrupted and leaves at once. What is asked back during a
 * call (progress) runs on the thread that made the call. A Java thread enters the engine itself only for what takes no longer than
 * to hand it over and back: see {@link Quick}.
 */
public final class Engine {
    /** The way in for code that is compiled without this class: {operation, header, arrays, callback} to {edn, array…}. */
    public static final Function<Object[], Object[]> DOOR = new Door();

    /** The way to let go of an object of the engine's table, at any time and without waiting. */
    public static final LongConsumer RELEASE = new Release();

    private static final ConcurrentLinkedQueue<Call> CALLS = new ConcurrentLinkedQueue<>();
    private static final ArrayDeque<Thread> ASLEEP = new ArrayDeque<>(); // the engine's threads without work, the latest first
    private static final Object GONE = new Object();

    private static final Patience ASKERS = new Patience(300_000);
    private static final Patience TAKERS = new Patience(150_000);
    private static volatile boolean present;

    private Engine() {}

    /** Whether the engine's threads take calls. */
    public static boolean present() {
        return present;
    }

    /** Says that the engine's threads take calls from now on. */
    public static void attach() {
        present = true;
    }

    /**
     * Runs one operation of the engine and waits for its answer.
     *
     * @param operation the operation's name
     * @param header its arguments, as JSON
     * @param arrays flat arrays that the header speaks of
     * @param callback what the engine may ask meanwhile, on this very thread; or null
     * @return the answer as EDN (or null), then the arrays that it speaks of
     * @throws InterruptedException if this thread is interrupted: the call is then given up
     * @throws Throwable whatever the callback throws: the call is then given up
     */
    public static Object[] call(String operation, String header, float[][] arrays, Function<Object[], Object> callback)
            throws Throwable {
        Object[] found = callback == null ? Quick.call(operation, header, arrays) : null;
        if (found != null) return found;
        Call call = new Call(operation, header, arrays, callback);
        put(call);
        return call.await();
    }

    /** Lets go of an object of the engine's table; does not wait. */
    public static void release(long id) {
        put(new Call("release", Long.toString(id), new float[0][], null));
    }

    /**
     * Answers a call, and waits for the next one that somebody waits for (or a release). For the engine's threads.
     *
     * @param done the call that this thread has run; or null
     * @param edn its answer; or null
     */
    public static Call take(Call done, String edn) {
        boolean watching = TAKERS.begin(); // before the answer, so that who asks again at once wakes nobody else
        if (done != null) done.answer(edn);
        while (true) {
            long begin = System.nanoTime();
            if (watching) {
                while (CALLS.isEmpty() && TAKERS.watches(begin)) Thread.onSpinWait();
                TAKERS.end();
            }
            Call call = CALLS.poll();
            if (call == null) {
                sleep();
                call = CALLS.poll();
            }
            if (!CALLS.isEmpty()) wake(); // it came while this thread watched, and nobody was woken for it
            if (call != null) {
                TAKERS.learn(begin);
                if (!call.cancelled()) return call;
            }
            watching = TAKERS.begin();
        }
    }

    /** Puts a call where the engine's threads look. If one of them watches, it need not be woken. */
    private static void put(Call call) {
        CALLS.add(call);
        if (!TAKERS.someoneWatches()) wake();
    }

    /** Sleeps until there may be a call. */
    private static void sleep() {
        Thread me = Thread.currentThread();
        synchronized (ASLEEP) {
            ASLEEP.push(me);
        }
        if (!CALLS.isEmpty()) wake(); // maybe this very thread
        while (true) {
            synchronized (ASLEEP) {
                if (!ASLEEP.contains(me)) return;
            }
            LockSupport.park(ASLEEP);
            Thread.interrupted(); // nobody has a reason to interrupt the engine's threads
        }
    }

    /** Wakes the thread that has slept the shortest: what it works with is still at hand. */
    private static void wake() {
        Thread next;
        synchronized (ASLEEP) {
            next = ASLEEP.poll();
        }
        LockSupport.unpark(next);
    }

    /** How many calls wait to be taken. */
    public static int waiting() {
        return CALLS.size();
    }

    /** One call: a letter box between the thread that asked and the engine's thread that answers. */
    public static final class Call {
        /** The operation's name, a space, and the header. */
        public final String text;

        private final float[][] arrays;
        public final boolean asks;

        private final Thread asker = Thread.currentThread();
        private final Function<Object[], Object> callback;
        private final AtomicReference<Object> letter = new AtomicReference<>(); // an Answer, a Question, or GONE
        private final List<Object> given = new ArrayList<>(4);
        private final List<Long> held = new ArrayList<>(2);
        private volatile Thread asking;

        private Call(String operation, String header, float[][] arrays, Function<Object[], Object> callback) {
            this.text = operation + " " + header;
            this.arrays = arrays;
            this.callback = callback;
            this.asks = callback != null;
        }

        /** Whether nobody waits for the answer any more. */
        public boolean cancelled() {
            return letter.get() == GONE;
        }

        /** One of the arrays that came with the call. */
        public float[] floats(int place) {
            return arrays[place];
        }

        /** Adds an array to the answer. */
        public void giveFloats(float[] array) {
            given.add(array);
        }

        /** Adds an array to the answer. */
        public void giveDoubles(double[] array) {
            given.add(array);
        }

        /** Adds an array to the answer. */
        public void giveLongs(long[] array) {
            given.add(array);
        }

        /** Says that the answer hands over an object of the engine's table: it is released if nobody takes the answer. */
        public void hold(long id) {
            held.add(id);
        }

        /** Answers the call: EDN (or null) and the arrays given before. */
        public void answer(String edn) {
            Object[] answer = new Object[1 + given.size()];
            answer[0] = edn;
            for (int i = 0; i < given.size(); i++) answer[1 + i] = given.get(i);
            if (letter.compareAndSet(null, new Answer(answer))) LockSupport.unpark(asker);
            else releaseHeld();
        }

        /**
         * Asks the caller something: its callback runs on its own thread.
         *
         * @throws CancellationException if the caller has left, or leaves because the callback threw something
         */
        public Object ask(Object[] arguments) {
            Question question = new Question(arguments);
            asking = Thread.currentThread();
            try {
                if (!letter.compareAndSet(null, question)) throw new CancellationException();
                LockSupport.unpark(asker);
                while (question.reply == null) {
                    if (cancelled()) throw new CancellationException();
                    LockSupport.park(this);
                    Thread.interrupted(); // nobody has a reason to interrupt the engine's threads
                }
                return question.reply[0];
            } finally {
                asking = null;
            }
        }

        private Object[] await() throws Throwable {
            Object[] found = null;
            long begin = System.nanoTime();
            try {
                if (ASKERS.begin()) {
                    while (letter.get() == null && ASKERS.watches(begin)) Thread.onSpinWait();
                    ASKERS.end();
                }
                while (found == null) {
                    if (Thread.interrupted()) throw new InterruptedException("interrupted while the engine worked");
                    Object come = letter.get();
                    if (come == null) {
                        LockSupport.park(this);
                    } else if (come instanceof Question) {
                        letter.set(null);
                        Question question = (Question) come;
                        question.reply = new Object[] {callback.apply(question.arguments)};
                        LockSupport.unpark(asking);
                    } else {
                        found = ((Answer) come).parts;
                        ASKERS.learn(begin);
                    }
                }
                return found;
            } finally {
                if (found == null) leave();
            }
        }

        private void leave() {
            if (letter.getAndSet(GONE) instanceof Answer) releaseHeld();
            LockSupport.unpark(asking);
        }

        private void releaseHeld() {
            for (long id : held) release(id);
        }
    }

    /**
     * For how long a thread watches before it sleeps. To put one to sleep and wake it costs as much as a short call; so one at a time
     * watches, as long as what it waits for lately came soon. None does where there is but one processor.
     */
    private static final class Patience {
        private final long most;
        private final boolean several = Runtime.getRuntime().availableProcessors() > 1;
        private final AtomicBoolean taken = new AtomicBoolean();
        private volatile long nanos;

        Patience(long most) {
            this.most = most;
        }

        boolean begin() {
            return several && nanos > 0 && taken.compareAndSet(false, true);
        }

        boolean someoneWatches() {
            return taken.get();
        }

        boolean watches(long begin) {
            return System.nanoTime() - begin < nanos;
        }

        void end() {
            taken.set(false);
        }

        void learn(long begin) {
            nanos = System.nanoTime() - begin < most ? Math.min(most, 2 * nanos + 5_000) : nanos / 2;
        }
    }

    private static final class Answer {
        final Object[] parts;

        Answer(Object[] parts) {
            this.parts = parts;
        }
    }

    private static final class Question {
        final Object[] arguments;
        volatile Object[] reply;

        Question(Object[] arguments) {
            this.arguments = arguments;
        }
    }

    private static final class Door implements Function<Object[], Object[]> {
        @Override
        @SuppressWarnings("unchecked")
        public Object[] apply(Object[] call) {
            try {
                return call((String) call[0], (String) call[1], (float[][]) call[2], (Function<Object[], Object>) call[3]);
            } catch (Throwable problem) {
                throw Engine.<RuntimeException>asItIs(problem);
            }
        }
    }

    private static final class Release implements LongConsumer {
        @Override
        public void accept(long id) {
            release(id);
        }
    }

    /** Throws anything from where nothing is declared, the identical object. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T asItIs(Throwable problem) throws T {
        throw (T) problem;
    }
}
