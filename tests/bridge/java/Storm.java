import ffcolor.Engine;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps the engine's threads at work, and enters the engine itself, and leaves in the midst of it as the argument says. */
public class Storm {
    private static final CountDownLatch WORKING = new CountDownLatch(3);

    public static void main(String[] arguments) throws Exception {
        daemon(Storm::learn);
        daemon(() -> update(60_000)); // more numbers than a quick call may have
        daemon(() -> update(60));
        WORKING.await();
        System.out.println("working");
        System.out.flush();
        switch (arguments[0]) {
            case "return":
                break;
            case "exit":
                daemon(() -> System.exit(7));
                Thread.sleep(60_000);
                break;
            case "throw":
                throw new IllegalStateException("enough");
            case "wait":
                Thread.sleep(60_000);
                break;
            default:
                throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    }

    /** Learns a taste for a very long time. */
    private static void learn() {
        float[] like = {0.9f, 0.2f, 0.1f, 0.8f, 0.3f, 0.2f};
        float[] dislike = {0.1f, 0.2f, 0.9f, 0.2f, 0.3f, 0.8f};
        String header = "{\"liked\": {\"$array\": 0}, \"disliked\": {\"$array\": 1}, \"steps\": 10000, \"seed\": 1}";
        boolean[] begun = {false};
        while (true) {
            call("learn", header, new float[][] {like, dislike}, step -> {
                if (!begun[0]) WORKING.countDown();
                begun[0] = true;
                return null;
            });
        }
    }

    /** Updates a layer for ever, with so many numbers at a time. */
    private static void update(int numbers) {
        Matcher id = Pattern.compile("\\d+").matcher(
                (String) call("make_layer", "{\"inputs\": 3, \"units\": 256}", new float[0][], null)[0]);
        if (!id.find()) throw new IllegalStateException("no layer");
        float[] x = new float[numbers];
        Arrays.fill(x, 0.5f);
        String header = "{\"layer\": {\"$model\": " + id.group() + "}, \"positive\": {\"$array\": 0}, \"negative\": {\"$array\": 0}}";
        while (true) {
            call("local_update", header, new float[][] {x}, null);
            WORKING.countDown();
        }
    }

    private static Object[] call(
            String operation, String header, float[][] arrays, java.util.function.Function<Object[], Object> callback) {
        try {
            Object[] answer = Engine.call(operation, header, arrays, callback);
            if (answer[0] != null && ((String) answer[0]).contains("#ffcolor/error")) throw new IllegalStateException((String) answer[0]);
            return answer;
        } catch (Throwable problem) {
            problem.printStackTrace();
            Runtime.getRuntime().halt(98);
            throw new AssertionError(problem);
        }
    }
}
