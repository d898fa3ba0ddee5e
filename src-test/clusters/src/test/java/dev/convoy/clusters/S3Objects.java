package dev.convoy.clusters;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The objects of a bucket, by the server's own interface: what anybody else sees of them. */
final class S3Objects {
  private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String bucket;

  /**
   * Makes the bucket.
   *
   * @param port of the server on this machine
   */
  S3Objects(int port, String bucket) {
    this.bucket = "http://127.0.0.1:" + port + "/" + bucket;
    send(request("").PUT(HttpRequest.BodyPublishers.noBody()));
  }

  void put(String key, byte[] content) {
    HttpResponse<byte[]> answer =
        send(request("/" + key).PUT(HttpRequest.BodyPublishers.ofByteArray(content)));
    if (answer.statusCode() != OK) {
      throw new AssertionError("PUT " + key + ": " + answer.statusCode());
    }
  }

  /** The content of an object; empty if there is none. */
  Optional<byte[]> get(String key) {
    HttpResponse<byte[]> answer = send(request("/" + key).GET());
    if (answer.statusCode() == NOT_FOUND) {
      return Optional.empty();
    }
    if (answer.statusCode() != OK) {
      throw new AssertionError("GET " + key + ": " + answer.statusCode());
    }
    return Optional.of(answer.body());
  }

  String text(String key) {
    return new String(
        get(key).orElseThrow(() -> new AssertionError("expected " + key)), StandardCharsets.UTF_8);
  }

  /** The keys that begin so, at most a thousand. */
  List<String> list(String prefix) {
    HttpResponse<byte[]> answer =
        send(
            request("?list-type=2&prefix=" + URLEncoder.encode(prefix, StandardCharsets.UTF_8))
                .GET());
    return KEY.matcher(new String(answer.body(), StandardCharsets.UTF_8))
        .results()
        .map(key -> key.group(1))
        .toList();
  }

  private HttpRequest.Builder request(String what) {
    return HttpRequest.newBuilder(URI.create(bucket + what));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
