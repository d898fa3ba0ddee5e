package dev.convoy.worker.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.convoy.data.Text;
import dev.convoy.worker.cuda.api.Blas;
import dev.convoy.worker.cuda.api.Dnn;
import dev.convoy.worker.cuda.api.Driver;
import dev.convoy.worker.cuda.device.CardContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * One device and a queue of work on it. Calls return at once, and work is done in their order; who
 * wants to see a result waits for {@link #synchronize}.
 *
 * <p>Used by one thread at a time, not always the same one: each {@link #enter}s first.
 */
final class Device implements AutoCloseable {
  /** Arguments of a kernel take at most so much. */
  private static final int ARGUMENT_BYTES = 4096;

  /** What cuBLAS is given so that its results do not depend on what else runs. */
  private static final long BLAS_WORKSPACE = 32L << 20;

  /** What the libraries take when they load code late: at least so much, and a share of a card. */
  private static final long LIBRARIES_BYTES = 512L << 20;

  private static final long LIBRARIES_PERCENT = 3;

  private final CardContext card;
  private final Driver driver;
  private final Dnn dnn;
  private final Blas blas;
  private final String name;
  private final Consumer<String> lost;
  private final long context;
  private final KernelModules kernels = new KernelModules(this);
  private final Memory argumentMemory = new Memory(ARGUMENT_BYTES + Long.BYTES);
  private final ByteBuffer arguments =
      argumentMemory.getByteBuffer(0, ARGUMENT_BYTES).order(ByteOrder.nativeOrder());
  private final Map<String, Long> functions = new HashMap<>();

  private long stream;
  private long dnnHandle;
  private long blasHandle;

  /** Whether the stream keeps its work: nobody may wait for it then. */
  private boolean isCapturing;

  /** What was taken and not given back. */
  private final Set<Long> taken = new LinkedHashSet<>();

  private final Set<Long> takenOfHost = new LinkedHashSet<>();
  private final Set<Mark> marks = new LinkedHashSet<>();

  /** A device of which nobody needs to be told that it is lost. */
  Device(CardContext card, Dnn dnn, Blas blas, String name) {
    this(card, dnn, blas, name, reason -> {});
  }

  /**
   * Opens a device for the calling thread.
   *
   * @param card whose context it is a part of
   * @param name in messages
   * @param lost is told why if the process can do nothing more on the device
   */
  Device(CardContext card, Dnn dnn, Blas blas, String name, Consumer<String> lost) {
    this.card = card;
    this.driver = card.driver();
    this.dnn = dnn;
    this.blas = blas;
    this.name = name;
    this.lost = lost;
    check("cuInit", driver.cuInit(0));
    context = card.handle(this::retained);
    try {
      enter();
      stream = made("cuStreamCreate", out -> driver.cuStreamCreate(out, Driver.NON_BLOCKING));
      card.outsideCaptures(this::openLibraries);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private long retained() {
    int[] device = new int[1];
    check("cuDeviceGet", driver.cuDeviceGet(device, card.ordinal()));
    // Of no matter if another user of the context has begun it otherwise.
    driver.cuDevicePrimaryCtxSetFlags_v2(device[0], Driver.WAIT_ASLEEP);
    return made("cuDevicePrimaryCtxRetain", out -> driver.cuDevicePrimaryCtxRetain(out, device[0]));
  }

  private void openLibraries() {
    dnnHandle = made("cudnnCreate", dnn::cudnnCreate);
    check("cudnnSetStream", dnn.cudnnSetStream(dnnHandle, stream));
    blasHandle = made("cublasCreate_v2", blas::cublasCreate_v2);
    check("cublasSetStream_v2", blas.cublasSetStream_v2(blasHandle, stream));
    long workspace = allocate(BLAS_WORKSPACE);
    check(
        "cublasSetWorkspace_v2", blas.cublasSetWorkspace_v2(blasHandle, workspace, BLAS_WORKSPACE));
    kernels.load(card);
  }

  private long made(String call, ToIntFunction<long[]> maker) {
    long[] made = new long[1];
    check(call, maker.applyAsInt(made));
    return made[0];
  }

  /** The device's name and place. */
  String name() {
    return name;
  }

  Dnn dnn() {
    return dnn;
  }

  long dnnHandle() {
    return dnnHandle;
  }

  Blas blas() {
    return blas;
  }

  long blasHandle() {
    return blasHandle;
  }

  /** Makes the calling thread's further calls belong to the device. */
  void enter() {
    check("cuCtxSetCurrent", driver.cuCtxSetCurrent(context));
  }

  /**
   * Takes memory of the device.
   *
   * @throws DeviceMemoryException if there is not so much left
   */
  long allocate(long bytes) {
    return tryAllocate(bytes)
        .orElseThrow(
            () ->
                new DeviceMemoryException(
                    Text.of(
                        "Cannot compute on %s: %.1f MB of its memory were needed, %.1f MB are"
                            + " free. A smaller training.batch-size takes less.",
                        name, bytes / 1e6, freeBytes() / 1e6)));
  }

  /** The same; empty if there is not so much left. */
  Optional<Long> tryAllocate(long bytes) {
    long[] address = new long[1];
    int status = driver.cuMemAlloc_v2(address, Math.max(1, bytes));
    if (status == Driver.OUT_OF_MEMORY) {
      return Optional.empty();
    }
    check("cuMemAlloc_v2", status);
    taken.add(address[0]);
    return Optional.of(address[0]);
  }

  /** Bytes of the device's memory that nobody has. */
  long freeBytes() {
    long[] free = new long[1];
    check("cuMemGetInfo_v2", driver.cuMemGetInfo_v2(free, new long[1]));
    return free[0];
  }

  /** Of these, how many are more than the libraries may still take for code and graphs. */
  long spareBytes() {
    long[] free = new long[1];
    long[] all = new long[1];
    check("cuMemGetInfo_v2", driver.cuMemGetInfo_v2(free, all));
    return free[0] - Math.max(LIBRARIES_BYTES, all[0] / 100 * LIBRARIES_PERCENT);
  }

  /** Gives memory back; whoever does so can do nothing about a failure. */
  void free(long address) {
    if (taken.remove(address)) {
      driver.cuMemFree_v2(address);
    }
  }

  HostBlock hostBlock(long bytes) {
    long[] address = new long[1];
    check("cuMemHostAlloc", driver.cuMemHostAlloc(address, bytes, 0));
    takenOfHost.add(address[0]);
    return new HostBlock(this, address[0], bytes);
  }

  void freeHost(long address) {
    if (takenOfHost.remove(address)) {
      driver.cuMemFreeHost(address);
    }
  }

  /** Copies to the device; the block may be filled again when that is done. */
  void upload(HostBlock from, long offset, long to, long bytes) {
    check(
        "cuMemcpyHtoDAsync_v2",
        driver.cuMemcpyHtoDAsync_v2(to, from.address() + offset, bytes, stream));
  }

  /** Copies from the device; the block holds it when that is done. */
  void download(long from, HostBlock to, long offset, long bytes) {
    check(
        "cuMemcpyDtoHAsync_v2",
        driver.cuMemcpyDtoHAsync_v2(to.address() + offset, from, bytes, stream));
  }

  /** Fills memory with zeros. */
  void clear(long address, long bytes) {
    check("cuMemsetD8Async", driver.cuMemsetD8Async(address, (byte) 0, bytes, stream));
  }

  /**
   * Runs a kernel.
   *
   * @param values numbers and {@link Address}es, in the order and of the types of its parameters
   */
  void launch(String kernel, Grid grid, Object... values) {
    if (functions.containsKey(kernel)) {
      launchKnown(kernel, grid, values);
    } else {
      card.outsideCaptures( // the driver may load a kernel's code when it is first asked for
          () -> {
            functions.put(kernel, kernels.function(kernel));
            launchKnown(kernel, grid, values);
          });
    }
  }

  private void launchKnown(String kernel, Grid grid, Object... values) {
    int bytes = KernelArguments.pack(values, arguments);
    argumentMemory.setLong(ARGUMENT_BYTES, bytes);
    long address = Pointer.nativeValue(argumentMemory);
    long[] extra = {
      Driver.ARGUMENTS_ADDRESS,
      address,
      Driver.ARGUMENTS_SIZE,
      address + ARGUMENT_BYTES,
      Driver.ARGUMENTS_END
    };
    check(
        "cuLaunchKernel of " + kernel,
        driver.cuLaunchKernel(
            functions.get(kernel),
            grid.blocksX(),
            grid.blocksY(),
            1,
            grid.threadsX(),
            grid.threadsY(),
            1,
            0,
            stream,
            0,
            extra));
  }

  /** Waits until all work is done, whatever becomes of it. */
  void settle() {
    driver.cuStreamSynchronize(stream);
  }

  /** Waits until all work is done. */
  void synchronize() {
    check("cuStreamSynchronize", driver.cuStreamSynchronize(stream));
  }

  /** A mark behind the work that is queued; waits for it when it is asked to. */
  Mark mark() {
    Mark mark = new Mark(this, driver, stream);
    marks.add(mark);
    return mark;
  }

  /** Says that a mark is no longer there. */
  void forget(Mark mark) {
    marks.remove(mark);
  }

  /**
   * Does what may load code of the libraries, and so wait for the whole card, while no session of
   * this process captures work on it.
   */
  void outsideCaptures(Runnable work) {
    card.outsideCaptures(work);
  }

  /**
   * Keeps what some work queues, to be queued again as a whole; nothing is done yet. Waits until no
   * other session of this process opens, closes or does something for the first time on the card.
   *
   * @throws CudaException if the work fails, or cannot be kept
   */
  CapturedWork capture(Runnable work) {
    return card.capturing(() -> captured(work));
  }

  private CapturedWork captured(Runnable work) {
    check(
        "cuStreamBeginCapture_v2",
        driver.cuStreamBeginCapture_v2(stream, Driver.CAPTURE_THREAD_LOCAL));
    long[] graph = new long[1];
    isCapturing = true;
    try {
      work.run();
    } catch (RuntimeException e) {
      driver.cuStreamEndCapture(stream, graph); // what it says comes of what failed
      if (graph[0] != 0) {
        driver.cuGraphDestroy(graph[0]);
      }
      throw e;
    } finally {
      isCapturing = false;
    }
    check("cuStreamEndCapture", driver.cuStreamEndCapture(stream, graph));
    return new CapturedWork(this, driver, stream, graph[0]);
  }

  /**
   * Makes sure that a call succeeded: all libraries return 0 then.
   *
   * @throws CudaException if it did not
   */
  void check(String call, int status) {
    if (status != Driver.SUCCESS) {
      throw failure(call, status);
    }
  }

  /**
   * What a call that failed comes to: the fault behind it, if the driver tells of one. Whoever
   * wants to know that the device is lost is told.
   */
  CudaException failure(String call, int status) {
    CudaException failure = new CudaException(call, status, name);
    if (failure.isOfUnknownReason() && !isCapturing) {
      CudaException behind =
          new CudaException(
              Text.of("cuStreamSynchronize, asked after %s returned status %d,", call, status),
              driver.cuStreamSynchronize(stream),
              name);
      failure = behind.isFinal() ? behind : failure;
    }
    if (failure.isFinal()) {
      lost.accept(failure.getMessage());
    }
    return failure;
  }

  Driver driver() {
    return driver;
  }

  /** Waits for the work, whatever becomes of it, and gives back all that was taken. */
  @Override
  public void close() {
    card.outsideCaptures(this::giveBack);
  }

  private void giveBack() {
    driver.cuCtxSetCurrent(context);
    driver.cuStreamSynchronize(stream);
    if (dnnHandle != 0) {
      dnn.cudnnDestroy(dnnHandle);
    }
    if (blasHandle != 0) {
      blas.cublasDestroy_v2(blasHandle);
    }
    List.copyOf(marks).forEach(Mark::close);
    List.copyOf(taken).forEach(this::free);
    List.copyOf(takenOfHost).forEach(this::freeHost);
    if (stream != 0) {
      driver.cuStreamDestroy_v2(stream);
    }
  }

  /** A name as the libraries read it. */
  static byte[] text(String name) {
    return (name + '\0').getBytes(StandardCharsets.US_ASCII);
  }
}
