import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Opens three marketplaces, has Azukari publish a list of products on each of them, and checks what arrived.
 *
 * <p>Each marketplace takes a set time for a call and allows a set number of calls a second; a call beyond that is answered 429
 * with {@code Retry-After}. A call that repeats an {@code Idempotency-Key} publishes nothing new.
 *
 * <p>The exit status is 0 if every product was published exactly once on each marketplace and no call was answered 429, 1 if not,
 * and 2 if the arguments are wrong. The server must run with the event types in {@code catalog}.
 */
public final class Marketplaces {
    private static final Map<String, Integer> PORTS = Map.of("north", 9001, "south", 9002, "west", 9003);

    private final Options options;
    private final Azukari azukari;
    private final List<Marketplace> marketplaces = new ArrayList<>();

    private Marketplaces(Options options) {
        this.options = options;
        this.azukari = new Azukari(options.server());
    }

    public static void main(String[] args) {
        int status;
        try {
            status = run(Options.parse(args));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "; see --help");
            status = 2;
        } catch (DemoException e) {
            System.err.println(e.getMessage());
            status = 1;
        } catch (InterruptedException e) {
            status = 1;
        }
        System.exit(status);
    }

    private static int run(Options options) throws InterruptedException {
        if (options.help()) {
            System.out.print(Options.HELP);
            return 0;
        }
        Marketplaces demo = new Marketplaces(options);
        demo.open();
        return options.check() || demo.publish() ? 0 : 1;
    }

    private void open() {
        PORTS.keySet().stream().sorted().map(this::marketplace).forEach(marketplaces::add);
    }

    private Marketplace marketplace(String name) {
        try {
            return new Marketplace(name, PORTS.get(name), options.rate(), options.call());
        } catch (IOException e) {
            throw new DemoException(
                    "Marketplace " + name + " needs port " + PORTS.get(name) + " of 127.0.0.1: " + e.getMessage());
        }
    }

    private boolean publish() throws InterruptedException {
        for (Marketplace marketplace : marketplaces) {
            marketplace.warmUp();
            azukari.limit(marketplace.name(), options.rate(), options.concurrency());
        }
        System.out.println(introduction());
        Progress progress = new Progress(options, marketplaces, azukari);
        String batch = azukari.publish(options.products());
        String state = azukari.awaitEnd(batch);
        progress.end();
        return report(state, progress.elapsed());
    }

    private String introduction() {
        return String.format(
                Locale.ROOT,
                "%d products on %d marketplaces; each allows %d calls a second, a call takes %s.%n"
                        + "At an even pace this takes %s: %d calls at %d a second, and the last call's time.%n"
                        + "Calls begun/ended:",
                options.products(),
                marketplaces.size(),
                options.rate(),
                Seconds.text(options.call()),
                Seconds.text(options.floor()),
                options.products(),
                options.rate());
    }

    private boolean report(String state, Duration took) {
        boolean good = state.equals("SUCCEEDED");
        System.out.println("The batch has ended: " + state + ".");
        System.out.println("  took   " + Seconds.text(took) + "; " + Seconds.text(options.floor()) + " at an even pace");
        for (Marketplace marketplace : marketplaces) {
            long once = marketplace.publishedOnce(options.products());
            good &= once == options.products() && marketplace.refused() == 0;
            System.out.printf(
                    Locale.ROOT,
                    "  %-6s %d of %d products published exactly once; %d calls, %d answered 429, at most %d at a time%n",
                    marketplace.name(),
                    once,
                    options.products(),
                    marketplace.calls(),
                    marketplace.refused(),
                    marketplace.most());
        }
        System.out.println(good ? "All is well." : "Something went wrong.");
        return good;
    }

    /**
     * What the command line says.
     *
     * @param products how many products to publish
     * @param rate how many calls a second each marketplace allows
     * @param call how long a call takes
     * @param server where Azukari is
     * @param check whether to end once the arguments and the ports are known to be good
     * @param help whether to print the help only
     */
    private record Options(int products, int rate, Duration call, URI server, boolean check, boolean help) {
        static final String HELP =
                """
                Publishes products on three marketplaces, through Azukari.

                  --products N      how many products, 1 to 10000 (200)
                  --rate N          how many calls a second each marketplace allows, 1 to 10000 (2)
                  --call DURATION   how long a call takes, such as 500ms or 10s, at most 50s (10s)
                  --server URL      where Azukari is (http://127.0.0.1:8080)
                  --check           only checks the options and that the marketplaces' ports are free
                  --help            shows this

                Exit status: 0 if every product was published exactly once on each marketplace and no call was answered 429,
                1 if not, 2 if an option is wrong.
                """;

        private static final int MOST = 10_000;
        private static final int LEAST_CONCURRENCY = 20;
        private static final int MOST_CONCURRENCY = 100_000;
        private static final Duration LONGEST_CALL = Duration.ofSeconds(50);
        private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})(ms|s)");

        static Options parse(String[] args) {
            int products = 200;
            int rate = 2;
            Duration call = Duration.ofSeconds(10);
            URI server = URI.create("http://127.0.0.1:8080");
            boolean check = false;
            boolean help = false;
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--products" -> products = number(args, i++);
                    case "--rate" -> rate = number(args, i++);
                    case "--call" -> call = duration(args, i++);
                    case "--server" -> server = URI.create(value(args, i++));
                    case "--check" -> check = true;
                    case "--help", "-h" -> help = true;
                    default -> throw new IllegalArgumentException("There is no option " + args[i]);
                }
            }
            return new Options(products, rate, call, server, check, help);
        }

        private static String value(String[] args, int option) {
            if (option + 1 == args.length) {
                throw new IllegalArgumentException(args[option] + " needs a value");
            }
            return args[option + 1];
        }

        private static int number(String[] args, int option) {
            String text = value(args, option);
            int number = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
            if (number < 1 || number > MOST) {
                throw new IllegalArgumentException(args[option] + " must be a whole number from 1 to " + MOST);
            }
            return number;
        }

        private static Duration duration(String[] args, int option) {
            Matcher text = DURATION.matcher(value(args, option));
            Duration duration = text.matches() ? Seconds.of(text.group(1), text.group(2)) : Duration.ZERO;
            if (duration.isZero() || duration.compareTo(LONGEST_CALL) > 0) {
                throw new IllegalArgumentException(args[option] + " must be a duration such as 500ms or 10s, at most 50s");
            }
            return duration;
        }

        /** The rate can be used in full only with as many calls at a time as begin while one takes place. */
        int concurrency() {
            double needed = Math.ceil(rate * call.toMillis() / 1000.0);
            return (int) Math.min(MOST_CONCURRENCY, Math.max(LEAST_CONCURRENCY, needed));
        }

        /** From the first call to the end of the last one, at an even pace. */
        Duration floor() {
            return Duration.ofSeconds(products - 1).dividedBy(rate).plus(call);
        }
    }

    /** A marketplace, as a real HTTP server. */
    private static final class Marketplace {
        private static final Duration WINDOW = Duration.ofMillis(950);
        private static final Pattern PRODUCT = Pattern.compile("\"productId\"\\s*:\\s*\"([^\"]+)\"");
        private static final int BACKLOG = 1000;
        private static final int WARM_UP_CALLS = 5;

        private final String name;
        private final int rate;
        private final Duration call;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
        private final Deque<Long> window = new ArrayDeque<>();
        private final Map<String, Set<String>> published = new ConcurrentHashMap<>();
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private final AtomicInteger refused = new AtomicInteger();
        private final AtomicInteger underWay = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        Marketplace(String name, int port, int rate, Duration call) throws IOException {
            this.name = name;
            this.rate = rate;
            this.call = call;
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            server.setExecutor(threads);
            server.createContext("/products", this::answer);
            server.createContext("/ready", exchange -> respond(exchange, "{}"));
            server.start();
        }

        /** Without this, the first call would arrive late, and the second one too soon after it. */
        void warmUp() throws InterruptedException {
            HttpClient client = HttpClient.newHttpClient();
            URI ready = URI.create("http://127.0.0.1:" + PORTS.get(name) + "/ready");
            try {
                for (int i = 0; i < WARM_UP_CALLS; i++) {
                    client.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding());
                }
            } catch (IOException e) {
                throw new DemoException("Marketplace " + name + " does not answer: " + e);
            }
        }

        private void answer(HttpExchange exchange) throws IOException {
            if (admits(System.nanoTime())) {
                begin(exchange);
            } else {
                refuse(exchange);
            }
        }

        private synchronized boolean admits(long now) {
            while (!window.isEmpty() && now - window.peekFirst() >= WINDOW.toNanos()) {
                window.pollFirst();
            }
            if (window.size() >= rate) {
                return false;
            }
            window.addLast(now);
            return true;
        }

        private void refuse(HttpExchange exchange) throws IOException {
            refused.incrementAndGet();
            exchange.getResponseHeaders().set("Retry-After", "1");
            exchange.sendResponseHeaders(429, -1);
            exchange.close();
        }

        private void begin(HttpExchange exchange) throws IOException {
            begun.incrementAndGet();
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            String body = new String(exchange.getRequestBody().readAllBytes());
            clock.schedule(() -> end(exchange, body), call.toNanos(), TimeUnit.NANOSECONDS);
        }

        private void end(HttpExchange exchange, String body) {
            publish(body, exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            underWay.decrementAndGet();
            ended.incrementAndGet();
            threads.execute(() -> respond(exchange, "{\"accepted\":true}"));
        }

        private void publish(String body, String key) {
            Matcher product = PRODUCT.matcher(body);
            if (product.find()) {
                published.computeIfAbsent(product.group(1), id -> ConcurrentHashMap.newKeySet()).add(String.valueOf(key));
            }
        }

        private static void respond(HttpExchange exchange, String json) {
            try (exchange) {
                byte[] answer = json.getBytes();
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            } catch (IOException callerIsGone) {
                System.getLogger("marketplaces").log(System.Logger.Level.DEBUG, "a caller is gone", callerIsGone);
            }
        }

        /** How many of the products were published, and by one job only. */
        long publishedOnce(int products) {
            return IntStream.rangeClosed(1, products)
                    .mapToObj(number -> published.getOrDefault(Azukari.product(number), Set.of()))
                    .filter(keys -> keys.size() == 1)
                    .count();
        }

        String name() {
            return name;
        }

        int calls() {
            return begun.get() + refused.get();
        }

        int begun() {
            return begun.get();
        }

        int ended() {
            return ended.get();
        }

        int refused() {
            return refused.get();
        }

        int most() {
            return most.get();
        }
    }

    /** What the demonstration asks of Azukari's REST interface. */
    private static final class Azukari {
        private static final Pattern RATE = Pattern.compile("\"rate\":\"([^\"]*)\"");
        private static final Pattern CONCURRENCY = Pattern.compile("\"concurrency\":([0-9]+)");
        private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
        private static final Pattern STATE = Pattern.compile("\"state\":\"([^\"]+)\"");
        private static final Pattern DETAIL = Pattern.compile("\"detail\":\"([^\"]+)\"");
        private static final Set<String> LAST = Set.of("SUCCEEDED", "FAILED", "CANCELLED", "UNCERTAIN");
        private static final Duration PATIENCE = Duration.ofSeconds(60);
        private static final Duration PAUSE = Duration.ofMillis(500);

        private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final URI server;
        private volatile boolean silent;

        Azukari(URI server) {
            this.server = server;
        }

        static String product(int number) {
            return "P-" + number;
        }

        /** Sets a channel's limits, if they are others. */
        void limit(String channel, int rate, int concurrency) throws InterruptedException {
            String path = "/api/channels/" + channel;
            String known = get(path);
            boolean holds = first(RATE, known).equals(rate + "/s")
                    && first(CONCURRENCY, known).equals(Integer.toString(concurrency));
            if (!holds) {
                String limits = "{\"rate\":\"%d/s\",\"concurrency\":%d}".formatted(rate, concurrency);
                send(request(path).PUT(BodyPublishers.ofString(limits)));
            }
        }

        /** Posts all products as one batch and returns the id of its job. */
        String publish(int products) throws InterruptedException {
            String items = IntStream.rangeClosed(1, products)
                    .mapToObj(number -> "{\"code\":\"PUBLISH_PRODUCT\",\"body\":{\"productId\":\"" + product(number) + "\"}}")
                    .collect(Collectors.joining(",\n"));
            String batch = "{\"submitter\":\"demo\",\"items\":[" + items + "]}";
            return first(ID, send(request("/api/batches").POST(BodyPublishers.ofString(batch))));
        }

        /** Waits for the job's end, also if the server is away for a while, and returns its last state. */
        String awaitEnd(String job) throws InterruptedException {
            while (true) {
                String state = state(job);
                if (LAST.contains(state)) {
                    return state;
                }
                silent = state.isEmpty();
                if (silent) {
                    Thread.sleep(PAUSE.toMillis());
                }
            }
        }

        /** The job's state once it has changed or 10 s have passed; empty if the server does not say. */
        private String state(String job) throws InterruptedException {
            HttpRequest request =
                    request("/api/jobs/" + job).header("Prefer", "wait=10").build();
            try {
                HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
                if (response.statusCode() == 404) {
                    throw new DemoException("The server does not know the batch any more: is its data folder another one?");
                }
                return response.statusCode() == 200 ? first(STATE, response.body()) : "";
            } catch (IOException e) {
                return "";
            }
        }

        boolean isSilent() {
            return silent;
        }

        private String get(String path) throws InterruptedException {
            return send(request(path).GET());
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(server.resolve(path))
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json");
        }

        private String send(HttpRequest.Builder builder) throws InterruptedException {
            HttpRequest request = builder.build();
            String what = request.method() + " " + request.uri();
            try {
                HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
                if (response.statusCode() >= 300) {
                    throw new DemoException(
                            what + " was answered " + response.statusCode() + ": " + first(DETAIL, response.body()));
                }
                return response.body();
            } catch (ConnectException e) {
                throw new DemoException("There is no server at " + server);
            } catch (IOException e) {
                throw new DemoException(what + " failed: " + e);
            }
        }

        private static String first(Pattern pattern, String json) {
            Matcher matcher = pattern.matcher(json);
            return matcher.find() ? matcher.group(1) : "";
        }
    }

    /** The line that shows how far it is: renewed in place in a terminal, else written every few seconds. */
    private static final class Progress {
        private static final boolean TERMINAL = System.console() != null;
        private static final Duration EVERY = TERMINAL ? Duration.ofMillis(200) : Duration.ofSeconds(10);

        private final long begun = System.nanoTime();
        private final Options options;
        private final List<Marketplace> marketplaces;
        private final Azukari azukari;
        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

        Progress(Options options, List<Marketplace> marketplaces, Azukari azukari) {
            this.options = options;
            this.marketplaces = marketplaces;
            this.azukari = azukari;
            clock.scheduleAtFixedRate(this::show, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }

        void end() throws InterruptedException {
            clock.shutdown();
            clock.awaitTermination(1, TimeUnit.SECONDS);
            show();
            if (TERMINAL) {
                System.out.println();
            }
        }

        Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - begun);
        }

        private void show() {
            if (TERMINAL) {
                System.out.print("\r" + line() + "\033[K");
                System.out.flush();
            } else {
                System.out.println(line());
            }
        }

        private String line() {
            String calls = marketplaces.stream()
                    .map(each -> each.name() + " " + each.begun() + "/" + each.ended())
                    .collect(Collectors.joining("  "));
            int refused = marketplaces.stream().mapToInt(Marketplace::refused).sum();
            String expected = azukari.isSilent() ? "no answer" : "of " + Seconds.text(options.floor());
            return String.format(
                    Locale.ROOT, "%8s (%s)  %s  429s %d", Seconds.text(elapsed()), expected, calls, refused);
        }
    }

    /** Durations as they are read and written here. */
    private static final class Seconds {
        private Seconds() {}

        static Duration of(String number, String unit) {
            long amount = Long.parseLong(number);
            return unit.equals("ms") ? Duration.ofMillis(amount) : Duration.ofSeconds(amount);
        }

        static String text(Duration duration) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
    }

    /** The demonstration cannot go on; the message says why, in one line. */
    private static final class DemoException extends RuntimeException {
        private static final long serialVersionUID = 1;

        DemoException(String message) {
            super(message);
        }
    }
}
