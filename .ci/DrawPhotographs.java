import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;

/** Draws a folder of photographs of cats and dogs, as far as shapes can be those: the README's walk reads it. */
public class DrawPhotographs {
  private static final int EACH = 60;

  public static void main(String[] arguments) throws Exception {
    Random random = new Random(1);
    for (String name : new String[] {"cat", "dog"}) {
      Path folder = Files.createDirectories(Path.of(arguments[0], name));
      for (int i = 1; i <= EACH; i++) {
        BufferedImage image = new BufferedImage(160, 120, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(new Color(random.nextInt(0x1000000)));
        graphics.fillRect(0, 0, 160, 120);
        graphics.setColor(new Color(random.nextInt(0x1000000)));
        int size = 40 + random.nextInt(40);
        int x = random.nextInt(160 - size);
        int y = random.nextInt(120 - size);
        if (name.equals("cat")) {
          graphics.fillPolygon(
              new int[] {x, x + size, x + size / 2}, new int[] {y + size, y + size, y}, 3);
        } else {
          graphics.fillOval(x, y, size, size);
        }
        graphics.dispose();
        ImageIO.write(image, "jpg", folder.resolve(String.format(Locale.ROOT, "IMG_%04d.jpg", i)).toFile());
      }
    }
  }
}
