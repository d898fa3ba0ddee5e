// Cross-entropy of the softmax.
#include "values.cuh"

/** The logarithm of 1e-10, at which Probabilities.crossEntropy stops. */
#define LOG_FLOOR -23.025850929940457f

/**
 * A block for each image. The gradient is the weight times p Σ w q - w q; the loss the weight times
 * -Σ w q ln p, for targets q and class weights w (1 where there are none).
 *
 * distributions: [image, class], read where hasDistributions is not 0; else labels: [image]
 */
extern "C" __global__ void cross_entropy(
    const float *logits, const int *hasDistributions, const int *labels, const float *distributions,
    const float *imageWeights, const float *classWeights, float *gradient, double *losses,
    int classes, float headWeight) {
  __shared__ float floats[256];
  __shared__ double doubles[256];
  int image = blockIdx.x;
  const float *row = logits + (long long)image * classes;
  float *out = gradient + (long long)image * classes;
  float largest = -__int_as_float(0x7f800000);
  for (int c = threadIdx.x; c < classes; c += 256) {
    largest = fmaxf(largest, row[c]);
  }
  floats[threadIdx.x] = largest;
  __syncthreads();
  for (int half = 128; half > 0; half >>= 1) {
    if (threadIdx.x < half) {
      floats[threadIdx.x] = fmaxf(floats[threadIdx.x], floats[threadIdx.x + half]);
    }
    __syncthreads();
  }
  largest = floats[0];
  __syncthreads();
  float part = 0;
  for (int c = threadIdx.x; c < classes; c += 256) {
    part += expf(row[c] - largest);
  }
  float sum = blockSum(part, floats);
  float logOfSum = logf(sum);
  double loss = 0;
  double targets = 0;
  for (int c = threadIdx.x; c < classes; c += 256) {
    float target = *hasDistributions ? distributions[(long long)image * classes + c]
                                     : (labels[image] == c ? 1.0f : 0.0f);
    target *= classWeights == 0 ? 1 : classWeights[c];
    targets += target;
    if (target != 0) {
      float logarithm = row[c] - largest - logOfSum;
      loss -= (double)target * (logarithm < LOG_FLOOR ? LOG_FLOOR : logarithm); // NaN stays
    }
  }
  targets = blockSum(targets, doubles);
  loss = blockSum(loss, doubles);
  float weight = headWeight * imageWeights[image];
  for (int c = threadIdx.x; c < classes; c += 256) {
    float target = *hasDistributions ? distributions[(long long)image * classes + c]
                                     : (labels[image] == c ? 1.0f : 0.0f);
    target *= classWeights == 0 ? 1 : classWeights[c];
    float probability = expf(row[c] - largest) / sum;
    out[c] = weight * (float)(probability * targets - target);
  }
  if (threadIdx.x == 0) {
    losses[image] = weight * loss;
  }
}

/** Adds the losses of a batch to a total; one block. */
extern "C" __global__ void add_losses(const double *losses, int n, double *total) {
  __shared__ double shared[256];
  double sum = 0;
  for (int i = threadIdx.x; i < n; i += 256) {
    sum += losses[i];
  }
  sum = blockSum(sum, shared);
  if (threadIdx.x == 0) {
    *total += sum;
  }
}
