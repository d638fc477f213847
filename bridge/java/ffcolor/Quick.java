package ffcolor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;

/**
 * Calls that the thread which makes them runs itself, inside the engine: quick operations on a few numbers.
 *
 * <p>To hand such a call to one of the engine's threads takes as long as the call, and many times as long where other programs keep
 * the processors busy. All of a call crosses in one piece of memory, and so does its answer, which is nothing but arrays of floats. A
 * call that has no such answer, because something is wrong with it, say, is left to the engine's threads.
 *
 * <p>What the engine keeps for a thread that enters it outlives that thread. So only threads that call often enter, and not more than
 * a number of them.
 */
public final class Quick {
    private static final int SIZES = 8; // numbers before the floats: the text's bytes, how many arrays, their lengths
    private static final int FEW = 3 * 64; // floats that an array may have

    private static final int OFTEN = 50; // calls after which a thread enters itself
    private static final int MOST = 256; // threads that ever do

    private static final AtomicInteger regulars = new AtomicInteger();
    private static final ThreadLocal<int[]> CALLS = ThreadLocal.withInitial(() -> new int[1]);
    private static final Set<String> OPERATIONS = ConcurrentHashMap.newKeySet();
    private static final ConcurrentLinkedDeque<Integer> FREE = new ConcurrentLinkedDeque<>();
    private static ByteBuffer[] rooms;
    private static IntUnaryOperator run;

    private Quick() {}

    /**
     * Says how quick calls are run.
     *
     * @param rooms pieces of memory, one for each call at a time
     * @param run runs the call in the room with a number, and leaves the answer there; anything but 0 if there is none
     */
    public static void open(ByteBuffer[] rooms, IntUnaryOperator run) {
        Quick.run = run;
        Quick.rooms = rooms;
        for (int i = 0; i < rooms.length; i++) {
            rooms[i].order(ByteOrder.nativeOrder());
            FREE.add(i);
        }
    }

    /** Says that an operation is quick, and that all it needs is at hand. */
    public static void allow(String operation) {
        OPERATIONS.add(operation);
    }

    /**
     * Runs a call here and now.
     *
     * @return null and its arrays; or null if the engine's threads should have the call
     */
    static Object[] call(String operation, String header, float[][] arrays) throws InterruptedException {
        if (!OPERATIONS.contains(operation) || arrays.length > SIZES - 2 || header.contains("\"$colors\"")) return null;
        for (float[] array : arrays) if (array.length > FEW) return null;
        if (!isRegular()) return null;
        byte[] text = (operation + " " + header).getBytes(StandardCharsets.UTF_8);
        if (text.length > FEW) return null;
        Integer room = FREE.pollFirst();
        if (room == null) return null;
        try {
            if (Thread.interrupted()) throw new InterruptedException("interrupted before the engine worked");
            write(rooms[room], text, arrays);
            return run.applyAsInt(room) == 0 ? read(rooms[room]) : null;
        } finally {
            FREE.addFirst(room);
        }
    }

    /** Whether this thread calls often; counts the call. */
    private static boolean isRegular() {
        int[] calls = CALLS.get();
        if (calls[0] < OFTEN) {
            if (regulars.get() < MOST && ++calls[0] == OFTEN && regulars.incrementAndGet() > MOST) calls[0] = 0;
            return false;
        }
        return true;
    }

    private static void write(ByteBuffer room, byte[] text, float[][] arrays) {
        room.putInt(0, text.length).putInt(4, arrays.length);
        int at = 4 * SIZES;
        for (int i = 0; i < arrays.length; i++) {
            room.putInt(8 + 4 * i, arrays[i].length);
            for (float number : arrays[i]) {
                room.putFloat(at, number);
                at += 4;
            }
        }
        for (byte letter : text) room.put(at++, letter);
    }

    private static Object[] read(ByteBuffer room) {
        Object[] answer = new Object[1 + room.getInt(4)];
        int at = 4 * SIZES;
        for (int i = 1; i < answer.length; i++) {
            float[] array = new float[room.getInt(4 + 4 * i)];
            for (int place = 0; place < array.length; place++) {
                array[place] = room.getFloat(at);
                at += 4;
            }
            answer[i] = array;
        }
        return answer;
    }
}
