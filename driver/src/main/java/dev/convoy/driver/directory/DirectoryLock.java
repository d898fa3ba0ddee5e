package dev.convoy.driver.directory;

import dev.convoy.data.DaemonThreads;
import dev.convoy.data.format.Locations;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.directory.LockFile.Content;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock on a directory, for one process at a time, on any Hadoop file system. Driver only.
 *
 * <p>It is a file that the holder renews. What a killed process left is taken over: at once if it
 * ran on this system, else when it has not been renewed for some time. No file system promises that
 * two processes never take over at once; so each looks again a little later, and a holder that
 * finds the file taken is told by {@link #checkHeld} before it writes.
 */
public final class DirectoryLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);
  private static final int ATTEMPTS = 5;
  private static final int RENEWALS_MISSED_BEFORE_LOOKING = 3;
  private static final int WRITES_OF_A_RIVAL = 3;

  private final LockFile file;
  private final LockHolder own;
  private final Timing timing;
  private final Runnable atShutdown = this::close;
  private final ScheduledExecutorService renewals =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("convoy-directory-lock"));
  private long renewedNanos = System.nanoTime();
  private Instant renewed;
  private Optional<LockHolder> successor = Optional.empty();
  private Optional<IOException> failure = Optional.empty();
  private boolean expired;
  private boolean closed;

  /**
   * How long things take.
   *
   * @param renewal from one renewal to the next
   * @param expiry without a renewal after which a lock is taken over
   * @param settling before a lock that was taken is looked at again
   * @param clock tells how long this process has stood still, such as with its whole machine
   */
  record Timing(Duration renewal, Duration expiry, Duration settling, InstantSource clock) {
    Timing(Duration renewal, Duration expiry, Duration settling) {
      this(renewal, expiry, settling, InstantSource.system());
    }

    static final Timing USUAL =
        new Timing(Duration.ofSeconds(10), Duration.ofSeconds(90), Duration.ofMillis(500));
  }

  private DirectoryLock(LockFile file, LockHolder own, Timing timing) {
    this.file = file;
    this.own = own;
    this.timing = timing;
    this.renewed = timing.clock().instant();
  }

  /**
   * Creates the directory if need be, and takes its lock; waits for it as {@link LockWait} says.
   *
   * @param output the directory, a Hadoop path
   * @param command that is to work there, for people
   * @throws DirectoryInUseException if another process has it
   * @throws ConfigurationException if the directory cannot be written
   */
  public static DirectoryLock acquire(String output, Configuration hadoop, String command) {
    return LockWait.ofThisProcess()
        .acquire(() -> acquire(output, hadoop, LockHolder.here(command), Timing.USUAL));
  }

  static DirectoryLock acquire(String output, Configuration hadoop, LockHolder own, Timing timing) {
    try {
      LockFile file = LockFile.in(Locations.path(output), hadoop);
      try {
        DirectoryLock lock = new DirectoryLock(file, own, timing);
        lock.take();
        lock.keep();
        return lock;
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw OutputDirectory.unwritable(output, e);
    }
  }

  /**
   * Removes the lock of a process that was killed, for who finds its work done; does nothing where
   * it cannot, or where a process is at work.
   */
  public static void removeLeftBehind(String output, Configuration hadoop, String command) {
    try (LockFile file = LockFile.at(Locations.path(output), hadoop)) {
      long now = System.currentTimeMillis();
      Predicate<Content> isLeftBehind = content -> isLeftBehind(content, now, Timing.USUAL);
      if (file.read().filter(isLeftBehind).isPresent()) {
        acquire(output, hadoop, LockHolder.here(command), Timing.USUAL).close();
      }
      file.discardStaged(isLeftBehind);
    } catch (IOException | RuntimeException e) {
      LOG.debug("Cannot remove the lock in {}", output, e);
    }
  }

  private void take() throws IOException {
    long now = file.stage(own);
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        long begun = System.nanoTime();
        if (file.claim()) {
          file.replace(own);
          if (!file.claimsAreExclusive()) {
            confirm(begun);
          }
          return;
        }
        Optional<Content> found = file.read();
        if (found.isEmpty()) {
          continue;
        }
        if (attempt == 0 && found.get().holder().isEmpty()) {
          // Perhaps another process is about to write it.
          pause(timing.settling());
        } else if (!isLeftBehind(found.get(), now, timing)) {
          throw refusal(found);
        } else if (file.read().equals(found)) {
          takeOver(found.get(), begun);
          return;
        }
      }
      throw refusal(file.read());
    } finally {
      file.discard(own);
      file.discardStaged(content -> isLeftBehind(content, now, timing));
    }
  }

  private static boolean isLeftBehind(Content content, long now, Timing timing) {
    // Ahead of the file system's clock is not fresh either: a living holder would have renewed it.
    return content.holder().filter(holder -> holder.process().hasEnded()).isPresent()
        || Math.abs(now - content.modifiedMillis()) >= timing.expiry().toMillis();
  }

  private void takeOver(Content left, long begunNanos) throws IOException {
    LOG.info("Taking over {}, which was left behind", file.directory());
    file.replace(own);
    confirm(begunNanos);
    if (left.holder().isPresent()) {
      file.discard(left.holder().get());
    }
  }

  /** Looks again when a rival has had time to write: on a slow store, as long as that took here. */
  private void confirm(long begunNanos) throws IOException {
    Duration took = Duration.ofNanos(System.nanoTime() - begunNanos);
    Duration several = took.multipliedBy(WRITES_OF_A_RIVAL);
    pause(several.compareTo(timing.settling()) > 0 ? several : timing.settling());
    Optional<Content> found = file.read();
    if (found.isEmpty() || !found.get().names(own)) {
      throw refusal(found);
    }
  }

  private static void pause(Duration duration) throws IOException {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private DirectoryInUseException refusal(Optional<Content> found) {
    return new DirectoryInUseException(
        "Cannot use %s: another convoy is at work there (%s). Wait for it, or choose another with"
            + " output=…",
        file.directory(),
        found
            .flatMap(Content::holder)
            .map(LockHolder::description)
            .orElse("its " + LockFile.NAME + " does not say which"));
  }

  private void keep() {
    // After Spark has stopped, before Hadoop closes its file systems.
    ShutdownHookManager.get().addShutdownHook(atShutdown, FileSystem.SHUTDOWN_HOOK_PRIORITY + 1);
    long period = timing.renewal().toNanos();
    var unused = renewals.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.NANOSECONDS);
  }

  private synchronized void renew() {
    if (closed || expired || successor.isPresent()) {
      return;
    }
    try {
      Optional<Content> found = file.read();
      if (file.isGone() && sinceRenewal().compareTo(timing.expiry()) > 0) {
        // Another process may have taken it over, done the work, and given it back.
        expired = true;
        return;
      }
      if (found.isPresent() && found.get().holder().isPresent() && !found.get().names(own)) {
        successor = found.get().holder();
        return;
      }
      // A removed or damaged file is written again, unless another process is quicker.
      if (found.isPresent() || file.claim()) {
        file.stage(own);
        file.replace(own);
        renewedNanos = System.nanoTime();
        renewed = timing.clock().instant();
        failure = Optional.empty();
      }
    } catch (IOException e) {
      LOG.warn("Cannot renew the lock in {}: {}", file.directory(), e.getMessage());
      failure = Optional.of(e);
    }
  }

  /**
   * Returns if the directory is still this process's.
   *
   * @throws DirectoryInUseException if another process has taken it over
   * @throws OutputException if that cannot be found out
   */
  public synchronized void checkHeld() {
    if (closed) {
      throw new IllegalStateException(file.directory() + " has been given up");
    }
    if (sinceRenewal().compareTo(timing.renewal().multipliedBy(RENEWALS_MISSED_BEFORE_LOOKING))
        > 0) {
      renew();
    }
    if (successor.isPresent()) {
      throw new DirectoryInUseException(
          "Cannot go on in %s: another convoy has taken it over (%s), because this one had stood"
              + " still. Wait for it, or choose another with output=…",
          file.directory(), successor.get().description());
    }
    if (expired) {
      throw new DirectoryInUseException(
          "Cannot go on in %s: this convoy had stood still for longer than its lock lasts, and"
              + " another may have worked there meanwhile. Give the same command again to go on.",
          file.directory());
    }
    if (sinceRenewal().compareTo(timing.expiry()) > 0) {
      throw new OutputException(
          failure.orElse(null),
          "Cannot renew the lock in %s, and another convoy may have taken it over%s. Mend the"
              + " cause, then give the same command again to go on.",
          file.directory(),
          failure.map(e -> ": " + e.getMessage()).orElse(""));
    }
  }

  /** Java's nanoseconds do not count while the machine sleeps, and a clock may be set back. */
  private Duration sinceRenewal() {
    Duration counted = Duration.ofNanos(System.nanoTime() - renewedNanos);
    Duration byClock = Duration.between(renewed, timing.clock().instant());
    return counted.compareTo(byClock) > 0 ? counted : byClock;
  }

  /**
   * The process at work in a directory, for people; reads only.
   *
   * @return empty if nobody does, or a process that is known to have ended did
   */
  public static Optional<String> holder(String output, Configuration hadoop) {
    try (LockFile file = LockFile.at(Locations.path(output), hadoop)) {
      long now = System.currentTimeMillis();
      return file.read()
          .filter(content -> !isLeftBehind(content, now, Timing.USUAL))
          .map(
              content ->
                  content
                      .holder()
                      .map(LockHolder::description)
                      .orElse("a process that its " + LockFile.NAME + " does not name"));
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("Cannot look at the lock in {}", output, e);
      return Optional.empty();
    }
  }

  /** Lets others work in the directory. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    renewals.shutdownNow();
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(atShutdown);
    }
    try (file) {
      Optional<Content> found = file.read();
      if (found.isPresent() && found.get().names(own)) {
        file.delete();
      }
    } catch (IOException e) {
      LOG.debug("Cannot give up the lock in {}", file.directory(), e);
    }
  }
}
