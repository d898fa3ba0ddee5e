// A step of the optimizer on the flat vector, in the order of ParameterUpdate: divide by the batch,
// clip, penalties, rule, decay, soft threshold, subtract.
#include "values.cuh"

enum Role { FROZEN, LEARNED, STATISTIC };

/** What a step does to a segment of the vector; segments begin at multiples of 64 values. */
struct SegmentStep {
  int role;
  float l1;
  float l2;
  float decay;
  float threshold;
  float coefficients[3];
};

/** What is taken off n values; gradients are divided by batch[0] and multiplied by clip[0]. */
template <class Change>
__device__ __forceinline__ void step(
    float *parameters, const float *gradients, const int *segments, const SegmentStep *steps,
    const float *batch, const float *clip, int n, Change change) {
  float size = batch[0];
  float scale = clip == 0 ? 1 : clip[0];
  FOR_VALUES(i, n) {
    const SegmentStep segment = steps[segments[i >> 6]];
    if (segment.role == LEARNED) {
      float parameter = parameters[i];
      float gradient = gradients[i] / size * scale;
      gradient += segment.l2 * parameter;
      gradient += segment.l1 * (parameter > 0 ? 1.0f : parameter < 0 ? -1.0f : 0.0f);
      float off = change(i, gradient, segment.coefficients);
      off += segment.decay * parameter;
      if (segment.threshold > 0) {
        float moved = parameter - off;
        off = parameter - copysignf(fmaxf(fabsf(moved) - segment.threshold, 0), moved);
      }
      parameters[i] = parameter - off;
    } else if (segment.role == STATISTIC) {
      parameters[i] -= gradients[i];
    }
  }
}

#define ARGUMENTS                                                                                  \
  float *parameters, const float *gradients, const int *segments, const SegmentStep *steps,        \
      const float *batch, const float *clip, int n

/** Coefficient: rate. */
extern "C" __global__ void step_sgd(ARGUMENTS) {
  step(parameters, gradients, segments, steps, batch, clip, n,
       [](int i, float gradient, const float *c) { return gradient * c[0]; });
}

/** Coefficients: rate, momentum; the rate goes into the velocity. */
extern "C" __global__ void step_sgd_momentum(ARGUMENTS, float *velocity) {
  step(parameters, gradients, segments, steps, batch, clip, n,
       [=](int i, float gradient, const float *c) {
         velocity[i] = fmaf(c[1], velocity[i], -(gradient * c[0]));
         return -velocity[i];
       });
}

/** Coefficients: rate, momentum. */
extern "C" __global__ void step_momentum(ARGUMENTS, float *velocity) {
  step(parameters, gradients, segments, steps, batch, clip, n,
       [=](int i, float gradient, const float *c) {
         velocity[i] = c[1] * velocity[i] + gradient;
         return c[0] * velocity[i];
       });
}

/** Coefficients: rate, momentum. */
extern "C" __global__ void step_nesterov(ARGUMENTS, float *velocity) {
  step(parameters, gradients, segments, steps, batch, clip, n,
       [=](int i, float gradient, const float *c) {
         float before = velocity[i];
         float after = fmaf(c[1], before, -(c[0] * gradient));
         velocity[i] = after;
         return fmaf(c[1], before, (-c[1] - 1) * after);
       });
}

/** Coefficients: corrected rate, beta1, beta2. */
extern "C" __global__ void step_adam(ARGUMENTS, float *first, float *second, float epsilon) {
  step(parameters, gradients, segments, steps, batch, clip, n,
       [=](int i, float gradient, const float *c) {
         first[i] = fmaf(c[1], first[i], gradient * (1 - c[1]));
         second[i] = fmaf(c[2], second[i], gradient * gradient * (1 - c[2]));
         return first[i] * c[0] / (sqrtf(second[i]) + epsilon);
       });
}

/** Coefficients: corrected rate, beta1, the root of the second moment's correction. */
extern "C" __global__ void step_adamw(
    ARGUMENTS, float *first, float *second, float epsilon, float beta2) {
  step(parameters, gradients, segments, steps, batch, clip, n,
       [=](int i, float gradient, const float *c) {
         first[i] = c[1] * first[i] + (1 - c[1]) * gradient;
         second[i] = beta2 * second[i] + (1 - beta2) * gradient * gradient;
         return c[0] * first[i] / (sqrtf(second[i]) / c[2] + epsilon);
       });
}

/** Sums of the squares of what is learned, divided by the batch: one for each block. */
extern "C" __global__ void gradient_squares(
    const float *gradients, const int *segments, const SegmentStep *steps, const float *batch,
    double *sums, int n) {
  __shared__ double shared[256];
  double sum = 0;
  FOR_VALUES(i, n) {
    if (steps[segments[i >> 6]].role == LEARNED) {
      double gradient = gradients[i] / batch[0];
      sum += gradient * gradient;
    }
  }
  sum = blockSum(sum, shared);
  if (threadIdx.x == 0) {
    sums[blockIdx.x] = sum;
  }
}

/** What the gradient is multiplied by so that its norm is at most the largest; one block. */
extern "C" __global__ void clip_norm(const double *sums, int count, double largest, float *clip) {
  __shared__ double shared[256];
  double sum = 0;
  for (int i = threadIdx.x; i < count; i += 256) {
    sum += sums[i];
  }
  double norm = sqrt(blockSum(sum, shared));
  if (threadIdx.x == 0) {
    *clip = norm > largest ? (float)(largest / norm) : 1;
  }
}
