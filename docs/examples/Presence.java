import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Presence with nothing but Java 17: java Presence.java COMMAND ...
 *
 * <pre>
 * query NAME...        statuses of people, as JSON
 * watch NAME...        the same whenever they change, until Ctrl+C
 * set STATUS [NOTE]    the status of the bridge's own account
 * im ADDRESS TEXT      an instant message from that account
 * </pre>
 *
 * PRESENCE_URL is the address of the bridge, PRESENCE_TOKEN_FILE a file that holds a token of the scopes read, stream,
 * own-status, message; what you do not need, leave out. Java brings no reader for JSON: hand the texts to yours.
 */
public class Presence {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).version(HttpClient.Version.HTTP_1_1).build();

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length < 2) fail("a command and its words were expected: query, watch, set or im");
        List<String> words = Arrays.asList(args).subList(1, args.length);
        switch (args[0]) {
            case "query" -> send("POST", "/api/v1/people/query", "{\"people\":" + quoted(words) + "}");
            case "watch" -> watch(words);
            case "set" -> send("PUT", "/api/v1/self", "{\"status\":" + quoted(words.get(0))
                    + (words.size() > 1 ? ",\"note\":" + quoted(words.get(1)) : "") + "}");
            case "im" -> send("POST", "/api/v1/messages",
                    "{\"to\":" + quoted(words.get(0)) + ",\"text\":" + quoted(words.get(1)) + "}");
            default -> fail("there is no command " + args[0]);
        }
    }

    private static void send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(140))
                .method(method, BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = CLIENT.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) fail(answer.body());
        System.out.println(answer.body());
    }

    /** Prints each message. After a loss it comes back with the id of the last one, and so misses nothing. */
    private static void watch(List<String> names) throws IOException, InterruptedException {
        String people = names.stream()
                .map(name -> "person=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        String last = "";
        while (true) {
            HttpRequest.Builder request = request("/api/v1/stream?" + people);
            if (!last.isEmpty()) request.header("Last-Event-ID", last);
            try {
                HttpResponse<Stream<String>> answer = CLIENT.send(request.build(), BodyHandlers.ofLines());
                int status = answer.statusCode();
                // Asking again does not help against a wrong token or request.
                if (status != 200 && status < 500 && status != 429) fail(answer.body().collect(Collectors.joining()));
                for (Iterator<String> lines = answer.body().iterator(); lines.hasNext(); ) {
                    String line = lines.next();
                    if (line.startsWith("id: ")) last = line.substring(4);
                    if (line.startsWith("data: ")) System.out.println(line.substring(6));
                }
            } catch (IOException | java.io.UncheckedIOException lost) {
                System.err.println("the bridge is not heard: " + lost.getMessage());
            }
            Thread.sleep(1_000 + (long) (Math.random() * 2_000));
        }
    }

    private static HttpRequest.Builder request(String path) throws IOException {
        String url = System.getenv().getOrDefault("PRESENCE_URL", "http://127.0.0.1:8480");
        String file = System.getenv("PRESENCE_TOKEN_FILE");
        if (file == null) fail("PRESENCE_TOKEN_FILE was expected: the file with the access token");
        String token = Files.readString(Path.of(file)).strip();
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + token);
    }

    private static String quoted(List<String> texts) {
        return texts.stream().map(Presence::quoted).collect(Collectors.joining(",", "[", "]"));
    }

    /** A text as JSON writes it. */
    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char letter : text.toCharArray()) {
            if (letter == '"' || letter == '\\') json.append('\\').append(letter);
            else if (letter < ' ') json.append(String.format("\\u%04x", (int) letter));
            else json.append(letter);
        }
        return json.append('"').toString();
    }

    private static void fail(String reason) {
        System.err.println(reason);
        System.exit(1);
    }
}
