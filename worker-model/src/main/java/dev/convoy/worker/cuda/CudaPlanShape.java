package dev.convoy.worker.cuda;

/**
 * What a plan is made for.
 *
 * @param batchSize images
 * @param inBytes whether they come as bytes
 * @param keyCount keys that masks are drawn from: one for all images, or one for each part
 * @param lossOnHost whether the host computes the loss
 */
record CudaPlanShape(int batchSize, boolean inBytes, int keyCount, boolean lossOnHost) {
  CudaPlanShape of(int otherSize) {
    return new CudaPlanShape(otherSize, inBytes, keyCount, lossOnHost);
  }
}
