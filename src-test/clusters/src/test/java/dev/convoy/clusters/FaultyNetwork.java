package dev.convoy.clusters;

import dev.convoy.data.random.KeyedRandom;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between clients and an HTTP server on this machine, and does to every so many requests
 * what networks and busy servers do. What it does to the n-th request follows from the seed and n.
 * One request goes over a connection.
 */
final class FaultyNetwork implements AutoCloseable {
  private static final int LONGEST_HEAD = 1 << 16;
  private static final int CHUNK = 1 << 14;
  private static final int AFTER_BYTES = 3000;
  private static final long SLOW_MILLIS = 300;
  private static final String BLANK_LINE = "\r\n\r\n";
  private static final String SLOW_DOWN_BODY =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>SlowDown</Code><Message>Please reduce"
          + " your request rate.</Message></Error>";

  /** What happens to a request. */
  enum Fault {
    /** Nothing. */
    NONE,
    /** The server is said to be busy; it never hears of the request. */
    SLOW_DOWN,
    /** The answer takes a while. */
    DELAY,
    /** The connection ends while the request is sent. */
    LOST_REQUEST,
    /** The server does what it is asked; the connection ends before the answer comes. */
    LOST_ANSWER,
    /** The connection ends in the middle of the answer. */
    TORN_ANSWER
  }

  private final ServerSocket listener;
  private final int server;
  private final long seed;
  private final double share;
  private final AtomicLong requests = new AtomicLong();
  private final Map<Fault, AtomicLong> counts = new EnumMap<>(Fault.class);

  /**
   * Listens on a free port.
   *
   * @param server the port of the server
   * @param share of the requests that something happens to
   */
  FaultyNetwork(int server, long seed, double share) throws IOException {
    this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    this.server = server;
    this.seed = seed;
    this.share = share;
    for (Fault fault : Fault.values()) {
      counts.put(fault, new AtomicLong());
    }
    start(this::listen);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "faulty-network");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How often what has happened. */
  Map<Fault, AtomicLong> counts() {
    return counts;
  }

  private Fault draw() {
    long request = requests.getAndIncrement();
    SplittableRandom random = new SplittableRandom(KeyedRandom.mix(seed + request));
    if (random.nextDouble() >= share) {
      return Fault.NONE;
    }
    return Fault.values()[1 + random.nextInt(Fault.values().length - 1)];
  }

  private void listen() {
    while (true) {
      try {
        Socket client = listener.accept();
        start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      byte[] head = head(client.getInputStream());
      if (head.length == 0) {
        return;
      }
      Fault fault = draw();
      counts.get(fault).incrementAndGet();
      if (fault == Fault.SLOW_DOWN) {
        client.getOutputStream().write(slowDown());
        return;
      }
      if (fault == Fault.DELAY) {
        Thread.sleep(SLOW_MILLIS);
      }
      try (Socket behind = new Socket(InetAddress.getLoopbackAddress(), server)) {
        exchange(client, behind, head, fault);
      }
    } catch (IOException e) {
      // Whoever has closed the connection knows.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void exchange(Socket client, Socket behind, byte[] head, Fault fault)
      throws IOException {
    OutputStream request = behind.getOutputStream();
    request.write(once(head));
    start(
        () -> {
          try {
            relay(
                client.getInputStream(),
                request,
                fault == Fault.LOST_REQUEST ? AFTER_BYTES : Long.MAX_VALUE);
            if (fault == Fault.LOST_REQUEST) {
              client.close();
              behind.close();
            }
          } catch (IOException e) {
            // The answer's end ends this, too.
          }
        });
    InputStream answer = behind.getInputStream();
    OutputStream back = client.getOutputStream();
    byte[] answered = head(answer);
    while (new String(answered, StandardCharsets.ISO_8859_1).matches("(?s)HTTP/1.1 1\\d\\d.*")) {
      back.write(answered);
      answered = head(answer);
    }
    if (fault == Fault.LOST_ANSWER) {
      return;
    }
    back.write(once(answered));
    relay(answer, back, fault == Fault.TORN_ANSWER ? AFTER_BYTES : Long.MAX_VALUE);
  }

  private static void relay(InputStream from, OutputStream to, long most) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long left = most;
    while (left > 0) {
      int read = from.read(chunk, 0, (int) Math.min(left, CHUNK));
      if (read < 0) {
        return;
      }
      to.write(chunk, 0, read);
      to.flush();
      left -= read;
    }
  }

  /** All up to the blank line; nothing at the end of the connection. */
  private static byte[] head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < BLANK_LINE.length()) {
      int next = in.read();
      if (next < 0) {
        if (head.size() == 0) {
          return new byte[0];
        }
        throw new EOFException("in the head");
      }
      head.write(next);
      matched =
          next == BLANK_LINE.charAt(matched) ? matched + 1 : next == BLANK_LINE.charAt(0) ? 1 : 0;
      if (head.size() > LONGEST_HEAD) {
        throw new IOException("a head without an end");
      }
    }
    return head.toByteArray();
  }

  /** The same request or answer, after which the connection is closed. */
  private static byte[] once(byte[] head) {
    StringBuilder rewritten = new StringBuilder();
    String text = new String(head, StandardCharsets.ISO_8859_1);
    for (String line : text.strip().lines().toList()) {
      if (!line.toLowerCase(Locale.ROOT).startsWith("connection:")) {
        rewritten.append(line).append("\r\n");
      }
    }
    rewritten.append("Connection: close").append(BLANK_LINE);
    return rewritten.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] slowDown() {
    return ("HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nConnection: close\r\n"
            + "Content-Length: "
            + SLOW_DOWN_BODY.length()
            + BLANK_LINE
            + SLOW_DOWN_BODY)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
