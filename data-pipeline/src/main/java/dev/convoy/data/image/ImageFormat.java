package dev.convoy.data.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** The image formats that can be decoded, with the first bytes of their files. */
enum ImageFormat {
  JPEG("\u00ff\u00d8\u00ff"),
  PNG("\u0089PNG\r\n\u001a\n"),
  BMP("BM"),
  GIF("GIF8");

  /** One character per byte. */
  private final String magic;

  ImageFormat(String magic) {
    this.magic = magic;
  }

  /** The format whose first bytes {@code file} has. */
  static Optional<ImageFormat> of(byte[] file) {
    return Arrays.stream(values()).filter(format -> format.matches(file)).findFirst();
  }

  /** A new reader, always of the same library whatever else is on the class path. */
  ImageReader reader() throws IOException {
    return Providers.OF_FORMAT.get(this).createReaderInstance();
  }

  private boolean matches(byte[] file) {
    return file.length >= magic.length()
        && magic.equals(new String(file, 0, magic.length(), StandardCharsets.ISO_8859_1));
  }

  /** Found once, when the first image is decoded. */
  private static final class Providers {
    static final Map<ImageFormat, ImageReaderSpi> OF_FORMAT =
        Arrays.stream(values()).collect(Collectors.toMap(Function.identity(), Providers::find));

    private Providers() {}

    private static ImageReaderSpi find(ImageFormat format) {
      IIORegistry registry = IIORegistry.getDefaultInstance();
      if (format == JPEG) {
        // Named here, since service files are not seen through every class loader. Registering
        // makes it find the JDK's reader, which it extends by CMYK and YCCK.
        ImageReaderSpi provider = new JPEGImageReaderSpi();
        registry.registerServiceProvider(provider, ImageReaderSpi.class);
        return provider;
      }
      Iterator<ImageReaderSpi> providers = registry.getServiceProviders(ImageReaderSpi.class, true);
      while (providers.hasNext()) {
        ImageReaderSpi provider = providers.next();
        if (provider.getClass().getName().startsWith("com.sun.imageio.")
            && Arrays.asList(provider.getFormatNames()).contains(format.name())) {
          return provider;
        }
      }
      throw new IllegalStateException(
          "Cannot decode images: the JDK has no " + format + " reader.");
    }
  }
}
