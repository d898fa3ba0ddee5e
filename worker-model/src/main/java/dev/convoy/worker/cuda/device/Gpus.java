package dev.convoy.worker.cuda.device;

import dev.convoy.worker.cuda.api.Blas;
import dev.convoy.worker.cuda.api.CudaLibraries;
import dev.convoy.worker.cuda.api.Dnn;
import dev.convoy.worker.cuda.api.Driver;
import dev.convoy.worker.cuda.api.InstalledLibraries;
import dev.convoy.worker.cuda.api.LibraryException;
import dev.convoy.worker.cuda.api.LibrarySource;
import dev.convoy.worker.cuda.api.LibraryVersion;
import dev.convoy.worker.cuda.api.LibraryVersions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The GPUs that this process may see. Libraries are loaded when somebody asks for the first time,
 * and never where the machine has no driver of NVIDIA's. Thread-safe.
 */
public final class Gpus {
  private static final String NO_DRIVER = "this machine has no driver of NVIDIA's.";

  /** What UUIDs of partitions (MIG) begin with, which nvidia-smi does not list with cards. */
  private static final String PARTITION = "MIG-";

  private static final class OfThisMachine {
    static final Gpus VALUE = new Gpus(new InstalledLibraries(), new NvidiaSmi());
  }

  private final LibrarySource source;
  private final CardAddresses addresses;
  private final CardFailures failures = new CardFailures();
  private final Map<Integer, CardContext> contexts = new ConcurrentHashMap<>();
  private Inventory found;

  /** What there is: with cards and without libraries, if these are missing. */
  private record Inventory(
      List<Card> cards, Optional<CudaLibraries> libraries, Optional<String> problem) {
    static Inventory nothing(String problem) {
      return new Inventory(List.of(), Optional.empty(), Optional.of(problem));
    }
  }

  /**
   * GPUs behind some libraries.
   *
   * @param source of the libraries
   * @param addresses what others call the cards
   */
  public Gpus(LibrarySource source, CardAddresses addresses) {
    this.source = source;
    this.addresses = addresses;
  }

  /** Those of this machine. */
  public static Gpus ofThisMachine() {
    return OfThisMachine.VALUE;
  }

  /** Whether there may be any; loads nothing. */
  public boolean mayExist() {
    return source.hasDriver();
  }

  /** All cards that this process may see, in CUDA's order, whether or not they can be used. */
  public List<Card> cards() {
    return found().cards();
  }

  /** What is wrong with driver or libraries, so that no card can be used; whole sentences. */
  public Optional<String> problem() {
    return found().problem();
  }

  /** What is missing without which cards can be used nevertheless; whole sentences. */
  public List<String> warnings() {
    return found().libraries().isEmpty() ? List.of() : source.warnings();
  }

  /** The versions of the libraries, if all of them are there. */
  public Optional<LibraryVersions> versions() {
    return found().libraries().map(CudaLibraries::versions);
  }

  /** Whether a card of {@link #cards} can be computed on. */
  public GpuAnswer answer(Card card) {
    Inventory inventory = found();
    if (inventory.libraries().isEmpty()) {
      return new GpuRefusal(inventory.problem().orElseThrow());
    }
    CudaLibraries libraries = inventory.libraries().get();
    return failures
        .of(card)
        .or(() -> GpuRequirements.problem(libraries.versions(), card.capability()))
        .<GpuAnswer>map(problem -> new GpuRefusal(card.name() + ": " + problem))
        .orElseGet(() -> new Gpu(libraries, card, failures, context(libraries.driver(), card)));
  }

  private CardContext context(Driver driver, Card card) {
    return contexts.computeIfAbsent(card.ordinal(), ordinal -> new CardContext(driver, ordinal));
  }

  /** Those that can be computed on, in CUDA's order. */
  public List<Gpu> usable() {
    return cards().stream()
        .map(this::answer)
        .filter(Gpu.class::isInstance)
        .map(Gpu.class::cast)
        .toList();
  }

