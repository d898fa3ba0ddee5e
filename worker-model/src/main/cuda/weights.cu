// Weight normalisation (Salimans and Kingma 2016): weights of a unit have the direction of its
// parameters and a length of its own. A block for each unit.
#include "values.cuh"

extern "C" __global__ void normalize_weights(
    const float *directions, const float *lengths, float *weights, float *norms, int row) {
  __shared__ double shared[256];
  const float *from = directions + (long long)blockIdx.x * row;
  double squares = 0;
  for (int i = threadIdx.x; i < row; i += 256) {
    squares += (double)from[i] * from[i];
  }
  double norm = sqrt(blockSum(squares, shared));
  double factor = lengths[blockIdx.x] / norm;
  for (int i = threadIdx.x; i < row; i += 256) {
    weights[(long long)blockIdx.x * row + i] = (float)(factor * from[i]);
  }
  if (threadIdx.x == 0) {
    norms[blockIdx.x] = (float)norm;
  }
}

/** Of a length, the gradient along its direction; of a direction, what is across it. */
extern "C" __global__ void normalized_weights_gradient(
    const float *directions, const float *lengths, const float *norms, const float *ofWeights,
    float *ofDirections, float *ofLengths, int row) {
  __shared__ double shared[256];
  long long first = (long long)blockIdx.x * row;
  double product = 0;
  for (int i = threadIdx.x; i < row; i += 256) {
    product += (double)directions[first + i] * ofWeights[first + i];
  }
  double norm = norms[blockIdx.x];
  double along = blockSum(product, shared) / norm;
  double factor = lengths[blockIdx.x] / norm;
  for (int i = threadIdx.x; i < row; i += 256) {
    double across = ofWeights[first + i] - along / norm * directions[first + i];
    ofDirections[first + i] = (float)(factor * across);
  }
  if (threadIdx.x == 0) {
    ofLengths[blockIdx.x] = (float)along;
  }
}
