package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.image.LazyPicture;
import dev.convoy.data.shard.Examples;

/** Examples of which each is there in all of its views, one after the other. */
final class ViewedExamples implements Examples {
  private final Examples examples;
  private final TestTimeAugmentation augmentation;
  private final int views;

  ViewedExamples(Examples examples, TestTimeAugmentation augmentation) {
    this.examples = examples;
    this.augmentation = augmentation;
    this.views = augmentation.views();
  }

  @Override
  public int size() {
    return Math.multiplyExact(examples.size(), views);
  }

  @Override
  public int label(int i) {
    return examples.label(i / views);
  }

  @Override
  public float weight(int i) {
    return examples.weight(i / views);
  }

  @Override
  public int numbersEach() {
    return examples.numbersEach();
  }

  @Override
  public float[] numbers(int i) {
    return examples.numbers(i / views);
  }

  @Override
  public int id(int i) {
    return examples.id(i / views);
  }

  @Override
  public int copy(int i) {
    return examples.copy(i / views) * views + i % views;
  }

  @Override
  public void pixels(int i, byte[] target, int offset) {
    LazyPicture picture = new LazyPicture(examples.picture(i / views));
    augmentation.show(picture, input(), i % views);
    picture.write(target, offset);
  }

  /** An image that is kept encoded is decoded for each of its views. */
  @Override
  public boolean isEncoded(int i) {
    return examples.isEncoded(i / views);
  }

  @Override
  public ImageShape shape(int i) {
    return input();
  }

  @Override
  public ImageShape input() {
    return examples.input();
  }
}