  /**
   * The GPU at an address.
   *
   * @param address a PCI id such as {@code 0000:01:00.0}, or what nvidia-smi calls the card: an
   *     index or a UUID; of a partition (MIG) its UUID, if it is all that the process may see
   */
  public GpuAnswer at(String address) {
    Inventory inventory = found();
    if (inventory.cards().isEmpty()) {
      return new GpuRefusal(inventory.problem().orElseThrow());
    }
    if (address.startsWith(PARTITION)) {
      return partition(address, inventory.cards());
    }
    Optional<PciId> place = PciId.parse(address);
    if (place.isEmpty()) {
      place = addresses.place(address);
    }
    if (place.isEmpty()) {
      return new GpuRefusal("nvidia-smi, which numbers the cards, knows none " + address + ".");
    }
    PciId wanted = place.get();
    return inventory.cards().stream()
        .filter(card -> card.pciId().equals(wanted))
        .findFirst()
        .map(this::answer)
        .orElseGet(
            () ->
                new GpuRefusal(
                    "this process does not see the card "
                        + address
                        + " at "
                        + wanted
                        + ": look at CUDA_VISIBLE_DEVICES."));
  }

  /** CUDA shows a process one partition of a card at most, as if it were the card. */
  private GpuAnswer partition(String address, List<Card> visible) {
    return visible.size() == 1
        ? answer(visible.get(0))
        : new GpuRefusal(
            "this process sees "
                + visible.size()
                + " cards: expected the one partition "
                + address
                + ". Set CUDA_VISIBLE_DEVICES to it.");
  }

  private synchronized Inventory found() {
    if (found == null) {
      found = find();
    }
    return found;
  }

  private Inventory find() {
    if (!source.hasDriver()) {
      return Inventory.nothing(NO_DRIVER);
    }
    try {
      Driver driver = source.driver();
      LibraryVersion serves = begun(driver);
      List<Card> cards = Card.all(driver);
      if (cards.isEmpty()) {
        return Inventory.nothing("the driver shows no card to this process.");
      }
      return withLibraries(driver, serves, cards);
    } catch (LibraryException e) {
      return Inventory.nothing(e.getMessage());
    }
  }

  private static LibraryVersion begun(Driver driver) throws LibraryException {
    int status = driver.cuInit(0);
    if (status != Driver.SUCCESS) {
      throw new LibraryException(
          "NVIDIA's driver shows no card to this process: cuInit gave status "
              + status
              + ". Look at CUDA_VISIBLE_DEVICES, and whether nvidia-smi lists a card.");
    }
    int[] version = new int[1];
    status = driver.cuDriverGetVersion(version);
    if (status != Driver.SUCCESS) {
      throw new LibraryException(
          "NVIDIA's driver cannot be used: cuDriverGetVersion gave status " + status + ".");
    }
    return LibraryVersion.ofCuda(version[0]);
  }

  private Inventory withLibraries(Driver driver, LibraryVersion serves, List<Card> cards) {
    Optional<String> problem = GpuRequirements.problem(serves);
    if (problem.isPresent()) {
      return new Inventory(cards, Optional.empty(), problem);
    }
    try {
      Blas blas = source.blas(serves);
      Dnn dnn = source.dnn();
      LibraryVersion dnnCuda = LibraryVersion.ofCuda(dnn.cudnnGetCudartVersion());
      if (dnnCuda.major() <= serves.major()) {
        blas = matching(blas, dnnCuda.major());
      }
      LibraryVersions versions =
          new LibraryVersions(
              serves, version(blas), LibraryVersion.ofDnn(dnn.cudnnGetVersion()), dnnCuda);
      return new Inventory(
          cards,
          Optional.of(new CudaLibraries(driver, dnn, blas, versions)),
          GpuRequirements.problem(versions));
    } catch (LibraryException e) {
      return new Inventory(cards, Optional.empty(), Optional.of(e.getMessage()));
    }
  }

  /** cuBLAS of the CUDA version that cuDNN was built with, or what there is. */
  private Blas matching(Blas blas, int cudaMajor) throws LibraryException {
    return cudaMajor == 0 || version(blas).major() == cudaMajor
        ? blas
        : source.blasOf(cudaMajor).orElse(blas);
  }

  /** Its whole number of the version needs a handle, and so a device; the parts do not. */
  private static LibraryVersion version(Blas blas) throws LibraryException {
    return new LibraryVersion(
        property(blas, Blas.MAJOR_VERSION),
        property(blas, Blas.MINOR_VERSION),
        property(blas, Blas.PATCH_LEVEL));
  }

  private static int property(Blas blas, int property) throws LibraryException {
    int[] value = new int[1];
    int status = blas.cublasGetProperty(property, value);
    if (status != Blas.SUCCESS) {
      throw new LibraryException(
          "cuBLAS cannot be used: cublasGetProperty gave status " + status + ".");
    }
    return value[0];
  }
}
