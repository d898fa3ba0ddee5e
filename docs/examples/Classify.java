import dev.convoy.data.Picture;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.Resampling;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ModelCard;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Classifies one image with a model.zip. The command that runs it stands in the README. */
public class Classify {
  /** A larger image is refused before it is decoded: 64 million pixels, 64 MiB. */
  private static final DecodeLimits LIMITS = new DecodeLimits(64_000_000, 64 << 20);

  public static void main(String[] arguments) throws Exception {
    ModelArchive.Model model;
    try (InputStream in = Files.newInputStream(Path.of(arguments[0]))) {
      model = ModelArchive.read(in, arguments[0]);
    }
    ModelCard card = model.card(); // image shape, class names, normalisation

    // Decoded and resized as in training: one byte a value, axes [channels, height, width].
    byte[] file = Files.readAllBytes(Path.of(arguments[1]));
    Picture picture = new ImageDecoder(card.store(), LIMITS).decode(file);
    byte[] pixels = Resampling.fit(picture, card.shape()).pixels();

    float[] values = new float[pixels.length];
    int plane = card.shape().height() * card.shape().width();
    for (int i = 0; i < values.length; i++) {
      float mean = card.normalization().mean()[i / plane];
      float deviation = card.normalization().deviation()[i / plane];
      values[i] = ((pixels[i] & 0xff) / 255f - mean) / deviation;
    }

    INDArray image =
        Nd4j.create(
            values,
            new long[] {1, card.shape().channels(), card.shape().height(), card.shape().width()},
            'c');
    INDArray probabilities = model.network().outputSingle(image);
    for (int label = 0; label < card.labels().size(); label++) {
      System.out.printf(
          Locale.ROOT, "%.3f %s%n", probabilities.getDouble(label), card.labels().get(label));
    }
  }
}
