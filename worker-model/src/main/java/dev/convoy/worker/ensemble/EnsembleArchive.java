package dev.convoy.worker.ensemble;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ModelCard;
import dev.convoy.worker.ensemble.EnsembleCard.Provenance;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * An ensemble in one file: {@code ensemble.json}, then {@code members/0000.zip} and so on, each a
 * model.zip as it is. Nothing is compressed twice, so that no entry can be larger than the file.
 * The same ensemble gives the same bytes.
 */
public final class EnsembleArchive {
  private static final String CARD = "ensemble.json";
  private static final String DROPOUT_SAMPLES = "dropout-samples";
  private static final int MAX_MODEL_BYTES = Integer.MAX_VALUE - 9;

  /** Of a zip's entry, before its name. */
  private static final int LOCAL_HEADER_BYTES = 30;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  private EnsembleArchive() {}

  /** What a file is. */
  public enum Kind {
    /** A model.zip. */
    MODEL,
    /** An ensemble.zip. */
    ENSEMBLE
  }

  /**
   * An ensemble, or a single model taken for one.
   *
   * @param kind which of the two the file was
   * @param card what it takes and how it answers
   * @param models the bytes of each member's model.zip, which can be restored
   */
  public record Ensemble(Kind kind, EnsembleCard card, List<byte[]> models) {
    /** Copies the list. */
    public Ensemble {
      models = List.copyOf(models);
    }

    /** Its networks, to be asked as the card says. */
    public PredictionModels predictionModels() {
      return new PredictionModels(models, card.dropoutSamples());
    }
  }

  /**
   * Writes an ensemble; the stream stays open.
   *
   * @param models the bytes of each member's model.zip, in the order of the card
   */
  public static void write(EnsembleCard card, List<byte[]> models, OutputStream out)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setMethod(ZipOutputStream.STORED);
    put(zip, CARD, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(toJson(card)));
    for (int member = 0; member < models.size(); member++) {
      put(zip, entryOf(member), models.get(member));
    }
    zip.finish();
    zip.flush();
  }

  private static String entryOf(int member) {
    return Text.of("members/%04d.zip", member);
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /**
   * Reads an ensemble that {@link #write} wrote, or a model, which is an ensemble of one.
   *
   * @param in the file; stays open
   * @param bytes in the file: of an ensemble any number, of a model at most 2 GiB
   * @param name of the file, for messages
   * @throws DataException if it is neither
   */
  public static Ensemble read(InputStream in, long bytes, String name) throws IOException {
    BufferedInputStream file = new BufferedInputStream(in);
    byte[] start = start(file);
    if (!beginsWithCard(start)) {
      if (bytes > MAX_MODEL_BYTES) {
        throw new DataException(
            Text.of(
                "Cannot read the model %s: expected at most 2 GiB, found %,d bytes.", name, bytes));
      }
      // What is no zip file need not be read further.
      byte[] model = beginsWithZip(start) ? file.readAllBytes() : start;
      return single(ModelArchive.read(model, name).card(), model);
    }
    List<byte[]> entries = entries(file, name);
    EnsembleCard card;
    try {
      card = fromJson(JSON.readTree(entries.get(0)));
    } catch (IllegalArgumentException | ArithmeticException | JacksonException e) {
      throw unreadable(name, String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    }
    if (entries.size() != 1 + card.members().size()) {
      throw unreadable(
          name,
          "found " + (entries.size() - 1) + " of " + card.members().size() + " members",
          null);
    }
    for (int member = 0; member < card.members().size(); member++) {
      String memberName = name + "!" + entryOf(member);
      ModelCard model = ModelArchive.read(entries.get(member + 1), memberName).card();
      if (!model.store().equals(card.store()) || !model.labels().equals(card.labels())) {
        throw unreadable(name, "found a member for other images or classes, " + memberName, null);
      }
    }
    return new Ensemble(Kind.ENSEMBLE, card, entries.subList(1, entries.size()));
  }

  private static Ensemble single(ModelCard model, byte[] file) {
    return new Ensemble(
        Kind.MODEL,
        new EnsembleCard(
            model.model(),
            model.store(),
            model.labels(),
            CombinationSettings.of(1, model.labels().size(), new SoftVote()),
            List.of(new Provenance(model.model(), 0, "")),
            0),
        List.of(file));
  }

  /** The first bytes of a file, which are still to be read after that. */
  private static byte[] start(BufferedInputStream file) throws IOException {
    file.mark(LOCAL_HEADER_BYTES + CARD.length());
    byte[] start = file.readNBytes(LOCAL_HEADER_BYTES + CARD.length());
    file.reset();
    return start;
  }

  private static boolean beginsWithCard(byte[] start) {
    return new String(start, StandardCharsets.ISO_8859_1).indexOf(CARD) == LOCAL_HEADER_BYTES;
  }

  private static boolean beginsWithZip(byte[] start) {
    return new String(start, StandardCharsets.ISO_8859_1).startsWith("PK");
  }

  /** The card and the members. */
  private static List<byte[]> entries(InputStream file, String name) throws IOException {
    List<byte[]> entries = new ArrayList<>();
    ZipInputStream zip = new ZipInputStream(file);
    try {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        boolean isCard = entry.getName().equals(CARD);
        if (entry.getMethod() != ZipEntry.STORED
            || !(isCard ? entries.isEmpty() : entry.getName().equals(entryOf(entries.size() - 1)))
            || entry.getSize() > MAX_MODEL_BYTES
            || entries.size() > CombinationSettings.MAX_MEMBERS) {
          throw unreadable(
              name, "found an unexpected entry, " + Text.printable(entry.getName()), null);
        }
        entries.add(zip.readAllBytes());
      }
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      // The last is what java.util.zip makes of a name that is not UTF-8.
      throw unreadable(name, String.valueOf(e.getMessage()), e);
    }
    if (entries.isEmpty()) {
      throw unreadable(name, "found no entry", null);
    }
    return entries;
  }

  private static DataException unreadable(String name, String found, Throwable cause) {
    return new DataException(
        "Cannot read the ensemble "
            + name
            + ": expected an ensemble.zip that Convoy wrote, "
            + found
            + ".",
        cause);
  }

  private static ObjectNode toJson(EnsembleCard card) {
    ObjectNode node = JSON.createObjectNode();
    node.put("name", card.name());
    node.set("image", ModelArchive.toJson(card.store()));
    card.labels().forEach(node.putArray("labels")::add);
    node.set("members", JSON.valueToTree(card.members()));
    if (card.dropoutSamples() > 0) {
      node.put(DROPOUT_SAMPLES, card.dropoutSamples());
    }
    node.set("combination", CombinationJson.toNode(card.combination()));
    return node;
  }

  private static EnsembleCard fromJson(JsonNode node) {
    List<String> labels = new ArrayList<>();
    node.required("labels").forEach(label -> labels.add(label.asText()));
    return new EnsembleCard(
        node.required("name").asText(),
        ModelArchive.storeFromJson(node.required("image")),
        labels,
        CombinationJson.fromNode(node.required("combination")),
        List.of(JSON.convertValue(node.required("members"), Provenance[].class)),
        node.path(DROPOUT_SAMPLES).asInt(0));
  }
}
