package dev.convoy.data.source;

import dev.convoy.data.Picture;

/** What receives the examples of a listing from {@link ImageSource#read}. */
public interface ExampleSink {
  /**
   * Takes one decoded example.
   *
   * @param position its position in the listing that is read
   * @param picture its pixels are borrowed until this method returns
   */
  void accept(int position, Picture picture);

  /**
   * Takes one example that is a file of its own.
   *
   * @param position its position in the listing that is read
   * @param picture its pixels are borrowed until this method returns
   * @param file what the picture was decoded from, whole and without damage; borrowed likewise
   */
  default void accept(int position, Picture picture, byte[] file) {
    accept(position, picture);
  }

  /**
   * Takes note of an example that cannot be read.
   *
   * @param position its position in the listing that is read
   * @param reason what is wrong with it, in a few words
   */
  void reject(int position, String reason);
}
